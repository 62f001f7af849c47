"""What would have to change? Weights and ratings at which the accounts above the cut line change.

Ratings are N x M with NaN where missing, which counts as 1 as in the total; weights need not add up to 1.
``top`` is the number of accounts above the line (ties at the line are above it).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.ranking import HIGHEST, LOWEST, Flags, Floats, Ints, column_sum, ranks, score_matrix
from scoring.weights import normalised

# Below this a difference of totals is a rounding error.
NOTHING = 1e-9
MOST_ROUNDS = 200


@dataclass(frozen=True)
class WeightInterval:
    """Between ``low`` and ``high`` (shares of 1) the weight of a criterion leaves the same accounts on top.

    The other weights keep their proportions. ``low_swap`` and ``high_swap`` name the accounts (one on top,
    one below) that change places beyond the end; None where the end is 0 or 1.
    """

    criterion: int
    weight: float
    low: float
    high: float
    low_swap: tuple[int, int] | None
    high_swap: tuple[int, int] | None


@dataclass(frozen=True)
class WeightChange:
    """``first`` and ``second`` tie when the weight of ``criterion`` changes by ``relative`` of itself.

    -0.649 means that it falls by 64.9 %. ``weight`` is its share after all are scaled to 1 again.
    """

    first: int
    second: int
    criterion: int
    relative: float
    weight: float


@dataclass(frozen=True)
class RatingChange:
    """``account`` crosses the line when ``criterion`` is rated ``needed`` instead of ``current``.

    ``needed`` is a whole number, ``exact`` the rating at which it meets the line; ``enters`` says in which
    direction it crosses. ``current`` is None where the rating is missing.
    """

    account: int
    criterion: int
    current: float | None
    needed: int
    exact: float
    enters: bool


def weight_intervals(ratings: Floats, weights: Sequence[float], top: int) -> list[WeightInterval]:
    """Return, for each criterion, how far its weight can move without changing who is on top.

    A criterion that has all the weight hands it to the others in equal parts.
    """
    shares, values = normalised(weights), _filled(ratings)
    inside = _inside(values, shares, top)
    return [_interval(values, shares, inside, k) for k in range(len(shares))]


def tie_change(
    first: Sequence[float], second: Sequence[float], weights: Sequence[float], criterion: int
) -> float | None:
    """Return the relative change of one weight at which two accounts tie, the others staying as they are.

    Triantaphyllou & Sanchez (1997): (P_j - P_i) / (a_jk - a_ik) / w_k is the fall; here a fall is negative
    and a rise positive. None when no weight from zero on makes them tie.
    """
    shares = np.array(normalised(weights))
    gap = (np.array(first, dtype=float) - np.array(second, dtype=float))[None, :]
    change = _relative_changes(gap, shares)[0, criterion]
    return None if np.isnan(change) else float(change)


def smallest_tie(ratings: Floats, weights: Sequence[float], first: int, second: int) -> WeightChange | None:
    """Return the smallest relative weight change that makes two accounts tie, or None."""
    values = _filled(ratings)
    return _smallest(values, normalised(weights), [first], np.array([second]))


def smallest_swap(ratings: Floats, weights: Sequence[float], top: int) -> WeightChange | None:
    """Return the smallest relative weight change at which an account on top ties with one below, or None."""
    shares, values = normalised(weights), _filled(ratings)
    inside = _inside(values, shares, top)
    return _smallest(values, shares, np.flatnonzero(inside).tolist(), np.flatnonzero(~inside))


def ratings_at_line(
    ratings: Floats, weights: Sequence[float], top: int, applicable: Flags | None = None
) -> Floats:
    """Return N x M: the rating at which the account meets the line if only that rating changes.

    NaN where no rating from 1 to 10 does, where a criterion does not apply, and where nobody is on the other
    side.
    """
    scores = score_matrix(ratings, weights, applicable)
    place, target = ranks(scores.total), np.full(len(scores.total), np.nan)
    inside = (place > 0) & (place <= top)
    ordered = np.sort(scores.total[place > 0])[::-1]
    if inside.any() and len(ordered) > top:
        target = np.where(inside, ordered[top], ordered[top - 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = _filled(ratings) + (target - scores.total)[:, None] / scores.weights
    possible = (exact >= LOWEST - NOTHING) & (exact <= HIGHEST + NOTHING) & (place > 0)[:, None]
    return np.where(possible, exact, np.nan)


def rating_changes(
    ratings: Floats,
    weights: Sequence[float],
    top: int,
    applicable: Flags | None = None,
    criteria: Sequence[int] | None = None,
) -> list[RatingChange | None]:
    """Return for each account the smallest change of one rating that takes it across the line, or None.

    ``criteria`` limits the search, say to those that people rate. An account below enters by a tie with the
    last one on top; an account on top leaves only when it falls behind.
    """
    exact = ratings_at_line(ratings, weights, top, applicable)
    place = ranks(score_matrix(ratings, weights, applicable).total)
    chosen = range(exact.shape[1]) if criteria is None else criteria
    return [
        _smallest_rating_change(
            account, np.asarray(ratings)[account], exact[account], place[account] > top, chosen
        )
        for account in range(len(exact))
    ]


def _filled(ratings: Floats) -> Floats:
    values = np.asarray(ratings, dtype=np.float64)
    return np.where(np.isnan(values), LOWEST, values)


def _inside(values: Floats, shares: Sequence[float], top: int) -> Flags:
    return ranks(score_matrix(values, shares).total) <= top


def _interval(values: Floats, shares: Sequence[float], inside: Flags, k: int) -> WeightInterval:
    weight = shares[k]
    if len(shares) == 1 or inside.all() or not inside.any():
        only = len(shares) == 1
        return WeightInterval(k, weight, 1.0 if only else 0.0, 1.0, None, None)
    others = np.array([0.0 if j == k else share for j, share in enumerate(shares)])
    if others.sum() == 0:
        others = np.array([float(j != k) for j in range(len(shares))])
    lines = np.stack([column_sum(values * (others / others.sum())), values[:, k]])
    low, low_swap = _first_stable(lines, inside, 0.0, weight)
    high, high_swap = _first_stable(lines, inside, 1.0, weight)
    return WeightInterval(k, weight, low, high, low_swap, high_swap)


def _first_stable(
    lines: Floats, inside: Flags, start: float, weight: float
) -> tuple[float, tuple[int, int] | None]:
    """Go from ``start`` towards ``weight`` to the first point where everyone on top is still on top.

    Each total is a straight line in the weight v, lines[0] at v = 0 and lines[1] at v = 1, so the lead of the
    last on top over the first below is concave: stepping to where the worst pair ties never overshoots.
    """
    top, below = np.flatnonzero(inside), np.flatnonzero(~inside)
    v, swap = start, None
    for _ in range(MOST_ROUNDS):
        totals = (1 - v) * lines[0] + v * lines[1]
        last, first = top[np.argmin(totals[top])], below[np.argmax(totals[below])]
        if totals[last] - totals[first] >= -NOTHING:
            break
        at_zero, at_one = lines[:, last] - lines[:, first]
        swap = (int(last), int(first))
        root = at_zero / (at_zero - at_one)
        v = float(np.clip(root, min(start, weight), max(start, weight)))
    return v, swap


def _relative_changes(gaps: Floats, shares: Floats) -> Floats:
    """Return, for rating differences (pairs x M), the relative change of each weight that closes the gap."""
    lead = column_sum(gaps * shares)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = -lead / (gaps * shares)
    return np.where(np.isfinite(change) & (change >= -1), change, np.nan)


def _smallest(
    values: Floats, shares: Sequence[float], firsts: Sequence[int], seconds: Ints
) -> WeightChange | None:
    best: WeightChange | None = None
    weights = np.array(shares)
    for first in firsts:
        changes = _relative_changes(values[first] - values[seconds], weights)
        if not changes.size or np.isnan(changes).all():
            continue
        row, k = divmod(int(np.nanargmin(np.abs(changes))), len(shares))
        relative = float(changes[row, k])
        if best is None or abs(relative) < abs(best.relative):
            moved = shares[k] * (1 + relative)
            whole = moved + 1 - shares[k]
            share = moved / whole if whole > 0 else 0.0
            best = WeightChange(first, int(seconds[row]), k, relative, share)
    return best


def _smallest_rating_change(
    account: int, ratings: Floats, exact: Floats, enters: bool, criteria: Sequence[int]
) -> RatingChange | None:
    options = []
    for k in criteria:
        if np.isnan(exact[k]):
            continue
        needed = math.ceil(exact[k] - NOTHING) - (0 if enters else 1)
        if LOWEST <= needed <= HIGHEST:
            base = LOWEST if np.isnan(ratings[k]) else float(ratings[k])
            options.append((abs(exact[k] - base), k, needed))
    if not options:
        return None
    _, k, needed = min(options)
    current = None if np.isnan(ratings[k]) else float(ratings[k])
    return RatingChange(account, k, current, needed, float(exact[k]), bool(enters))
