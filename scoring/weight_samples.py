"""Random weights that agree with what is known about them: an order, intervals, both or nothing."""

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from scoring.inputs import gettext_noop
from scoring.weights import WeightError, roc

Floats = NDArray[np.float64]

SWEEPS = 60


def sample_weights(
    count: int,
    criteria: int,
    generator: np.random.Generator,
    *,
    order: Sequence[int] | None = None,
    intervals: Sequence[tuple[float, float]] | None = None,
) -> Floats:
    """Draw ``count`` weight vectors, uniformly among all that add up to 1 and agree with order and intervals.

    ``order`` holds ranks, equal ranks leaving the order open; without intervals the mean of the draws is the
    rank-order centroid. Raises WeightError (those of ``roc``, lengths_differ, intervals_infeasible).
    """
    _check_lengths(criteria, order, intervals)
    groups = _groups(order, criteria)
    if intervals is not None:
        return _walk(count, _tightened(intervals, groups), groups, generator)
    draws = generator.standard_exponential((count, criteria))
    draws /= draws.sum(axis=1, keepdims=True)
    return draws if order is None else _arranged(draws, groups, generator)


def intervals_around(weights: Sequence[float], share: float) -> list[tuple[float, float]]:
    """Return intervals of plus and minus ``share`` (0.2 = a fifth) of each weight, within 0 to 1."""
    return [(weight * (1 - min(share, 1)), min(1.0, weight * (1 + share))) for weight in weights]


def _check_lengths(
    criteria: int, order: Sequence[int] | None, intervals: Sequence[tuple[float, float]] | None
) -> None:
    if any(known is not None and len(known) != criteria for known in (order, intervals)):
        raise WeightError(
            "lengths_differ",
            gettext_noop("Order and intervals need one entry for each of the %(count)d criteria."),
            {"count": criteria},
        )


def _groups(order: Sequence[int] | None, criteria: int) -> list[list[int]]:
    """Return the criteria by rank, the most important first, tied ones together."""
    if order is None:
        return [list(range(criteria))]
    roc(order)
    return [[k for k in range(criteria) if order[k] == rank] for rank in sorted(set(order))]


def _arranged(draws: Floats, groups: list[list[int]], generator: np.random.Generator) -> Floats:
    """Hand the largest of each draw to the first group, and so on; shuffled inside a group."""
    ordered = -np.sort(-draws, axis=1)
    result = np.empty_like(ordered)
    start = 0
    for group in groups:
        part = ordered[:, start : start + len(group)]
        result[:, group] = generator.permuted(part, axis=1) if len(group) > 1 else part
        start += len(group)
    return result


def _tightened(intervals: Sequence[tuple[float, float]], groups: list[list[int]]) -> tuple[Floats, Floats]:
    """Carry bounds along the order and check that weights within them can add up to 1."""
    bounds = np.array(intervals, dtype=np.float64)
    low, high = np.clip(bounds[:, 0], 0, 1), np.clip(bounds[:, 1], 0, 1)
    for before, after in pairwise(groups):
        high[after] = np.minimum(high[after], high[before].min())
    for before, after in pairwise(reversed(groups)):
        low[after] = np.maximum(low[after], low[before].max())
    if not np.isfinite(bounds).all() or (low > high + 1e-12).any() or not _spans(low, high):
        raise WeightError(
            "intervals_infeasible",
            gettext_noop("No weights lie within these intervals, follow the order and add up to 1."),
            field="intervals",
        )
    return low, np.maximum(low, high)


def _spans(low: Floats, high: Floats) -> bool:
    return bool(low.sum() <= 1 + 1e-9 and high.sum() >= 1 - 1e-9)


def _walk(
    count: int, bounds: tuple[Floats, Floats], groups: list[list[int]], generator: np.random.Generator
) -> Floats:
    """Walk ``count`` independent points through the allowed weights, shifting weight between two criteria.

    Each step draws uniformly on the segment the two may move along (Gibbs sampling), which leaves the uniform
    distribution unchanged; the walks start together and have forgotten it after some dozen sweeps.
    """
    low, high = bounds
    room = float(high.sum() - low.sum())
    start = low + (high - low) * ((1 - low.sum()) / room if room > 0 else 0.0)
    points = np.tile(start, (count, 1))
    above, below = _neighbours(groups)
    pairs = list(combinations(range(len(low)), 2))
    for _ in range(SWEEPS):
        for index in generator.permutation(len(pairs)):
            _step(points, pairs[index], (low, high), (above, below), generator)
    return points


Neighbours = tuple[dict[int, list[int]], dict[int, list[int]]]


def _neighbours(groups: list[list[int]]) -> Neighbours:
    above: dict[int, list[int]] = {k: [] for group in groups for k in group}
    below: dict[int, list[int]] = {k: [] for group in groups for k in group}
    for upper, lower in pairwise(groups):
        for k in lower:
            above[k] = upper
        for k in upper:
            below[k] = lower
    return above, below


def _step(
    points: Floats,
    pair: tuple[int, int],
    bounds: tuple[Floats, Floats],
    neighbours: Neighbours,
    generator: np.random.Generator,
) -> None:
    """Move weight from the second criterion of a pair to the first, or back, in all points at once."""
    first, second = pair
    (low, high), (above, below) = bounds, neighbours
    gap = points[:, first] - points[:, second]
    up = np.minimum(high[first] - points[:, first], points[:, second] - low[second])
    down = np.minimum(points[:, first] - low[first], high[second] - points[:, second])
    for k, falls in ((first, False), (second, True)):
        for other in above[k]:
            if other not in pair:
                room = points[:, other] - points[:, k]
                down, up = (np.minimum(down, room), up) if falls else (down, np.minimum(up, room))
        for other in below[k]:
            if other not in pair:
                room = points[:, k] - points[:, other]
                down, up = (down, np.minimum(up, room)) if falls else (np.minimum(down, room), up)
    if second in below[first]:
        down = np.minimum(down, gap / 2)
    if second in above[first]:
        up = np.minimum(up, -gap / 2)
    move = generator.uniform(-np.maximum(down, 0.0), np.maximum(up, 0.0))
    points[:, first] += move
    points[:, second] -= move
