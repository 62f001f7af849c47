"""A forecast per account that has to earn its place: it is shown only where it beats "as a year ago".

The candidate is the Theta method (Assimakopoulos & Nikolopoulos 2000) in the form of Hyndman & Billah (2003):
simple exponential smoothing with half of the linear trend as drift, on values whose season was taken out with
medians, so that one odd month hardly passes for a season. Both are run over the account's own past: from each
origin they forecast months they have not seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from accounts.arithmetic import CannotCompute, Floats, Number, as_floats, gettext_noop
from goals.smoothing import best_alpha, simple_smoothing

SEASON, HORIZON, CONFIDENCE = 12, 3, 0.80
# Fewer origins than this decide by luck which method is better.
MINIMUM_ORIGINS = 6

Method = Callable[[Floats, int, int], Floats]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Errors of one method over all origins and steps.

    ``mae`` is in the unit of the series; ``mase`` in mean seasonal changes of what was known at each origin
    (None where nothing ever changed); ``smape`` is 0..2.
    """

    mae: float
    mase: float | None
    smape: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """Candidate against the seasonal naive forecast over the same origins."""

    origins: int
    candidate: Accuracy
    naive: Accuracy

    @property
    def passed(self) -> bool:
        """Whether the candidate was better than "as a year ago"."""
        return self.candidate.mae < self.naive.mae


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next values with an interval each; all three are empty where the back-test was not passed."""

    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    confidence: float
    backtest: Backtest


def forecast(
    history: Sequence[Number],
    *,
    season: int = SEASON,
    horizon: int = HORIZON,
    confidence: float = CONFIDENCE,
) -> Forecast:
    """Return the forecast of the next ``horizon`` values if it beats the seasonal naive forecast, else none.

    ``history`` has one value per period without gaps, oldest first (a month without orders is 0). The
    interval spans what the back-test missed by in ``confidence`` of the cases, never narrower further ahead.
    Raises CannotCompute when the history is shorter than two seasons, the horizon and five more periods.
    """
    series = as_floats(history)
    origins = _origins(series, season, horizon)
    errors = backtest_errors(series, theta, origins, season, horizon)
    result = Backtest(
        origins=len(origins),
        candidate=_accuracy(series, errors, origins, season),
        naive=_accuracy(
            series, backtest_errors(series, seasonal_naive, origins, season, horizon), origins, season
        ),
    )
    if not result.passed:
        return Forecast((), (), (), confidence, result)
    values = theta(series, season, horizon)
    reach = _reach(errors, confidence)
    return Forecast(values.tolist(), (values - reach).tolist(), (values + reach).tolist(), confidence, result)


def seasonal_naive(series: Floats, season: int, horizon: int) -> Floats:
    """Return the values of the same periods one season ago."""
    places = np.arange(horizon) % season
    return np.asarray(series[series.size - season :][places], dtype=np.float64)


def theta(series: Floats, season: int, horizon: int) -> Floats:
    """Return the Theta forecast, with the smoothing parameter that fitted the past best."""
    pattern = seasonal_pattern(series, season)
    count = series.size
    plain = series - pattern[np.arange(count) % season]
    alpha = best_alpha(plain)
    drift = float(np.polyfit(np.arange(count), plain, 1)[0]) / 2
    steps = np.arange(horizon)
    trend = drift * (steps + (1 - (1 - alpha) ** count) / alpha)
    return np.asarray(simple_smoothing(plain, alpha)[-1] + trend + pattern[(count + steps) % season])


def seasonal_pattern(series: Floats, season: int) -> Floats:
    """Return the additive season, one value per place and 0 in sum, as medians of what the trend leaves.

    With less than two seasons, or a season of one, there is no pattern to be seen: zeros.
    """
    if season < 2 or series.size < 2 * season:
        return np.zeros(max(season, 1))
    rest = series - _moving_mean(series, season)
    places = np.arange(series.size) % season
    pattern = np.array([np.nanmedian(rest[places == place]) for place in range(season)])
    return np.asarray(pattern - pattern.mean(), dtype=np.float64)


def backtest_errors(
    series: Floats, method: Method, origins: Sequence[int], season: int, horizon: int
) -> Floats:
    """Return what a method missed by (actual − forecast), one row per origin, one column per step ahead."""
    rows = [series[at : at + horizon] - method(series[:at], season, horizon) for at in origins]
    return np.array(rows)


def mase_scale(series: Floats, season: int) -> float | None:
    """Return the mean absolute seasonal change, unit of MASE (Hyndman & Koehler 2006); None without any."""
    changes = np.abs(series[season:] - series[:-season])
    return float(changes.mean()) if changes.size and changes.any() else None


def smape(actual: Floats, predicted: Floats) -> float:
    """Return the mean of 2·|a − f| / (|a| + |f|), 0..2, where nothing against nothing is no error."""
    size = np.abs(actual) + np.abs(predicted)
    return float(np.where(size > 0, 2 * np.abs(actual - predicted) / np.where(size > 0, size, 1), 0).mean())


def _origins(series: Floats, season: int, horizon: int) -> range:
    if season < 1 or horizon < 1:
        raise CannotCompute("no_such_horizon", gettext_noop("Season and horizon must be one period or more."))
    needed = 2 * season + horizon + MINIMUM_ORIGINS - 1
    if series.size < needed:
        raise CannotCompute(
            "history_too_short",
            gettext_noop("Too few periods for a forecast: %(found)s of the %(needed)s needed."),
            {"needed": needed, "found": int(series.size)},
        )
    return range(2 * season, series.size - horizon + 1)


def _accuracy(series: Floats, errors: Floats, origins: Sequence[int], season: int) -> Accuracy:
    actual = np.array([series[at : at + errors.shape[1]] for at in origins])
    scales = [mase_scale(series[:at], season) for at in origins]
    scaled = [np.abs(row).mean() / scale for row, scale in zip(errors, scales, strict=True) if scale]
    return Accuracy(
        mae=float(np.abs(errors).mean()),
        mase=float(np.mean(scaled)) if scaled else None,
        smape=smape(actual, actual - errors),
    )


def _reach(errors: Floats, confidence: float) -> Floats:
    ordered = np.sort(np.abs(errors), axis=0)
    # Split-conformal rank: with n past errors the new one is within the k-th smallest with k/(n + 1).
    rank = min(ordered.shape[0], ceil((ordered.shape[0] + 1) * confidence))
    return np.asarray(np.maximum.accumulate(ordered[rank - 1]), dtype=np.float64)


def _moving_mean(series: Floats, season: int) -> Floats:
    # A season of even length is centred by giving both ends half a weight.
    weights = np.ones(season) if season % 2 else np.concatenate(([0.5], np.ones(season - 1), [0.5]))
    middle = np.convolve(series, weights / season, mode="valid")
    edge = (series.size - middle.size) // 2
    means = np.full(series.size, np.nan)
    means[edge : edge + middle.size] = middle
    return means
