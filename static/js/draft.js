// form[data-draft="key"]: what was typed survives leaving the page, until [data-draft-done="key"] says it was saved.
// a[data-key="PageDown"]: a link that a key follows, inside fields as well.
import { onContent } from "./announce.js";

const PREFIX = "kam-draft:";
const named = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");

onContent("[data-draft-done]", (mark) => {
  if (mark.dataset.draftDone) localStorage.removeItem(PREFIX + mark.dataset.draftDone);
});

onContent("form[data-draft]", (form) => {
  const key = PREFIX + form.dataset.draft;
  // A form that came back with errors knows better than the draft.
  if (!form.querySelector(".err, [aria-invalid=true]")) {
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
    named(form).forEach((field) => { if (field.name in kept) field.value = kept[field.name]; });
    form.classList.toggle("is-draft", Object.keys(kept).length > 0);
  }
  const note = form.querySelector("[data-draft-note]");
  if (note) note.hidden = !form.classList.contains("is-draft");
  form.addEventListener("input", () => {
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(named(form).map((field) => [field.name, field.value]))));
  });
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
