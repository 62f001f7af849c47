// input[data-select-all="name"]: ticks all boxes of this name; [data-selbar="name"] shows while any is ticked, with the count.
function refresh(name) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];
  const ticked = boxes.filter((box) => box.checked).length;
  document.querySelectorAll(`[data-select-all="${name}"]`).forEach((all) => {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  });
  document.querySelectorAll(`[data-selbar="${name}"]`).forEach((bar) => {
    bar.hidden = ticked === 0;
    const count = bar.querySelector("[data-count]");
    if (count) count.textContent = String(ticked);
  });
}

document.addEventListener("change", (event) => {
  const name = event.target.dataset?.selectAll ?? event.target.name;
  if (!name) return;
  if (event.target.dataset?.selectAll) {
    document.querySelectorAll(`input[type=checkbox][name="${name}"]`).forEach((box) => { box.checked = event.target.checked; });
  }
  if (document.querySelector(`[data-select-all="${name}"], [data-selbar="${name}"]`)) refresh(name);
});
document.querySelectorAll("[data-selbar]").forEach((bar) => refresh(bar.dataset.selbar));
