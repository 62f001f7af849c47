// The rows of the workbench: figures at once, places as soon as the pointer pauses, and each row travels to its place.
const PAUSE = 120;
const TRAVEL = { duration: 240, easing: "ease-out" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const german = document.documentElement.lang.startsWith("de");
const two = new Intl.NumberFormat(german ? "de-DE" : "en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function parts(row) {
  const rects = [...row.querySelectorAll("svg.cbar rect")];
  const [rank, total, change] = ["rank", "total", "change"].map((name) => row.querySelector(`[data-${name}]`));
  return { row, bars: rects.slice(1, -1), hatch: rects.at(-1), rank, total, change };
}

const setText = (cell, text) => { if (cell.firstChild.data !== text) cell.firstChild.data = text; };

function drawBars({ bars, hatch }, result) {
  let end = 0;
  result.parts.forEach((points, k) => {
    bars[k].setAttribute("x", `${end * 10}%`);
    bars[k].setAttribute("width", `${points * 10}%`);
    end += points;
  });
  hatch.setAttribute("x", `${end * 10}%`);
  hatch.setAttribute("width", `${Math.max(0, result.high - end) * 10}%`);
}

export function makeRows(form) {
  const body = form.querySelector("[data-whatif-rows]");
  const rows = new Map([...body.querySelectorAll("[data-row]")].map((row) => [Number(row.dataset.row), parts(row)]));
  const line = form.querySelector("[data-line-template]").content.firstElementChild;
  const moves = Object.fromEntries([...form.querySelectorAll("[data-delta]")].map((each) => [each.dataset.delta, each.content.firstElementChild]));
  let placedAt = -Infinity;
  let waiting = 0;

  // Rows out of sight get their bars and arrows when they come into it.
  const pending = new Map();
  function drawMarks(cells, { result, moved }) {
    drawBars(cells, result);
    pending.delete(cells.row);
    if (cells.shown === moved) return;
    const mark = moves[Math.sign(moved)].cloneNode(true);
    if (moved) mark.lastChild.data = String(Math.abs(moved));
    cells.change.replaceChildren(mark);
    cells.shown = moved;
  }

  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      target.inSight = isIntersecting;
      if (isIntersecting && pending.has(target)) drawMarks(rows.get(Number(target.dataset.row)), pending.get(target));
    }
  }, { rootMargin: "300px" });
  rows.forEach(({ row }) => sight.observe(row));

  function draw(index, state) {
    const cells = rows.get(index);
    if (cells.row.inSight) drawMarks(cells, state);
    else pending.set(cells.row, state);
    setText(cells.rank, String(state.rank));
    setText(cells.total, two.format(state.result.total));
    cells.row.classList.toggle("near", state.near);
    cells.row.toggleAttribute("data-in", state.inside);
  }

  function place(order, lastIn) {
    placedAt = performance.now();
    const focused = document.activeElement;
    body.querySelector("[data-line]")?.remove();
    let next = body.firstElementChild;
    for (const index of order) {
      const { row } = rows.get(index);
      if (row === next) next = next.nextElementSibling;
      else body.insertBefore(row, next);
    }
    if (lastIn >= 0 && lastIn < order.length - 1) rows.get(order[lastIn]).row.after(line.cloneNode(true));
    if (body.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  const tops = () => new Map([...rows.values()].filter(({ row }) => row.inSight).map(({ row }) => [row, row.getBoundingClientRect().top]));

  function travel(before) {
    for (const [row, top] of before) {
      const way = top - row.getBoundingClientRect().top;
      if (Math.abs(way) > 1) row.animate([{ transform: `translateY(${way}px)` }, { transform: "none" }], TRAVEL);
    }
  }

  /** Show states (by index) in an order, the line after place ``lastIn``; the first change counts at once. */
  function show(states, order, lastIn) {
    clearTimeout(waiting);
    const before = calm.matches ? [] : tops();
    states.forEach((state, index) => draw(index, state));
    const settle = (from) => { place(order, lastIn); requestAnimationFrame(() => travel(from)); };
    if (performance.now() - placedAt > PAUSE) settle(before);
    else waiting = setTimeout(() => settle(tops()), PAUSE);
  }

  return { show };
}
