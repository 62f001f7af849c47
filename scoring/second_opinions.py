"""What would other methods say? Objective weights and other rankings of the same ratings, to compare.

The score itself is the weighted sum of ``scoring.ranking``, because it can be explained and because another
account never changes it. The methods here depend on the set of accounts. ``matrix`` is N x M without gaps,
``weights`` need not add up to 1, ``types`` holds 1 where more and -1 where less is better.
"""

from collections.abc import Sequence

import numpy as np

from scoring.backtest import average_ranks
from scoring.ranking import Floats
from scoring.weights import normalised

Types = Sequence[int]


def entropy_weights(matrix: Floats) -> Floats:
    """Shannon entropy: criteria on which accounts differ more weigh more. From zero on, two accounts."""
    shares = matrix / matrix.sum(axis=0)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    diversity = 1 + (shares * logs).sum(axis=0) / np.log(len(matrix))
    return _scaled(diversity)


def deviation_weights(matrix: Floats) -> Floats:
    """Weights in proportion to the standard deviation of each criterion (Jahan & Edwards 2013)."""
    return _scaled(np.std(matrix, axis=0))


def critic_weights(matrix: Floats, correlation: str = "pearson") -> Floats:
    """CRITIC (Diakoulaki et al. 1995): deviation times how little a criterion repeats the others."""
    spread = matrix.max(axis=0) - matrix.min(axis=0)
    inside = (matrix - matrix.min(axis=0)) / spread
    ranked = np.apply_along_axis(average_ranks, 0, inside) if correlation == "spearman" else inside
    conflict = (1 - np.corrcoef(ranked, rowvar=False)).sum(axis=0)
    return _scaled(np.std(inside, axis=0, ddof=1) * conflict)


def weighted_product(matrix: Floats, weights: Sequence[float]) -> Floats:
    """Return log10 of the weighted product of column shares; every value above zero."""
    return np.log10(matrix / matrix.sum(axis=0)) @ _shares(weights)


def topsis(matrix: Floats, weights: Sequence[float], types: Types, normalisation: str = "vector") -> Floats:
    """Closeness to the ideal account, 0 to 1 (Hwang & Yoon); "vector" or "minmax" normalisation."""
    if normalisation == "minmax":
        inside, signs = _gains(matrix, types), np.ones(len(types))
    else:
        inside, signs = matrix / np.sqrt((matrix**2).sum(axis=0)), np.array(types)
    values = inside * _shares(weights) * signs
    to_best = np.sqrt(((values - values.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((values - values.min(axis=0)) ** 2).sum(axis=1))
    return to_worst / (to_best + to_worst)


def vikor(
    matrix: Floats, weights: Sequence[float], types: Types, majority: float = 0.5
) -> tuple[Floats, Floats, Floats]:
    """Return S (group utility), R (individual regret), compromise Q (Opricovic & Tzeng); less is better."""
    losses = (1 - _gains(matrix, types)) * _shares(weights)
    group, regret = losses.sum(axis=1), losses.max(axis=1)
    return group, regret, majority * _inside(group) + (1 - majority) * _inside(regret)


def promethee(matrix: Floats, weights: Sequence[float], types: Types) -> Floats:
    """Net flow of PROMETHEE II with the usual preference function (any difference prefers)."""
    better = np.array(types) * (matrix[:, None, :] - matrix[None, :, :])
    preference = (better > 0) @ _shares(weights)
    return (preference.sum(axis=1) - preference.sum(axis=0)) / (len(matrix) - 1)


def aras(matrix: Floats, weights: Sequence[float], types: Types, optimal: Floats | None = None) -> Floats:
    """Utility against an optimal account (Zavadskas & Turskis 2010), else the best of each criterion."""
    best = (
        np.where(np.array(types) > 0, matrix.max(axis=0), matrix.min(axis=0)) if optimal is None else optimal
    )
    rows = np.vstack([best, matrix])
    rows = np.where(np.array(types) > 0, rows, 1 / rows)
    totals = rows / rows.sum(axis=0) @ _shares(weights)
    return totals[1:] / totals[0]


def edas(matrix: Floats, weights: Sequence[float], types: Types) -> Floats:
    """Appraisal by the distance from the average account (Keshavarz Ghorabaee et al. 2015)."""
    average = matrix.mean(axis=0)
    distance = np.array(types) * (matrix - average) / average
    above = np.maximum(distance, 0) @ _shares(weights)
    below = np.maximum(-distance, 0) @ _shares(weights)
    return (above / above.max() + 1 - below / below.max()) / 2


def moora(matrix: Floats, weights: Sequence[float], types: Types) -> Floats:
    """Ratio system of MOORA: gains minus costs after vector normalisation (Brauers & Zavadskas 2006)."""
    return matrix / np.sqrt((matrix**2).sum(axis=0)) * np.array(types) @ _shares(weights)


def codas(matrix: Floats, weights: Sequence[float], types: Types, threshold: float = 0.02) -> Floats:
    """Assessment by Euclidean, then taxicab distance from the worst account (Keshavarz Ghorabaee 2016)."""
    ratios = np.where(np.array(types) > 0, matrix / matrix.max(axis=0), matrix.min(axis=0) / matrix)
    values = ratios * _shares(weights)
    away = values - values.min(axis=0)
    euclid, taxi = np.sqrt((away**2).sum(axis=1)), np.abs(away).sum(axis=1)
    gap = euclid[:, None] - euclid[None, :]
    relative = gap + (np.abs(gap) >= threshold) * (taxi[:, None] - taxi[None, :])
    return relative.sum(axis=1)


def marcos(matrix: Floats, weights: Sequence[float], types: Types) -> Floats:
    """Utility between the anti-ideal and the ideal account (Stevic et al. 2020)."""
    gain = np.array(types) > 0
    best = np.where(gain, matrix.max(axis=0), matrix.min(axis=0))
    worst = np.where(gain, matrix.min(axis=0), matrix.max(axis=0))
    rows = np.vstack([worst, matrix, best])
    totals = np.where(gain, rows / best, best / rows) @ _shares(weights)
    low, high = totals[1:-1] / totals[0], totals[1:-1] / totals[-1]
    to_low, to_high = high / (low + high), low / (low + high)
    return (low + high) / (1 + (1 - to_low) / to_low + (1 - to_high) / to_high)


def spotis(matrix: Floats, weights: Sequence[float], types: Types, bounds: Floats) -> Floats:
    """Distance from the ideal point between fixed bounds (Dezert et al. 2020); less is better.

    The one method here that another account never changes: with bounds 1 and 10 it mirrors the weighted sum.
    """
    low, high = bounds[:, 0], bounds[:, 1]
    ideal = np.where(np.array(types) > 0, high, low)
    return np.abs(matrix - ideal) / (high - low) @ _shares(weights)


def _shares(weights: Sequence[float]) -> Floats:
    return np.array(normalised(weights))


def _scaled(values: Floats) -> Floats:
    return _shares(np.maximum(values, 0).tolist())


def _inside(values: Floats) -> Floats:
    """Scale to 0..1; all 0 where nothing differs."""
    spread = values.max(axis=0) - values.min(axis=0)
    return (values - values.min(axis=0)) / np.where(spread > 0, spread, 1.0)


def _gains(matrix: Floats, types: Types) -> Floats:
    """Scale each criterion to 0 (worst) .. 1 (best); all 1 where nothing differs."""
    inside = _inside(matrix)
    flat = matrix.max(axis=0) == matrix.min(axis=0)
    return np.where(flat, 1.0, np.where(np.array(types) > 0, inside, 1 - inside))
