// details[data-menu]: closes on Escape and on a click elsewhere; arrow keys move through the entries.
const open = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

// What would leave the window opens to the other side: an explanation at its end, a menu at its start.
document.addEventListener("toggle", ({ target }) => {
  if (!target.open || !target.matches(".explain, .menu")) return;
  const { left, right } = target.lastElementChild.getBoundingClientRect();
  if (right > document.documentElement.clientWidth) target.classList.add("end");
  else if (left < 0) target.classList.add("start");
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (event.key === "Escape") {
    open().forEach((each) => { each.open = false; });
    menu?.querySelector("summary").focus();
    return;
  }
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const entries = [...menu.querySelectorAll(".menu-list :is(a, button):not(:disabled)")];
  if (!entries.length) return;
  event.preventDefault();
  const at = entries.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? entries.length - 1 : at - 1, Home: 0, End: entries.length - 1 }[event.key];
  entries[(to + entries.length) % entries.length].focus();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
