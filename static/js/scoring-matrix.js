// table[data-rating-matrix]: arrows and Enter move between cells and pages; a cell is saved as it is left. Enter also
// says a carried rating again. Where a cell was saved elsewhere meanwhile, leaving it once more replaces that, Esc takes it.
import { onContent } from "./announce.js";

const german = document.documentElement.lang.startsWith("de");
const inputs = (table) => [...table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input[data-save]")]);

function go(table, input, down, right) {
  const grid = inputs(table);
  const row = grid.findIndex((cells) => cells.includes(input));
  const column = grid[row].indexOf(input) + right;
  const target = grid[row + down]?.[column];
  target?.focus();
  if (!target && down) turn(input, down, column);
}

// Beyond the last row lies the first of the next page, and the other way round.
async function turn(input, down, column) {
  const link = document.querySelector(`.pager a[rel="${down > 0 ? "next" : "prev"}"]`);
  if (!link) return;
  await save(input);
  if (input.getAttribute("aria-invalid") !== "true") location.assign(`${link.href}#cell.${down > 0 ? 0 : -1}.${column}`);
}

function arrive(table) {
  const [, row, column] = location.hash.match(/^#cell\.(-?\d)\.(\d+)$/) ?? [];
  if (row) inputs(table).at(Number(row))?.[column]?.focus();
}

// Beside a cell stands what its form saw: version, text.
const versionOf = (input) => input.nextElementSibling.value.split(" ")[0];

function see(input, version) {
  input.nextElementSibling.value = `${version} ${input.defaultValue}`;
}

function settle(input, value, version) {
  input.value = input.defaultValue = value;
  see(input, version);
  delete input.dataset.theirs;
  delete input.dataset.carried;
  input.closest("td").classList.remove("carried", "stale");
  input.closest("td").querySelector(".age")?.remove();
}

async function save(input, again = false) {
  if (!again && input.value.trim() === input.defaultValue) return;
  const body = new URLSearchParams({ value: input.value, version: versionOf(input) });
  const link = input.parentElement.querySelector("a");
  const headers = { "X-CSRFToken": input.form.querySelector("[name=csrfmiddlewaretoken]").value };
  const status = input.form.querySelector("[data-matrix-status]");
  try {
    const answer = await fetch(new URL(`save/${link.search}`, link.href), { method: "POST", body, headers });
    const result = await answer.json();
    input.setAttribute("aria-invalid", String(!answer.ok));
    if (answer.ok) settle(input, result.value, result.version);
    else if ("version" in result) {
      input.dataset.theirs = result.value ?? "";
      see(input, result.version);
    }
    status.textContent = answer.ok ? `${german ? "Gespeichert" : "Saved"}. ${result.standing}` : result.error;
  } catch {
    status.textContent = german ? "Keine Verbindung: noch nicht gespeichert" : "No connection: not saved yet";
  }
}

function giveUp(input) {
  if (input.dataset.theirs !== undefined) settle(input, input.dataset.theirs, versionOf(input));
  else input.value = input.defaultValue;
  input.setAttribute("aria-invalid", "false");
  input.form.querySelector("[data-matrix-status]").textContent = "";
  input.select();
}

onContent("[data-rating-matrix]", (table) => {
  table.addEventListener("keydown", (event) => {
    const input = event.target.closest("input[data-save]");
    if (!input) return;
    if (event.key === "Escape") giveUp(input);
    if (event.key === "Enter" && "carried" in input.dataset && input.value.trim() === input.defaultValue) save(input, true);
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
    if (input.selectionStart === 0) steps.ArrowLeft = [0, -1];
    if (input.selectionEnd === input.value.length) steps.ArrowRight = [0, 1];
    if (!steps[event.key]) return;
    event.preventDefault();
    go(table, input, ...steps[event.key]);
  });
  table.addEventListener("focusin", (event) => event.target.select?.());
  table.addEventListener("focusout", (event) => {
    if (event.target.matches("input[data-save]")) save(event.target);
  });
  arrive(table);
});
