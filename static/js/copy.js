// button[data-copy="#id"]: puts text on the clipboard and says so.
import { announce } from "./announce.js";

const DONE = "✓";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    // Without permission (plain HTTP) the text is selected, so that Ctrl+C takes it.
    getSelection().selectAllChildren(source);
    return;
  }
  announce(DONE);
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  label.textContent = DONE;
  setTimeout(() => { label.textContent = before; }, 2000);
});
