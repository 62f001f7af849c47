// Say a sentence through the page's one polite live region.
export function announce(text) {
  const region = document.getElementById("announce");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50);
}

// Start once for every element that is there, and for every one htmx brings in (which reports the whole page first).
export function onContent(selector, start) {
  const started = new WeakSet();
  const begin = (element) => {
    if (started.has(element)) return;
    started.add(element);
    start(element);
  };
  const run = (root) => {
    if (root.matches?.(selector)) begin(root);
    root.querySelectorAll?.(selector).forEach(begin);
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.target));
}
