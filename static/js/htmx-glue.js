// What every htmx request shares: the busy line, focus after a swap, errors in words.
import { announce, onContent } from "./announce.js";

let running = 0;
const line = () => document.getElementById("busy-line");

document.addEventListener("htmx:beforeRequest", (event) => {
  running += 1;
  line()?.classList.add("on");
  event.detail.target?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  running = Math.max(0, running - 1);
  if (!running) line()?.classList.remove("on");
  event.detail.target?.removeAttribute("aria-busy");
});

// htmx restores focus by id; when the element is gone, the new region's heading gets it.
let focused = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  focused = event.detail.target?.contains(active) && active !== document.body ? active.id || "?" : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!focused || document.activeElement !== document.body) return;
  const kept = document.getElementById(focused);
  const heading = kept ?? event.target.querySelector("h1, h2, h3") ?? event.target;
  if (!kept && !heading.hasAttribute("tabindex")) heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  focused = null;
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const german = document.documentElement.lang === "de";
    if ([401, 403].includes(event.detail.xhr?.status)) {
      announce(german ? "Dafür fehlt Ihnen die Berechtigung." : "You may not do this.");
    }
    const text = german ? "Das hat nicht geklappt. Es wurde nichts geändert. Bitte versuchen Sie es erneut."
      : "That did not work. Nothing was changed. Please try again.";
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "is-neg" } }));
  });
}

// An invalid form comes back with its errors on top: focus leads there, and Back sends nothing again.
onContent("[data-error-summary]", (summary) => {
  summary.focus();
  if (!summary.closest("[action]")) history.replaceState(null, "");
});
