// The speaker's window: follows the presentation, shows what comes next and how long the talk has been going on.
const deck = document.querySelector("[data-deck]");
const notes = [...document.querySelectorAll("[data-note]")];
const clock = document.querySelector("[data-clock]");
const line = new BroadcastChannel(`kam-slides-${deck.dataset.deck}`);
const started = Date.now();

function follow(number) {
  notes.forEach((note) => {
    const distance = Number(note.dataset.note) - number;
    note.classList.toggle("now", distance === 0);
    note.classList.toggle("next", distance === 1);
  });
  document.body.classList.add("live");
  window.scrollTo(0, 0);
}

line.addEventListener("message", ({ data }) => { if (data.at) follow(data.at); });
line.postMessage({ ask: true });

const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
document.addEventListener("keydown", (event) => {
  if (!(event.key in STEPS) || !document.body.classList.contains("live") || event.target.closest?.("a, button")) return;
  event.preventDefault();
  line.postMessage({ go: STEPS[event.key] });
});

function tick() {
  const seconds = Math.floor((Date.now() - started) / 1000);
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
document.querySelector("[data-clock-label]").hidden = false;
tick();
setInterval(tick, 1000);
