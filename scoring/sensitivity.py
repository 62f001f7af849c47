"""What would have to change? Weights and ratings at which the accounts above the cut line change.

Ratings are N x M with NaN where missing, which counts as 1 as in the total; weights need not add up to 1;
``applicable`` is N x M (default: all). The cut line is a number of accounts (ties at the line are above it) or
a total.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.ranking import DECIMALS, HIGHEST, LOWEST, Flags, Floats, Ints, column_sum, ranks, score_matrix
from scoring.stability import Cut
from scoring.weights import normalised

# Below this a difference of totals is a rounding error.
NOTHING = 1e-9
DUEL_CELLS = 2**18


@dataclass(frozen=True)
class WeightInterval:
    """Between ``low`` and ``high`` (shares of 1) the weight of a criterion leaves the same accounts on top.

    The other weights keep their proportions. ``low_swap`` and ``high_swap`` name the accounts (one on top,
    one below) that change places beyond the end, a threshold having the number after the last account; None
    where the end is 0 or 1.
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

    -0.649 means that it falls by 64.9 %, the others staying as they are. ``weight`` is its share after all are
    scaled to 1 again; a threshold has the number after the last account.
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


def weight_intervals(
    ratings: Floats, weights: Sequence[float], cut: Cut, applicable: Flags | None = None
) -> list[WeightInterval]:
    """Return, for each criterion, how far its weight can move without changing who is on top.

    A criterion that has all the weight hands it to the others in equal parts.
    """
    shares, values, applies = normalised(weights), _filled(ratings), _applies(ratings, applicable)
    duels = list(_duels(score_matrix(values, shares, applies).total, cut))
    if cut.threshold is not None:
        # The threshold is one more account, whose total stays the same whatever the weights.
        values = np.vstack([values, np.full(len(shares), cut.threshold)])
        applies = np.vstack([applies, np.ones(len(shares), dtype=bool)])
    return [_interval(values, applies, shares, duels, k) for k in range(len(shares))]


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


def smallest_tie(
    ratings: Floats,
    weights: Sequence[float],
    first: int,
    second: int,
    applicable: Flags | None = None,
) -> WeightChange | None:
    """Return the smallest relative weight change that makes two accounts tie, or None."""
    pair = [first, second]
    two, applies = np.asarray(ratings)[pair], _applies(ratings, applicable)[pair]
    if ranks(score_matrix(_filled(two), weights, applies).total).tolist() == [1, 1]:
        shares = normalised(weights)
        heaviest = shares.index(max(shares))
        return WeightChange(first, second, heaviest, 0.0, shares[heaviest])
    found = smallest_swap(two, weights, Cut(top=1), applies)
    return found and WeightChange(first, second, found.criterion, found.relative, found.weight)


def smallest_swap(
    ratings: Floats, weights: Sequence[float], cut: Cut, applicable: Flags | None = None
) -> WeightChange | None:
    """Return the smallest relative weight change at which an account on top ties with one below, or None."""
    return smallest_of(weight_intervals(ratings, weights, cut, applicable))


def smallest_of(intervals: Iterable[WeightInterval]) -> WeightChange | None:
    """Return the smallest relative change of one weight that leaves its interval, or None."""
    changes = [
        WeightChange(*swap, interval.criterion, _relative(interval.weight, end), end)
        for interval in intervals
        for end, swap in ((interval.low, interval.low_swap), (interval.high, interval.high_swap))
        if swap is not None and 0 < interval.weight < 1 and end < 1
    ]
    return min(changes, key=lambda change: abs(change.relative), default=None)


def ratings_at_line(
    ratings: Floats, weights: Sequence[float], cut: Cut, applicable: Flags | None = None
) -> Floats:
    """Return N x M: the rating at which the account meets the line if only that rating changes.

    NaN where no rating from 1 to 10 does, where a criterion does not apply, and where nobody is on the other
    side.
    """
    scores = score_matrix(ratings, weights, applicable)
    place, target = ranks(scores.total), _targets(scores.total, cut)
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = _filled(ratings) + (target - scores.total)[:, None] / scores.weights
    possible = (exact >= LOWEST - NOTHING) & (exact <= HIGHEST + NOTHING) & (place > 0)[:, None]
    return np.where(possible, exact, np.nan)


def rating_changes(
    ratings: Floats,
    weights: Sequence[float],
    cut: Cut,
    applicable: Flags | None = None,
    criteria: Sequence[int] | None = None,
) -> list[RatingChange | None]:
    """Return for each account the smallest change of one rating that takes it across the line, or None.

    ``criteria`` limits the search, say to those that people rate. An account below enters by a tie with the
    last one on top; an account on top leaves only when it falls behind.
    """
    exact = ratings_at_line(ratings, weights, cut, applicable)
    inside = inside_of(score_matrix(ratings, weights, applicable).total, cut)
    chosen = range(exact.shape[1]) if criteria is None else criteria
    return [
        _smallest_rating_change(
            account, np.asarray(ratings)[account], exact[account], not inside[account], chosen
        )
        for account in range(len(exact))
    ]


def inside_of(totals: Floats, cut: Cut) -> Flags:
    """Return which totals are above the line."""
    if cut.threshold is not None:
        return np.round(totals, DECIMALS) >= round(cut.threshold, DECIMALS)
    place = ranks(totals)
    return (place > 0) & (place <= (cut.top or 0))


def _targets(totals: Floats, cut: Cut) -> Floats:
    """Return the total at which each account meets the line, NaN where nobody is on the other side."""
    if cut.threshold is not None:
        return np.full(len(totals), cut.threshold)
    inside, top = inside_of(totals, cut), cut.top or 0
    ordered = np.sort(totals[~np.isnan(totals)])[::-1]
    if not inside.any() or len(ordered) <= top:
        return np.full(len(totals), np.nan)
    return np.where(inside, ordered[top], ordered[top - 1])


def _filled(ratings: Floats) -> Floats:
    values = np.asarray(ratings, dtype=np.float64)
    return np.where(np.isnan(values), LOWEST, values)


def _applies(ratings: Floats, applicable: Flags | None) -> Flags:
    return (
        np.ones(np.shape(ratings), dtype=bool) if applicable is None else np.asarray(applicable, dtype=bool)
    )


Duel = tuple[Ints, Ints]
# (weight, one account, the other): where two tie.
Meeting = tuple[float, int, int]


def _duels(totals: Floats, cut: Cut) -> Iterator[Duel]:
    """Yield who must stay before whom: everybody of the first list before everybody of the second.

    A threshold is one more account, numbered behind the others. The lists are short enough for N x N.
    """
    inside = inside_of(totals, cut)
    above, below = np.flatnonzero(inside), np.flatnonzero(~np.isnan(totals) & ~inside)
    line = np.array([len(totals)])
    for first, second in [(above, below)] if cut.threshold is None else [(above, line), (line, below)]:
        rows = max(1, DUEL_CELLS // max(1, len(second)))
        if len(second):
            yield from ((first[start : start + rows], second) for start in range(0, len(first), rows))


def _interval(
    values: Floats, applies: Flags, shares: Sequence[float], duels: Sequence[Duel], k: int
) -> WeightInterval:
    weight = shares[k]
    if len(shares) == 1:
        return WeightInterval(k, weight, 1.0, 1.0, None, None)
    ends = _ends(values, applies, shares, k)
    low: Meeting = (-1.0, 0, 0)
    high: Meeting = (2.0, 0, 0)
    for above, below in duels:
        meetings = _meetings(ends, above, below)
        under = np.where(meetings <= weight, meetings, -1.0).max(axis=0)
        over = np.where(meetings > weight, meetings, 2.0).min(axis=0)
        low = max(low, _place(under, int(under.argmax()), above, below))
        high = min(high, _place(over, int(over.argmin()), above, below))
    swaps = [None if not 0 <= at[0] <= 1 else (at[1], at[2]) for at in (low, high)]
    return WeightInterval(k, weight, max(0.0, low[0]), min(1.0, high[0]), *swaps)


def _place(weights: Floats, cell: int, above: Ints, below: Ints) -> Meeting:
    row, column = divmod(cell, len(below))
    return float(weights[row, column]), int(above[row]), int(below[column])


def _ends(values: Floats, applies: Flags, shares: Sequence[float], k: int) -> Floats:
    """Return 4 x N: sums of points and of weights when criterion k has no weight, and what all of it adds.

    A total is points by weights, and both are straight lines in the weight of k.
    """
    others = np.array([0.0 if j == k else share for j, share in enumerate(shares)])
    if others.sum() == 0:
        others = np.array([float(j != k) for j in range(len(shares))])
    counted = np.where(applies, others / others.sum(), 0.0)
    points, weights = column_sum(counted * values), column_sum(counted)
    alone = applies[:, k].astype(np.float64)
    return np.stack([points, weights, alone * values[:, k] - points, alone - weights])


def _meetings(ends: Floats, above: Ints, below: Ints) -> Floats:
    """Return 2 x above x below: the weights from 0 to 1 at which two accounts tie, NaN where they do not.

    Points of one times weights of the other are equal there: a quadratic, and a straight line where all
    criteria apply.
    """
    p, w, more_p, more_w = ends[:, above, None]
    q, v, more_q, more_v = ends[:, None, below]
    constant, square = p * v - q * w, more_p * more_v - more_q * more_w
    linear = p * more_v + more_p * v - q * more_w - more_q * w
    with np.errstate(divide="ignore", invalid="ignore"):
        half = -0.5 * (linear + np.where(linear < 0, -1.0, 1.0) * np.sqrt(linear**2 - 4 * square * constant))
        roots = np.stack([half / square, constant / half])
        # Where one of them has no weight left it has no total, so there is nothing to tie with.
        weights = np.minimum(w + roots * more_w, v + roots * more_v)
        possible = (roots >= 0) & (roots <= 1) & (weights > NOTHING)
    return np.where(possible, roots, np.nan)


def _relative(weight: float, share: float) -> float:
    """Return by what part of itself a weight changes to have this share, the others staying as they are."""
    return share * (1 - weight) / ((1 - share) * weight) - 1


def _relative_changes(gaps: Floats, shares: Floats) -> Floats:
    """Return, for rating differences (pairs x M), the relative change of each weight that closes the gap."""
    lead = column_sum(gaps * shares)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = -lead / (gaps * shares)
    return np.where(np.isfinite(change) & (change >= -1), change, np.nan)


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
