// #why beside a ranking: where there is no room beside it, what a row asks for comes as a sheet, and goes again.
const narrow = matchMedia("(max-width: 1179px)");
const single = matchMedia("(max-width: 1023px)");
let opener = null;

document.addEventListener("htmx:afterSettle", (event) => {
  const link = event.detail.requestConfig?.elt;
  const why = document.getElementById("why");
  if (!narrow.matches || !why || !link?.matches("[data-row-link]")) return;
  opener = link;
  if (single.matches) document.querySelector(".weights-sheet details")?.removeAttribute("open");
  why.dataset.sheet = "";
  why.focus({ preventScroll: true });
});

function close() {
  delete document.querySelector("#why[data-sheet]")?.dataset.sheet;
  opener?.focus();
  opener = null;
}

document.addEventListener("click", (event) => { if (event.target.closest("[data-why-close]")) close(); });
document.addEventListener("keydown", (event) => { if (opener && event.key === "Escape") close(); });
