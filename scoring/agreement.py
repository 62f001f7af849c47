"""Do raters mean the same thing? Krippendorff's alpha and the spread of each rating.

alpha = 1 - observed disagreement / disagreement expected by chance, over all pairs of ratings within a unit;
1 is agreement, 0 is chance. Units with fewer than two ratings say nothing and are left out, so gaps are
allowed (Krippendorff 2011, "Computing Krippendorff's alpha-reliability").
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GOOD, TENTATIVE = 0.80, 0.667
LEVELS = ("nominal", "ordinal", "interval")


@dataclass(frozen=True)
class Spread:
    """The ratings of one unit: ``distance`` is highest minus lowest; None throughout when nobody rated."""

    count: int
    lowest: float | None
    highest: float | None
    mean: float | None
    median: float | None
    distance: float | None


def krippendorff_alpha(ratings: Floats, level: str = "ordinal") -> float | None:
    """Return alpha for ``ratings`` (raters x units, NaN where missing).

    ``level`` is "nominal", "ordinal" or "interval". None when no unit has two ratings or all ratings are
    equal: without variation there is nothing to agree on. Raises ValueError for another level.
    """
    if level not in LEVELS:
        raise ValueError(f"unknown level of measurement: {level}")
    counts, values = _counts_by_unit(np.asarray(ratings, dtype=np.float64))
    if len(values) < 2:
        return None
    per_unit = counts.sum(axis=1)
    pairs = counts / (per_unit - 1)[:, None]
    coincidences = pairs.T @ counts - np.diag(pairs.sum(axis=0))
    totals = counts.sum(axis=0)
    distances = _squared_distances(values, totals, level)
    expected = float((np.outer(totals, totals) * distances).sum())
    observed = float((coincidences * distances).sum())
    return 1.0 - (totals.sum() - 1) * observed / expected


def reading(alpha: float | None) -> str:
    """Name an alpha: "good" from .80, "tentative" from .667, "poor" below, "undefined" without one."""
    if alpha is None:
        return "undefined"
    if alpha >= GOOD:
        return "good"
    return "tentative" if alpha >= TENTATIVE else "poor"


def spreads(ratings: Floats) -> list[Spread]:
    """Return the spread of each unit of ``ratings`` (raters x units, NaN where missing)."""
    return [_spread(column[~np.isnan(column)]) for column in np.asarray(ratings, dtype=np.float64).T]


def _counts_by_unit(ratings: Floats) -> tuple[Floats, Floats]:
    """Return units x values: how often each value was given, in units with at least two ratings."""
    known = ~np.isnan(ratings)
    pairable = known & (known.sum(axis=0) >= 2)
    _, units = np.nonzero(pairable)
    values, codes = np.unique(ratings[pairable], return_inverse=True)
    counts = np.zeros((ratings.shape[1], len(values)))
    np.add.at(counts, (units, codes), 1)
    return counts[counts.sum(axis=1) > 0], values


def _squared_distances(values: Floats, totals: Floats, level: str) -> Floats:
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    # Ordinal: the number of ratings from the middle of one value to the middle of the other.
    scale = values if level == "interval" else np.cumsum(totals) - totals / 2
    return (scale[:, None] - scale[None, :]) ** 2


def _spread(known: Floats) -> Spread:
    if not len(known):
        return Spread(0, None, None, None, None, None)
    lowest, highest = float(known.min()), float(known.max())
    return Spread(len(known), lowest, highest, float(known.mean()), float(np.median(known)), highest - lowest)
