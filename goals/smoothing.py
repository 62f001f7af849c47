"""Exponential smoothing with given parameters; the parts a forecast is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from accounts.arithmetic import CannotCompute, Floats, Number, as_floats, gettext_noop

ALPHAS = np.arange(1, 20) / 20


@dataclass(frozen=True, slots=True)
class Smoothed:
    """One-step-ahead fitted values and the last level and trend."""

    fitted: Sequence[float]
    level: float
    trend: float

    def ahead(self, horizon: int) -> list[float]:
        """Return the forecast of the next ``horizon`` values."""
        return [self.level + step * self.trend for step in range(1, horizon + 1)]


def simple_smoothing(values: Iterable[Number], alpha: float) -> list[float]:
    """Return the level after each value, beginning with the first value itself.

    The level after a value is the forecast of the next one (NIST/SEMATECH e-Handbook, 6.4.3.1).
    """
    series = _series(values)
    _check_parameters(alpha)
    levels = [float(series[0])]
    for value in series[1:]:
        levels.append(levels[-1] + alpha * (float(value) - levels[-1]))
    return levels


def smoothing_errors(values: Iterable[Number], alpha: float) -> Floats:
    """Return what simple smoothing missed each value by, from the second one on."""
    return _series(values)[1:] - np.array(simple_smoothing(values, alpha)[:-1])


def best_alpha(values: Iterable[Number]) -> float:
    """Return which of the parameters 0.05, 0.10 … 0.95 forecasts each value from those before it best."""
    series = _series(values)
    levels = np.full(ALPHAS.size, series[0])
    squares = np.zeros(ALPHAS.size)
    for value in series[1:]:
        missed = value - levels
        squares += missed**2
        levels = levels + ALPHAS * missed
    return float(ALPHAS[squares.argmin()])


def double_smoothing(
    values: Iterable[Number], alpha: float, gamma: float, level: float, trend: float
) -> Smoothed:
    """Return Holt's linear smoothing of the values from a starting level and trend before the first one.

    NIST 6.4.3.3 starts with the first value as level: then give the values from the second one on.
    """
    series = _series(values)
    _check_parameters(alpha, gamma)
    fitted = []
    for value in series:
        expected = level + trend
        fitted.append(expected)
        before, level = level, alpha * float(value) + (1 - alpha) * expected
        trend = gamma * (level - before) + (1 - gamma) * trend
    return Smoothed(fitted, level, trend)


def _series(values: Iterable[Number]) -> Floats:
    series = as_floats(values)
    if not series.size:
        raise CannotCompute("no_values", gettext_noop("There are no values to smooth."))
    return series


def _check_parameters(*parameters: float) -> None:
    if not all(0 <= parameter <= 1 for parameter in parameters):
        raise CannotCompute(
            "parameter_out_of_range", gettext_noop("Smoothing parameters must lie between 0 and 1.")
        )
