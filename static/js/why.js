// #why beside a ranking: where there is no room beside it, what a row asks for comes as a sheet, and goes again.
let opener = null;

document.addEventListener("htmx:afterSettle", (event) => {
  const link = event.detail.requestConfig?.elt;
  const why = document.getElementById("why");
  if (!matchMedia("(max-width: 1179px)").matches || !link?.matches("[data-row-link]")) return;
  opener = link;
  why.dataset.sheet = "";
  why.focus({ preventScroll: true });
});

function close() {
  delete document.querySelector("#why").dataset.sheet;
  opener?.focus();
  opener = null;
}

document.addEventListener("click", (event) => { if (event.target.closest("[data-why-close]")) close(); });
document.addEventListener("keydown", (event) => { if (opener && event.key === "Escape") close(); });
