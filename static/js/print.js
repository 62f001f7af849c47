// button[data-print]: opens the print dialog. Without a script it stays hidden; the browser's menu prints as well.
import { onContent } from "./announce.js";

onContent("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
