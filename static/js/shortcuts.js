// Single keys: / search, ? overview, c create, g + letter go. Off while typing, and off for good in the settings.
import { openPalette } from "./palette.js";

const GO = { t: "today", a: "accounts:list", p: "portfolio", b: "scoring:home", z: "goals:list", r: "reports:list", j: "jobs:list" };
let waitsForLetter = 0;

const isTyping = (element) => element.closest?.("input, textarea, select, [contenteditable], dialog[open]");

function go(letter) {
  const link = document.querySelector(`#nav [data-nav="${GO[letter]}"]`);
  if (link) location.assign(link.href);
}

const KEYS = {
  "/": () => {
    const field = document.querySelector("[data-search]");
    if (field?.checkVisibility?.()) field.focus();
    else openPalette();
  },
  "?": () => document.getElementById("shortcuts")?.showModal(),
  c: () => document.querySelector("[data-create]")?.click(),
  g: () => { waitsForLetter = Date.now(); },
};

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.singleKeys === "0" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (Date.now() - waitsForLetter < 1200 && event.key in GO) {
    waitsForLetter = 0;
    event.preventDefault();
    go(event.key);
  } else if (event.key in KEYS) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
