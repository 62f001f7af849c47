// [data-chart]: a mark's accessible name is its tooltip, on hover and on focus; arrows walk the marks, Escape hides.
import { onContent } from "./announce.js";

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);

function show(mark) {
  const text = mark?.getAttribute("aria-label");
  if (!text) return;
  tip.textContent = text;
  tip.hidden = false;
  const box = mark.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const x = Math.min(Math.max(8, box.left + box.width / 2 - own.width / 2), innerWidth - own.width - 8);
  const y = box.top > own.height + 12 ? box.top - own.height - 6 : box.bottom + 6;
  tip.style.setProperty("--tip-x", `${x}px`);
  tip.style.setProperty("--tip-y", `${y}px`);
}
const hide = () => { tip.hidden = true; };
const markAt = (event) => event.target.closest?.("[data-mark]");

onContent("[data-chart]", (drawing) => {
  const marks = [...drawing.querySelectorAll("[data-mark]")];
  if (!marks.length) return;
  // An image's children are invisible to screen readers; a group's can be walked.
  drawing.querySelector("svg")?.setAttribute("role", "group");
  marks.forEach((mark, index) => mark.setAttribute("tabindex", index ? "-1" : "0"));
  drawing.addEventListener("pointerover", (event) => (markAt(event) ? show(markAt(event)) : hide()));
  drawing.addEventListener("pointerleave", hide);
  drawing.addEventListener("focusin", (event) => show(markAt(event)));
  drawing.addEventListener("focusout", hide);
  drawing.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = marks.indexOf(markAt(event));
    if (!step || at < 0) return;
    event.preventDefault();
    const next = marks[(at + step + marks.length) % marks.length];
    marks[at].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
});
addEventListener("scroll", hide, { passive: true });
