// button[data-copy="#id" | data-copy-text="…"]: puts text on the clipboard and says so.
import { announce } from "./announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-text]");
  if (!button) return;
  const source = button.dataset.copy && document.querySelector(button.dataset.copy);
  const text = button.dataset.copyText ?? source?.value ?? source?.textContent ?? "";
  const done = button.dataset.copied ?? "✓";
  try {
    await navigator.clipboard.writeText(text.trim());
  } catch {
    // Without permission (plain HTTP) the text is selected, so that Ctrl+C takes it.
    source?.select?.();
    return;
  }
  announce(done);
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  label.textContent = done;
  setTimeout(() => { label.textContent = before; }, 2000);
});
