// ol[data-sortable]: order by drag (handle), by the arrow buttons or Alt+↑/↓; hidden inputs keep the order for the form.
import { announce, onContent } from "./announce.js";

const rows = (list) => [...list.querySelectorAll(":scope > li")];

function tell(row) {
  const list = row.parentElement;
  const place = rows(list).indexOf(row) + 1;
  const name = row.querySelector(".grow").firstChild.textContent.trim();
  announce(document.documentElement.lang === "de" ? `${name} jetzt auf Platz ${place}` : `${name} now in place ${place}`);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function move(row, step) {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  row.classList.add("moved");
  setTimeout(() => row.classList.remove("moved"), 2000);
  tell(row);
}

function drag(list, row, handle, pointer) {
  handle.setPointerCapture(pointer.pointerId);
  row.classList.add("dragging");
  const over = (event) => {
    const target = rows(list).find((each) => {
      const box = each.getBoundingClientRect();
      return each !== row && event.clientY > box.top && event.clientY < box.bottom;
    });
    if (!target) return;
    const box = target.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) target.before(row);
    else target.after(row);
  };
  handle.addEventListener("pointermove", over);
  handle.addEventListener("lostpointercapture", () => {
    handle.removeEventListener("pointermove", over);
    row.classList.remove("dragging");
    tell(row);
  }, { once: true });
}

onContent("[data-sortable]", (list) => {
  list.classList.add("js");
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    move(button.closest("li"), button.dataset.move === "up" ? -1 : 1);
    button.focus();
  });
  list.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(event.target.closest("li"), event.key === "ArrowUp" ? -1 : 1);
    event.target.focus();
  });
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    drag(list, handle.closest("li"), handle, event);
  });
});
