// form[data-whatif]: sliders, numbers and locks; the table ranks itself anew on every input.
import { announce } from "./announce.js";
import { normalised, ranks, score } from "./scoring-whatif-sum.js";

const form = document.querySelector("form[data-whatif]");
const data = form && JSON.parse(document.getElementById("whatif-data").textContent);
const german = document.documentElement.lang.startsWith("de");
const number = (value, digits) => value.toLocaleString(german ? "de-DE" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const panels = form ? [...form.querySelectorAll("[data-weight]")] : [];
const field = (panel) => panel.querySelector("[data-number]");
const read = (panel) => Number(field(panel).value.replace(",", ".")) || 0;
const locked = (panel) => panel.querySelector("[data-lock]").getAttribute("aria-pressed") === "true";

function write(panel, value) {
  const text = String(Math.round(value * 100) / 100);
  field(panel).value = text;
  panel.querySelector("[data-slider]").value = text;
  const copy = document.querySelector(`[data-whatif-copy="${panel.dataset.weight}"]`);
  if (copy) copy.value = text;
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

function draw(row, result) {
  const rects = [...row.querySelectorAll("svg rect")].slice(1, -1);
  const hatch = row.querySelector("svg rect:last-of-type");
  let end = 0;
  result.parts.forEach((points, k) => {
    rects[k].setAttribute("x", `${end * 10}%`);
    rects[k].setAttribute("width", `${points * 10}%`);
    end += points;
  });
  hatch.setAttribute("x", `${end * 10}%`);
  hatch.setAttribute("width", `${Math.max(0, result.high - end) * 10}%`);
}

function rank() {
  const shares = normalised(panels.map(read));
  form.querySelector("[data-whatif-sum]").textContent = `${number(panels.reduce((sum, panel) => sum + read(panel), 0), 0)} %`;
  if (!shares) return;
  const results = data.ratings.map((ratings) => score(ratings, shares));
  const { order, places } = ranks(results.map((result) => result.total));
  const cut = Number(form.querySelector("[data-whatif-cut]").value) || 1;
  const body = form.querySelector("[data-whatif-rows]");
  const rows = new Map([...body.children].map((row) => [Number(row.dataset.row), row]));
  const line = results[order[Math.min(cut, order.length) - 1]].total;
  order.forEach((index) => {
    const row = rows.get(index);
    const moved = data.before[index] - places[index];
    draw(row, results[index]);
    row.querySelector("[data-rank]").textContent = places[index];
    row.querySelector("[data-total]").textContent = number(results[index].total, 2);
    row.dataset.exact = results[index].total;
    row.querySelector("[data-change]").textContent = moved ? `${moved > 0 ? "▲" : "▼"} ${Math.abs(moved)}` : "–";
    row.classList.toggle("near", Math.abs(places[index] - cut - 0.5) < 2 || Math.abs(results[index].total - line) < 0.25);
    row.toggleAttribute("data-in", places[index] <= cut);
  });
  body.append(...order.map((index) => rows.get(index)));
  const first = data.names[order[0]];
  form.querySelector("[data-whatif-status]").textContent = german ? `${first} steht auf Rang 1` : `${first} ranks first`;
}

panels.forEach((panel) => {
  panel.querySelector("[data-slider]").addEventListener("input", (event) => change(panel, Number(event.target.value)));
  field(panel).addEventListener("change", () => change(panel, read(panel)));
  panel.addEventListener("keydown", (event) => {
    if (!event.shiftKey || !["ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft"].includes(event.key)) return;
    event.preventDefault();
    change(panel, read(panel) + (["ArrowUp", "ArrowRight"].includes(event.key) ? 5 : -5));
  });
  panel.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    const lock = event.target.closest("[data-lock]");
    if (step) change(panel, read(panel) + Number(step.dataset.step));
    if (lock) lock.setAttribute("aria-pressed", String(!locked(panel)));
    if (lock) announce(lock.getAttribute("aria-label"));
  });
});
form?.querySelector("[data-whatif-cut]").addEventListener("input", rank);
