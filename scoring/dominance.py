"""Who stands before whom whatever the weights? Dominance, with or without an order of the criteria.

A total is linear in the weights, so an account is nowhere behind another one exactly when it is not behind at
the corners of what the weights may be: each criterion alone when nothing is known, and means of the most
important ones when their order is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from scoring.ranking import HIGHEST, LOWEST, Flags, Floats, Ints, column_sum

# Of this many criteria of equal rank all choices are corners; of more only each alone, which proves less.
MOST_TIED = 6


@dataclass(frozen=True)
class Dominance:
    """How many others each account beats, or is beaten by, whatever the weights.

    ``over``/``under``: nowhere behind and somewhere ahead (the order can only turn into a tie);
    ``strictly_over``/``strictly_under``: ahead everywhere. ``beaten_by`` (N x named) holds the first accounts
    that beat each, in the order of the ratings, -1 where there are no more.
    """

    over: Ints
    under: Ints
    strictly_over: Ints
    strictly_under: Ints
    beaten_by: Ints


def dominance(
    ratings: Floats,
    applicable: Flags | None = None,
    order: Sequence[int] | None = None,
    named: int = 3,
) -> Dominance:
    """Count dominated and dominating accounts; ``ratings`` is N x M with NaN where missing.

    A missing rating may be anything from 1 to 10, so it dominates as a 1 and is dominated as a 10. Where a
    criterion does not apply its weight goes to the others, so it counts at least as the lowest of these and
    at most as the highest. With ``order`` (ranks as in 1, 2, 2) only weights that follow it count. Time grows
    with the square of the accounts (5,000: about a second), memory does not.
    """
    low, high = _corners(ratings, applicable, order)
    accounts = low.shape[1]
    over, under, strictly_over, strictly_under = np.zeros((4, accounts), dtype=np.int64)
    names = np.full((accounts, named), -1, dtype=np.int64)
    result = Dominance(over, under, strictly_over, strictly_under, names)
    for account in range(accounts):
        loose, tight = _behind(low[:, account], high)
        loose[account] = tight[account] = False
        result.over[account], result.strictly_over[account] = loose.sum(), tight.sum()
        beaten = np.flatnonzero(loose)
        beaten = beaten[result.under[beaten] < named]
        result.beaten_by[beaten, result.under[beaten]] = account
        np.add(result.under, loose, out=result.under)
        np.add(result.strictly_under, tight, out=result.strictly_under)
    return result


def _behind(own: Floats, others: Floats) -> tuple[Flags, Flags]:
    """Return which others are nowhere ahead of an account and somewhere behind, and which are behind everywhere."""
    loose, tight, better = (np.full(others.shape[1], start) for start in (True, True, False))
    for mine, theirs in zip(own, others, strict=True):
        above = mine > theirs
        loose &= mine >= theirs
        tight &= above
        better |= above
    return loose & better, tight


def _corners(ratings: Floats, applicable: Flags | None, order: Sequence[int] | None) -> tuple[Floats, Floats]:
    """Return, corners x N, the least and the most each account reaches at each corner of the weights."""
    low, high = _bounds(np.asarray(ratings, dtype=np.float64), applicable)
    if order is None:
        return low.T.copy(), high.T.copy()
    sets = _corner_sets(order)
    least, most = (np.stack([column_sum(side[:, chosen]) for chosen in sets]) for side in (low, high))
    return least, most


def _bounds(values: Floats, applicable: Flags | None) -> tuple[Floats, Floats]:
    low = np.where(np.isnan(values), LOWEST, values)
    high = np.where(np.isnan(values), HIGHEST, values)
    if applicable is None or np.all(applicable):
        return low, high
    counts = np.asarray(applicable, dtype=bool)
    least = np.where(counts, low, np.inf).min(axis=1, keepdims=True)
    most = np.where(counts, high, -np.inf).max(axis=1, keepdims=True)
    # Where nothing applies there is no total: such an account beats nobody and is beaten by nobody.
    nothing = ~counts.any(axis=1, keepdims=True)
    least, most = np.where(nothing, -np.inf, least), np.where(nothing, np.inf, most)
    return np.where(counts, low, least), np.where(counts, high, most)


def _corner_sets(order: Sequence[int]) -> list[list[int]]:
    """Return the criteria that share all the weight at each corner of the weights that follow an order."""
    groups = [[k for k, rank in enumerate(order) if rank == each] for each in sorted(set(order))]
    before: list[int] = []
    sets: list[list[int]] = [[k] for k in groups[0]]
    for position, group in enumerate(groups):
        if position and len(group) <= MOST_TIED:
            choices = chain.from_iterable(combinations(group, size) for size in range(1, len(group) + 1))
            sets += [[*before, *choice] for choice in choices]
        elif position:
            sets += [before, *([k] for k in group)]
        before = [*before, *group]
    return sets
