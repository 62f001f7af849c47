// ol[data-sortable]: order by drag (handle), by the arrow buttons or Alt+↑/↓; hidden inputs keep the order for the form.
import { announce, onContent } from "./announce.js";

function tell(row) {
  const list = row.parentElement;
  const place = [...list.children].indexOf(row) + 1;
  const name = row.querySelector(".grow").firstChild.textContent.trim();
  announce(document.documentElement.lang === "de" ? `${name} jetzt auf Platz ${place}` : `${name} now in place ${place}`);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

// The pressed button keeps the focus, or its neighbour gets it where the end of the list hides it.
function move(row, step, pressed) {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  other[step < 0 ? "before" : "after"](row);
  row.querySelector(`[data-move=${step < 0 ? "down" : "up"}]`).focus();
  pressed.focus();
  row.classList.add("moved");
  setTimeout(() => row.classList.remove("moved"), 2000);
  tell(row);
}

// The list captures the pointer: a handle would lose it as soon as its row is moved.
function drag(list, row, pointer) {
  list.setPointerCapture(pointer.pointerId);
  row.classList.add("dragging");
  const over = (event) => {
    for (const each of list.children) {
      const { top, bottom } = each.getBoundingClientRect();
      if (each === row || event.clientY <= top || event.clientY >= bottom) continue;
      each[event.clientY < (top + bottom) / 2 ? "before" : "after"](row);
      return;
    }
  };
  list.addEventListener("pointermove", over);
  list.addEventListener("lostpointercapture", () => {
    list.removeEventListener("pointermove", over);
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
    move(button.closest("li"), button.dataset.move === "up" ? -1 : 1, button);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !step) return;
    event.preventDefault();
    move(event.target.closest("li"), step, event.target);
  });
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    drag(list, handle.closest("li"), event);
  });
});
