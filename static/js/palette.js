// dialog[data-palette]: filters the commands while one types, arrows choose, Enter goes; htmx adds search results.
const palette = document.querySelector("[data-palette]");
const input = palette?.querySelector("input");
const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
const visible = () => [...palette.querySelectorAll("#palette-list a:not([hidden])")];

function choose(entry) {
  visible().forEach((each) => each.setAttribute("aria-selected", String(each === entry)));
  if (!entry) return;
  entry.id ||= `palette-${visible().indexOf(entry)}-${Date.now()}`;
  input.setAttribute("aria-activedescendant", entry.id);
  entry.scrollIntoView({ block: "nearest" });
}

function refresh() {
  const wanted = plain(input.value.trim());
  palette.querySelectorAll("[data-command]").forEach((entry) => { entry.hidden = !plain(entry.textContent).includes(wanted); });
  const entries = visible();
  palette.querySelector(".palette-none").hidden = entries.length > 0 || !wanted;
  choose(entries[0]);
}

export function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  input.select();
  refresh();
}

if (palette) {
  input.addEventListener("input", refresh);
  palette.addEventListener("toggle", refresh);
  palette.addEventListener("htmx:afterSettle", refresh);
  palette.addEventListener("keydown", (event) => {
    const entries = visible();
    const at = entries.findIndex((entry) => entry.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (entries.length) choose(entries[(at + step + entries.length) % entries.length]);
    }
    if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      entries[at].click();
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    }
  });
}
