"""Totals and ranks of accounts from ratings of 1 to 10 and weights.

total = sum of weight * rating, the weights of the criteria that apply adding up to 1. A missing rating is
neither zero nor an average: it could be anything from 1 to 10, so the total is a range, and the account is
ranked by the low end of it. The sums run criterion by criterion in a fixed order, so that one account, all
accounts together and any other implementation of the same sum agree to the last digit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.weights import normalised

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

LOWEST, HIGHEST = 1.0, 10.0
# Totals that differ by less are the same total with another rounding error.
DECIMALS = 9


@dataclass(frozen=True)
class Component:
    """What one criterion gives: ``weight`` (share of 1) times ``rating``; None where a rating is missing."""

    rating: float | None
    weight: float
    contribution: float | None


@dataclass(frozen=True)
class Score:
    """A total with its bounds; all three are None when no criterion applies. ``completeness`` is 0 to 1."""

    total: float | None
    low: float | None
    high: float | None
    completeness: float
    components: tuple[Component, ...]


@dataclass(frozen=True)
class Scores:
    """The same for N accounts; NaN stands for None, ``weights`` and ``contributions`` are N x M."""

    total: Floats
    low: Floats
    high: Floats
    completeness: Floats
    weights: Floats
    contributions: Floats


def score_account(
    ratings: Sequence[float | None], weights: Sequence[float], applicable: Sequence[bool] | None = None
) -> Score:
    """Score one account. Weights need not add up to 1; criteria that do not apply give theirs to the others.

    Raises WeightError for weights that cannot be scaled, ValueError when the lengths differ.
    """
    shares = normalised(weights)
    applies = [True] * len(shares) if applicable is None else list(applicable)
    rows = list(zip(ratings, shares, applies, strict=True))
    whole = _sum(share for _, share, counts in rows if counts)
    if whole == 0:
        return Score(None, None, None, 0.0, tuple(Component(rating, 0.0, None) for rating, _, _ in rows))
    scaled = [
        (rating if counts else None, share / whole if counts else 0.0) for rating, share, counts in rows
    ]
    low = _sum(weight * (LOWEST if rating is None else rating) for rating, weight in scaled)
    high = _sum(weight * (HIGHEST if rating is None else rating) for rating, weight in scaled)
    missing = [weight for rating, weight in scaled if rating is None and weight > 0]
    rated = 1.0 - _sum(missing) if len(missing) < sum(weight > 0 for _, weight in scaled) else 0.0
    parts = (Component(r, weight, None if r is None else weight * r) for r, weight in scaled)
    return Score(low, low, high, rated, tuple(parts))


def score_matrix(ratings: Floats, weights: Sequence[float], applicable: Flags | None = None) -> Scores:
    """Score N accounts: ``ratings`` is N x M with NaN where missing, ``applicable`` N x M (default: all).

    Equal to ``score_account`` of each row to the last bit. Errors as there, and ValueError for other shapes.
    """
    values = np.asarray(ratings, dtype=np.float64)
    counts = np.ones(values.shape, dtype=bool) if applicable is None else np.asarray(applicable, dtype=bool)
    shares = np.asarray(normalised(weights))
    if values.ndim != 2 or values.shape[1] != len(shares) or counts.shape != values.shape:
        raise ValueError(f"{len(shares)} weights do not fit ratings of shape {values.shape}")
    given = np.where(counts, shares, 0.0)
    whole = column_sum(given)
    scaled = np.divide(given, whole[:, None], out=np.zeros_like(given), where=whole[:, None] > 0)
    missing = np.isnan(values) | ~counts
    low = np.where(whole > 0, column_sum(scaled * np.where(missing, LOWEST, values)), np.nan)
    high = np.where(whole > 0, column_sum(scaled * np.where(missing, HIGHEST, values)), np.nan)
    nothing_rated = ~((scaled > 0) & ~missing).any(axis=1)
    rated = np.where(nothing_rated, 0.0, 1.0 - column_sum(np.where(missing, scaled, 0.0)))
    contributions = np.where(missing, np.nan, scaled * values)
    return Scores(low, low, high, rated, scaled, contributions)


def ranks(totals: Floats | Sequence[float | None]) -> Ints:
    """Return competition ranks, the highest total first: 9, 7, 7, 5 gives 1, 2, 2, 4. NaN or None gives 0.

    Totals are compared to nine decimals, so the ranks do not depend on the order or number of accounts.
    """
    values = np.round(np.asarray(totals, dtype=np.float64), DECIMALS)
    known = values[~np.isnan(values)]
    better = len(known) - np.searchsorted(np.sort(known), values, side="right")
    return np.where(np.isnan(values), 0, better + 1).astype(np.int64)


def column_sum(values: Floats) -> Floats:
    """Add up the columns of N x M from left to right, unlike ``numpy.sum``, which pairs them."""
    total = np.zeros(len(values))
    for column in range(values.shape[1]):
        total += values[:, column]
    return total


def _sum(values: Iterable[float]) -> float:
    """Add up from left to right; the built-in sum corrects its rounding errors from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total
