// The sum of scoring/ranking.py, step by step the same, so that browser and server agree to the last digit.

/** Correctly rounded sum (Shewchuk), as Python's math.fsum. */
export function exactSum(numbers) {
  const parts = [];
  for (let x of numbers) {
    let kept = 0;
    for (let y of parts) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low) parts[kept++] = low;
      x = high;
    }
    parts.length = kept;
    parts.push(x);
  }
  let total = parts.pop() ?? 0;
  while (parts.length) {
    const x = total;
    const y = parts.pop();
    total = x + y;
    const low = y - (total - x);
    if (!low) continue;
    const next = parts[parts.length - 1];
    if (parts.length && (low < 0) === (next < 0)) {
      const twice = low * 2;
      const rounded = total + twice;
      if (twice === rounded - total) total = rounded;
    }
    break;
  }
  return total;
}

/** Weights scaled to 1, or null when none is above zero. */
export function normalised(weights) {
  const largest = Math.max(...weights);
  if (!(largest > 0)) return null;
  const scaled = weights.map((weight) => weight / largest);
  const total = exactSum(scaled);
  return scaled.map((weight) => weight / total);
}

/** {total, high, parts}: a missing rating (null) counts from 1 to 10, "na" hands its weight to the others. */
export function score(ratings, shares) {
  let whole = 0;
  ratings.forEach((rating, k) => { whole += rating === "na" ? 0 : shares[k]; });
  let total = 0;
  let high = 0;
  const parts = ratings.map((rating, k) => {
    const weight = whole > 0 && rating !== "na" ? shares[k] / whole : 0;
    const known = typeof rating === "number";
    total += weight * (known ? rating : 1);
    high += weight * (known ? rating : 10);
    return known ? weight * rating : 0;
  });
  return { total, high, parts };
}

// Halves go to the even neighbour, as numpy rounds.
function nineDecimals(total) {
  const scaled = total * 1e9;
  const below = Math.floor(scaled);
  const half = scaled - below === 0.5;
  return (half ? below + (below % 2) : Math.round(scaled)) / 1e9;
}

/** Competition ranks, the highest first; totals equal to nine decimals share a rank. */
export function ranks(totals) {
  const rounded = totals.map(nineDecimals);
  const order = [...rounded.keys()].sort((a, b) => rounded[b] - rounded[a] || a - b);
  const places = new Array(totals.length);
  order.forEach((index, place) => {
    const above = order[place - 1];
    places[index] = place && rounded[above] === rounded[index] ? places[above] : place + 1;
  });
  return { order, places };
}

/** Where the line runs: above and beside it by rank, or by total when ``data.by_total``. */
export function cutLine(data, cut, totals, order) {
  const at = data.by_total ? cut : totals[order[Math.min(cut, order.length) - 1]];
  return {
    isIn: (rank, total) => total > 0 && (data.by_total ? total > cut - 5e-10 : rank <= cut),
    isNear: (rank, total) => total > 0 && ((!data.by_total && Math.abs(rank - cut - 0.5) < data.near_ranks) || Math.abs(total - at) < data.near_total),
  };
}
