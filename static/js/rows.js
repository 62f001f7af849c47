// [data-rows]: j and k move through the rows' links, so Enter opens and Tab reaches the row's actions.
document.addEventListener("keydown", (event) => {
  const away = event.target.closest?.("input, textarea, select, dialog[open]") || event.ctrlKey || event.metaKey || event.altKey;
  if (away || document.body.dataset.singleKeys === "0" || !["j", "k"].includes(event.key)) return;
  const links = [...document.querySelectorAll("[data-rows] [data-row-link]")].filter((link) => link.checkVisibility?.() ?? true);
  if (!links.length) return;
  event.preventDefault();
  const row = document.activeElement.closest("tr, li");
  const at = links.findIndex((link) => row?.contains(link));
  const to = event.key === "j" ? Math.min(links.length - 1, at + 1) : Math.max(0, at - 1);
  links[to].focus();
});
