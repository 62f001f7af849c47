// Django's autocomplete fields draw their own boxes and forget the label: each box gets its field's name.
function name(box) {
  const select = box.previousElementSibling;
  const label = select && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  if (!label) return;
  label.id ||= `${select.id}-label`;
  const field = box.querySelector('[role="combobox"]');
  const shown = box.querySelector(".select2-selection__rendered");
  field?.setAttribute("aria-labelledby", shown?.id ? `${label.id} ${shown.id}` : label.id);
  box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
}

const nameAll = () => document.querySelectorAll(".select2-container").forEach(name);

new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
nameAll();
