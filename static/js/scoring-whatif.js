// form[data-whatif]: sliders, numbers and locks; the table ranks itself anew on every input.
import "./why.js";
import { announce } from "./announce.js";
import { startKeys } from "./scoring-whatif-keys.js";
import { makeRows } from "./scoring-whatif-rows.js";
import { cutLine, normalised, ranks, score } from "./scoring-whatif-sum.js";

const form = document.querySelector("form[data-whatif]");
const data = form && JSON.parse(document.getElementById("whatif-data").textContent);
const rows = form && makeRows(form);
const panels = form ? [...form.querySelectorAll("[data-weight]")] : [];
const cut = form?.querySelector("[data-whatif-cut]");
const german = document.documentElement.lang.startsWith("de");
const field = (panel) => panel.querySelector("[data-number]");
const read = (panel) => Number(field(panel).value.replace(",", ".")) || 0;
const locked = (panel) => panel.querySelector("[data-lock]").getAttribute("aria-pressed") === "true";
let said = data?.before;
let speaking = 0;

function write(panel, value) {
  const text = String(Math.round(value * 100) / 100);
  field(panel).value = german ? text.replace(".", ",") : text;
  panel.querySelector("[data-slider]").value = text;
}

// The others share what is left in the proportions they have; locked ones stay.
function change(panel, wanted) {
  const others = panels.filter((other) => other !== panel && !locked(other));
  const fixed = panels.filter((other) => other !== panel && locked(other)).reduce((sum, other) => sum + read(other), 0);
  const value = others.length ? Math.min(Math.max(wanted, 0), 100 - fixed) : 100 - fixed;
  const left = 100 - fixed - value;
  const sum = others.reduce((total, other) => total + read(other), 0);
  const before = others.map(read);
  others.forEach((other, k) => write(other, sum > 0 ? (left * before[k]) / sum : left / others.length));
  write(panel, value);
  rank();
}

// One sentence after a pause: who moved most among those near the top.
function say(places, limit) {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const moves = places.map((place, index) => (Math.min(place, said[index]) <= limit ? Math.abs(said[index] - place) : 0));
    const most = moves.indexOf(Math.max(...moves));
    const words = { name: data.names[most], rank: places[most], before: said[most] };
    const text = moves[most] ? form.dataset.moved.replace(/\{(\w+)\}/g, (_, key) => words[key]) : form.dataset.same;
    form.querySelector("[data-whatif-status]").textContent = text;
    said = places;
  }, 300);
}

function rank() {
  const shares = normalised(panels.map(read));
  const sum = Math.round(panels.reduce((total, panel) => total + read(panel), 0) * 10) / 10;
  form.querySelector("[data-whatif-sum]").textContent = sum;
  for (const input of form.querySelectorAll("[data-weighs]")) {
    document.querySelectorAll(`[data-whatif-copy="${input.name}"]`).forEach((copy) => { copy.value = input.value; });
  }
  if (!shares) return;
  const results = data.ratings.map((ratings) => score(ratings, shares));
  const totals = results.map((result) => result.total);
  const { order, places } = ranks(totals);
  const at = Number(cut.value) || 1;
  const line = cutLine(data, at, totals, order);
  const states = results.map((result, index) => {
    const [place, total] = [places[index], totals[index]];
    return { result, rank: place, moved: data.before[index] - place, near: line.isNear(place, total), inside: line.isIn(place, total) };
  });
  rows.show(states, order, order.findLastIndex((index) => states[index].inside));
  say(places, data.by_total ? order.length : at + 5);
}

function moveLine(steps) {
  const value = (Number(cut.value) || 1) + steps * Number(cut.step);
  cut.value = Math.round(Math.min(Math.max(value, Number(cut.min)), Number(cut.max)) * 10) / 10;
  rank();
}

panels.forEach((panel) => {
  panel.querySelector("[data-slider]").addEventListener("input", (event) => change(panel, Number(event.target.value)));
  field(panel).addEventListener("change", () => change(panel, read(panel)));
  panel.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    const lock = event.target.closest("[data-lock]");
    if (step) change(panel, read(panel) + Number(step.dataset.step));
    if (lock) lock.setAttribute("aria-pressed", String(!locked(panel)));
    if (lock) announce(lock.getAttribute("aria-label"));
  });
});
cut?.addEventListener("input", rank);
form?.addEventListener("click", (event) => {
  const step = event.target.closest("[data-cut]");
  if (step) moveLine(Number(step.dataset.cut));
});
if (form) startKeys(form, { change, read, moveLine });
