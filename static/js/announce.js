// Say a sentence through the page's one polite live region.
export function announce(text) {
  const region = document.getElementById("announce");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50);
}

// Run once for what is there and again for what htmx brings in.
export function onContent(selector, start) {
  const run = (root) => {
    if (root.matches?.(selector)) start(root);
    root.querySelectorAll?.(selector).forEach((element) => start(element));
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.target));
}
