// <button command="show-modal|close" commandfor="id"> opens dialogs by itself in today's browsers; older ones get help here.
const builtIn = "command" in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog");
  // A click on the backdrop has the dialog itself as its target.
  if (dialog && event.target === dialog && dialog.matches("[open]")) {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close();
  }
  const button = event.target.closest("button[commandfor]");
  if (builtIn || !button) return;
  const target = document.getElementById(button.getAttribute("commandfor"));
  if (button.getAttribute("command") === "show-modal") target?.showModal();
  if (button.getAttribute("command") === "close") target?.close();
});
