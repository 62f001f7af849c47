"""Does the method work? A ranking of an earlier day against what the accounts did afterwards.

Everything works on arrays in the same order of accounts: the ``scores`` of then (higher is better), the
``outcome`` since (NaN where unknown), and the values of another ordering such as revenue to compare with.
Equal scores are treated alike: at the edge of the chosen N each of them counts with the share of places left.
"""

from collections.abc import Collection, Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.inputs import InputError, gettext_noop

Floats = NDArray[np.float64]

# Below this many events a percentage says more than is known.
FEWEST_EVENTS = 10
RESAMPLES, LEVEL = 1_000, 0.95
RESAMPLE_CELLS = 2**17


@dataclass(frozen=True)
class Lift:
    """Mean outcome of the chosen accounts against that of others; no ``ratio`` of a fall or of nothing."""

    chosen: float
    other: float
    difference: float
    ratio: float | None


@dataclass(frozen=True)
class Band:
    """One tenth of the accounts by score, 1 being the best; the means are None when it is empty."""

    band: int
    count: int
    mean_score: float | None
    mean_outcome: float | None


@dataclass(frozen=True)
class Overlap:
    """What two choices share; ``share`` is the common part of all chosen, None when both are empty."""

    both: int
    only_first: int
    only_second: int
    share: float | None


@dataclass(frozen=True)
class Backtest:
    """``enough`` is False below ten events: then show counts, no percentages. None: nothing to be said."""

    n: int
    events: int
    enough: bool
    spearman: float | None
    interval: tuple[float, float] | None
    lift_vs_baseline: Lift | None
    lift_vs_random: Lift | None
    bands: tuple[Band, ...]
    overlap: Overlap
    top: int
    seed: int


def backtest(scores: Floats, outcome: Floats, baseline: Floats, top: int, seed: int = 1) -> Backtest:
    """Compare the ranking by ``scores`` with the ``outcome``, and with the ranking by ``baseline``.

    Accounts without score, outcome or baseline are left out (``n`` counts the others). The chosen are the
    first ``top``. Raises InputError: lengths_differ, top_invalid.
    """
    if not len(scores) == len(outcome) == len(baseline):
        raise InputError(
            "lengths_differ", gettext_noop("Scores, outcome and comparison must be of equal length.")
        )
    if top < 1:
        raise InputError("top_invalid", gettext_noop("At least one account must be chosen."), field="top")
    columns = np.array([scores, outcome, baseline], dtype=np.float64)
    first, result, other = columns[:, np.isfinite(columns).all(axis=0)]
    count = events(result)
    return Backtest(
        n=len(first),
        events=count,
        enough=count >= FEWEST_EVENTS,
        spearman=spearman(first, result),
        interval=bootstrap_interval(first, result, seed=seed),
        lift_vs_baseline=lift(first, result, top, other),
        lift_vs_random=lift(first, result, top),
        bands=calibration(first, result),
        overlap=overlap(_chosen(first, top), _chosen(other, top)),
        top=top,
        seed=seed,
    )


def good_outcomes(scores: Floats, outcome: Floats, baseline: Floats, top: int) -> dict[str, int]:
    """Count who did well (outcome above zero): among the chosen, the first by ``baseline``, and all.

    What is said instead of percentages while there are few accounts.
    """
    known = np.isfinite(np.array([scores, outcome, baseline], dtype=np.float64)).all(axis=0)
    first, result, other = scores[known], outcome[known], baseline[known]
    chosen, compared = _chosen(first, top), _chosen(other, top)
    return {
        "chosen": len(chosen),
        "chosen_good": int((result[chosen] > 0).sum()),
        "baseline": len(compared),
        "baseline_good": int((result[compared] > 0).sum()),
        "all": len(result),
        "all_good": int((result > 0).sum()),
    }


def events(outcome: Floats) -> int:
    """Return how many accounts tell something: all with an outcome; of yes and no the rarer."""
    known = outcome[~np.isnan(outcome)]
    if len(known) and np.isin(known, (0.0, 1.0)).all():
        return int(min((known == 0).sum(), (known == 1).sum()))
    return len(known)


def average_ranks(values: Floats) -> Floats:
    """Return ranks from 1, the lowest first; equal values share the mean of their places."""
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[codes]


def spearman(first: Floats, second: Floats) -> float | None:
    """Return Spearman's rank correlation, ties averaged; None for fewer than two accounts or no variation."""
    if len(first) < 2:
        return None
    counts = np.ones((1, len(first)))
    result = float(_weighted_spearman(first, second, counts)[0])
    return None if np.isnan(result) else result


def bootstrap_interval(
    first: Floats, second: Floats, *, seed: int, resamples: int = RESAMPLES, level: float = LEVEL
) -> tuple[float, float] | None:
    """Return the percentile bootstrap interval of Spearman's correlation, drawn from ``seed``.

    None where there is no correlation. Resamples without variation are left out.
    """
    if spearman(first, second) is None:
        return None
    generator, size = np.random.default_rng(seed), len(first)
    shares, found = np.full(size, 1 / size), []
    rows = max(1, RESAMPLE_CELLS // size)
    for start in range(0, resamples, rows):
        counts = generator.multinomial(size, shares, size=min(rows, resamples - start)).astype(np.float64)
        found.append(_weighted_spearman(first, second, counts))
    correlations = np.concatenate(found)
    correlations = correlations[~np.isnan(correlations)]
    if not len(correlations):
        return None
    low, high = np.quantile(correlations, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def lift(scores: Floats, outcome: Floats, top: int, baseline: Floats | None = None) -> Lift | None:
    """Compare the mean outcome of the first ``top`` by score with the first ``top`` by ``baseline``.

    Without a baseline the comparison is with choosing at random, whose mean is that of all accounts. None
    without accounts.
    """
    if not len(scores):
        return None
    chosen = _mean_of_top(scores, outcome, top)
    other = float(outcome.mean()) if baseline is None else _mean_of_top(baseline, outcome, top)
    # Losing less than others is no multiple of anything.
    ratio = chosen / other if chosen >= 0 and other > 0 else None
    return Lift(chosen, other, chosen - other, ratio)


def calibration(scores: Floats, outcome: Floats, bands: int = 10) -> tuple[Band, ...]:
    """Return the mean outcome by tenths of the accounts, the highest scores first; few accounts, few bands.

    Equal scores fall into the same band.
    """
    size = len(scores)
    bands = min(bands, size)
    position = (size - average_ranks(scores) + 0.5) / max(1, size)
    codes = np.minimum((position * bands).astype(int), bands - 1)
    return tuple(_band(number, scores[codes == number], outcome[codes == number]) for number in range(bands))


def overlap(first: Collection[Hashable], second: Collection[Hashable]) -> Overlap:
    """Compare two choices of accounts, such as a ranking and a list named blind."""
    one, two = set(first), set(second)
    share = len(one & two) / len(one | two) if one or two else None
    return Overlap(len(one & two), len(one - two), len(two - one), share)


def _weighted_spearman(first: Floats, second: Floats, counts: Floats) -> Floats:
    """Return the correlation for each row of ``counts``: how often each account was drawn.

    Drawing an account twice makes a tie, so ranks follow from counts without sorting again.
    """
    one, two = _ranks_by_counts(first, counts), _ranks_by_counts(second, counts)
    size = counts.sum(axis=1)
    middle = ((size + 1) / 2)[:, None]
    one -= middle
    two -= middle
    above = (counts * one * two).sum(axis=1)
    below = np.sqrt((counts * one**2).sum(axis=1) * (counts * two**2).sum(axis=1))
    return np.divide(above, below, out=np.full(len(counts), np.nan), where=below > 0)


def _ranks_by_counts(values: Floats, counts: Floats) -> Floats:
    order = np.argsort(values, kind="stable")
    _, starts, codes = np.unique(values[order], return_index=True, return_inverse=True)
    groups = np.add.reduceat(counts[:, order], starts, axis=1)
    middles = np.cumsum(groups, axis=1) - (groups - 1) / 2
    result = np.empty_like(counts)
    result[:, order] = middles[:, codes]
    return result


def _mean_of_top(scores: Floats, outcome: Floats, top: int) -> float:
    if top >= len(scores):
        return float(outcome.mean())
    line = np.partition(scores, len(scores) - top)[len(scores) - top]
    above, level = scores > line, scores == line
    left = top - int(above.sum())
    return float((outcome[above].sum() + left * outcome[level].mean()) / top)


def _chosen(scores: Floats, top: int) -> list[int]:
    """Return the first ``top`` accounts and those level with the last of them."""
    if top >= len(scores):
        return list(range(len(scores)))
    line = np.partition(scores, len(scores) - top)[len(scores) - top]
    return [int(account) for account in np.flatnonzero(scores >= line)]


def _band(number: int, scores: Floats, outcome: Floats) -> Band:
    if not len(scores):
        return Band(number + 1, 0, None, None)
    return Band(number + 1, len(scores), float(scores.mean()), float(outcome.mean()))
