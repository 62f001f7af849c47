// Django's autocomplete fields draw their own boxes and forget the label: each part gets its name, and what is chosen.
const PARTS = '[role="combobox"], .select2-selection__rendered, .select2-search__field';

function name(box) {
  const select = box.previousElementSibling;
  const label = select && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  if (!label) return;
  label.id ||= `${select.id}-label`;
  const shown = box.querySelector(".select2-selection__rendered")?.id ?? "";
  for (const part of box.querySelectorAll(PARTS)) part.setAttribute("aria-labelledby", `${label.id} ${shown}`);
}

const nameAll = () => document.querySelectorAll(".select2-container").forEach(name);

new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
nameAll();
