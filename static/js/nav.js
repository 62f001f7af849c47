// #nav is a full sheet on phones (opened by its address): focus moves in, Escape leads back.
const rail = document.getElementById("nav");
let opener = null;

addEventListener("hashchange", () => {
  if (location.hash === "#nav") {
    opener = document.activeElement;
    rail?.querySelector("a")?.focus();
  } else if (opener) {
    opener.focus();
    opener = null;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#nav") history.back();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-nav-close]")) return;
  event.preventDefault();
  history.back();
});

// Tabs that do not fit scroll sideways: the current one is brought into sight.
document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
  const tabs = tab.closest(".tabs");
  tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
});
