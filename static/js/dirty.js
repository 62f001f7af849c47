// form[data-dirty]: asks before one leaves with unsaved changes.
const dirty = new Set();

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.("form[data-dirty]");
    if (form) dirty.add(form);
  });
}
document.addEventListener("submit", (event) => dirty.delete(event.target));
document.addEventListener("reset", (event) => dirty.delete(event.target));

addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});
