// Presenter mode: one slide at a time by keyboard, full screen, blank, grid, and a window with notes that follows.
const deck = document.querySelector("[data-deck]");
const slides = [...document.querySelectorAll("[data-slide]")];
const blank = document.querySelector("[data-blank]");
const count = document.querySelector("[data-count]");
const line = new BroadcastChannel(`kam-slides-${deck.dataset.deck}`);
let at = 0;

const fromAddress = () => Math.min(slides.length, Math.max(1, Number(location.hash.replace("#slide-", "")) || 1)) - 1;
const isGrid = () => document.body.classList.contains("grid");

function show(place, { focus = true } = {}) {
  at = Math.min(slides.length - 1, Math.max(0, place));
  slides.forEach((slide, number) => slide.classList.toggle("on", number === at));
  count.textContent = `${at + 1} / ${slides.length}`;
  history.replaceState(null, "", `#slide-${at + 1}`);
  line.postMessage({ at: at + 1 });
  if (focus) slides[at].focus({ preventScroll: !isGrid() });
}

function toggleGrid(on = !isGrid()) {
  document.body.classList.toggle("grid", on);
  show(at);
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

function toggleBlank(on = blank.hidden) {
  blank.hidden = !on;
}

function openNotes() {
  const link = document.querySelector("[data-notes]");
  window.open(link.href, "kam-notes", "width=720,height=640");
}

const KEYS = {
  ArrowRight: () => show(at + 1), ArrowDown: () => show(at + 1), PageDown: () => show(at + 1), " ": () => show(at + 1),
  ArrowLeft: () => show(at - 1), ArrowUp: () => show(at - 1), PageUp: () => show(at - 1), Backspace: () => show(at - 1),
  Home: () => show(0), End: () => show(slides.length - 1),
  f: toggleFull, b: () => toggleBlank(), ".": () => toggleBlank(), n: openNotes, g: () => toggleGrid(),
  Enter: () => toggleGrid(false), Escape: () => toggleGrid(false),
};

document.addEventListener("keydown", (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const onControl = event.target.closest?.("a, button") && (key === " " || key === "Enter");
  if (event.ctrlKey || event.metaKey || event.altKey || onControl || !(key in KEYS)) return;
  if ((key === "Enter" || key === "Escape") && !isGrid() && blank.hidden) return;
  event.preventDefault();
  const wasBlank = !blank.hidden;
  if (wasBlank) toggleBlank(false);
  if (!(wasBlank && (key === "b" || key === "."))) KEYS[key]();
});

const ACTIONS = { back: () => show(at - 1), on: () => show(at + 1), grid: () => toggleGrid(), full: toggleFull };
document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-show]")?.dataset.show;
  const slide = event.target.closest("[data-slide]");
  if (action) ACTIONS[action]();
  else if (event.target.closest("[data-notes]")) { event.preventDefault(); openNotes(); }
  else if (slide && isGrid()) { at = slides.indexOf(slide); toggleGrid(false); }
  else if (event.target === blank) toggleBlank(false);
});

line.addEventListener("message", ({ data }) => {
  if (data.ask) line.postMessage({ at: at + 1 });
  if (data.go) show(at + data.go);
});
window.addEventListener("hashchange", () => show(fromAddress()));

document.body.classList.add("live");
document.querySelectorAll("[data-show], [data-keys]").forEach((part) => { part.hidden = false; });
show(fromAddress());
