// Messages of success become toasts that leave by themselves; errors stay on the page as banners.
const SECONDS = 10;
const box = document.getElementById("toasts");

function leave(toast) {
  let left = SECONDS;
  const clock = setInterval(() => {
    // Time stands still while one points at it or is inside.
    if (!toast.matches(":hover, :focus-within")) left -= 1;
    if (left > 0 && toast.isConnected) return;
    clearInterval(clock);
    toast.remove();
  }, 1000);
}

export function toast(text, kind = "") {
  const element = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  element.querySelector("span").textContent = text;
  if (kind) element.classList.add(kind);
  box.append(element);
  leave(element);
}

// From the server: HX-Trigger: {"toast": {"text": "…"}}; from modules: a CustomEvent of the same form.
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.kind));
document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast").remove());
document.querySelectorAll("[data-toast]").forEach((banner) => {
  toast(banner.textContent.trim());
  const banners = banner.parentElement;
  banner.remove();
  if (!banners.children.length) banners.remove();
});
if (box) {
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    if (node.matches?.("[data-toast-timed]")) leave(node);
  }))).observe(box, { childList: true });
}
