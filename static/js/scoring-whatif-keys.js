// Keys of the workbench: arrows on a weight by 1, with Shift by 5; [ and ] move the line, w tells why.
const UP = ["ArrowUp", "ArrowRight"];
const DOWN = ["ArrowDown", "ArrowLeft"];

const typesText = (element) => element.matches("textarea, select, input:not([type=range])") || element.closest("dialog[open]");

function asksWhy(form) {
  const row = document.activeElement.closest("[data-row]") ?? form.querySelector("[data-row]");
  row?.querySelector("[data-row-link]").click();
}

export function startKeys(form, { change, read, moveLine }) {
  form.querySelectorAll("[data-weight]").forEach((panel) => {
    panel.addEventListener("keydown", (event) => {
      const way = UP.includes(event.key) ? 1 : DOWN.includes(event.key) ? -1 : 0;
      const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
      if (!way || !event.target.matches("[data-slider], [data-number]") || (event.target.matches("[data-number]") && sideways)) return;
      event.preventDefault();
      change(panel, read(panel) + way * (event.shiftKey ? 5 : 1));
    });
  });
  document.addEventListener("keydown", (event) => {
    // On a German keyboard the brackets need AltGr, which reads as Ctrl and Alt together.
    const modified = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
    if (document.body.dataset.singleKeys === "0" || modified || typesText(event.target)) return;
    const act = { "[": () => moveLine(-1), "]": () => moveLine(1), w: () => asksWhy(form) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
