// [data-rows]: j and k move through the rows' links, so Enter opens and Tab reaches the row's actions; a digit
// presses the button of the focused row that carries it as data-key.
function move(key) {
  const links = [...document.querySelectorAll("[data-rows] [data-row-link]")].filter((link) => link.checkVisibility?.() ?? true);
  const row = document.activeElement.closest("tr, li");
  const at = links.findIndex((link) => row?.contains(link));
  return links[key === "j" ? Math.min(links.length - 1, at + 1) : Math.max(0, at - 1)];
}

document.addEventListener("keydown", (event) => {
  const away = event.target.closest?.("input, textarea, select, dialog[open]") || event.ctrlKey || event.metaKey || event.altKey;
  if (away || document.body.dataset.singleKeys === "0" || !/^[jk1-9]$/.test(event.key)) return;
  const digit = event.key < "a";
  const to = digit ? document.activeElement.closest("[data-rows] li")?.querySelector(`[data-key="${event.key}"]`) : move(event.key);
  if (!to) return;
  event.preventDefault();
  to[digit ? "click" : "focus"]();
});
