"""Repeat buyers as a model, and what a customer is worth over its life.

BG/NBD: Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2), 275–284.

A customer buys at random with a rate of its own until, after some purchase, it drops out for good. Rates are
gamma distributed over customers (r, alpha), drop-out probabilities beta (a, b). A history is x repeat
purchases, the last at t_x, in an observation of length T; all times in one unit, in weeks for instance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, expm1, inf, isfinite, lgamma, log, log1p

import numpy as np

from accounts.arithmetic import CannotCompute, Floats, gettext_noop
from goals.minimise import minimise

History = tuple[int, float, float]
MINIMUM_CUSTOMERS = 100


@dataclass(frozen=True, slots=True)
class BuyingModel:
    """The four parameters of BG/NBD, all above zero."""

    r: float
    alpha: float
    a: float
    b: float

    def __post_init__(self) -> None:
        if not all(isfinite(value) and value > 0 for value in (self.r, self.alpha, self.a, self.b)):
            raise CannotCompute(
                "parameter_not_positive",
                gettext_noop("Every parameter of the buying model must lie above zero."),
            )


def expected_purchases(model: BuyingModel, periods: float, history: History = (0, 0.0, 0.0)) -> float:
    """Return the purchases to expect in the next ``periods``, of a new customer where no history is given."""
    x, _, observed = history
    _check(history)
    if periods <= 0:
        return 0.0
    z = periods / (model.alpha + observed + periods)
    # Euler's transformation of the published formula: the series converges for every z below 1, and the
    # power of a large x, which overflows in the original form, cancels out.
    # Two removable poles, a = 1 and a + b + x = 1, are stepped over.
    a = model.a if min(abs(model.a - 1), abs(model.a + model.b + x - 1)) > 1e-7 else model.a + 2e-7
    series = _hypergeometric(a + model.b - 1 - model.r, a - 1, a + model.b + x - 1, z)
    log_power = (a - 1) * log1p(-z)
    bracket = -expm1(log_power) - exp(log_power) * (series - 1)
    return (a + model.b + x - 1) / (a - 1) * bracket * probability_alive(model, history)


def probability_alive(model: BuyingModel, history: History) -> float:
    """Return the probability that the customer has not dropped out for good."""
    x, last, observed = history
    _check(history)
    if x == 0:
        return 1.0
    odds = log(model.a / (model.b + x - 1)) + (model.r + x) * log(
        (model.alpha + observed) / (model.alpha + last)
    )
    return 1 / (1 + exp(min(odds, 700.0)))


def probability_of_purchases(model: BuyingModel, count: int, periods: float) -> float:
    """Return the probability that a new customer buys again exactly ``count`` times in ``periods``."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    p, q = alpha / (alpha + periods), periods / (alpha + periods)
    counts = [exp(lgamma(r + j) - lgamma(r) - lgamma(j + 1)) * p**r * q**j for j in range(count + 1)]
    still = exp(_log_beta(a, b + count) - _log_beta(a, b)) * counts[count]
    if count == 0:
        return still
    return still + exp(_log_beta(a + 1, b + count - 1) - _log_beta(a, b)) * (1 - sum(counts[:count]))


def log_likelihood(model: BuyingModel, histories: Iterable[History]) -> float:
    """Return the log-likelihood of the histories under the model."""
    return _log_likelihood(model, _columns(histories))


def fit(histories: Iterable[History], minimum: int = MINIMUM_CUSTOMERS) -> BuyingModel:
    """Return the most likely model; raises CannotCompute for fewer than ``minimum`` customers."""
    columns = _columns(histories)
    count = columns[0].size
    if count < minimum:
        raise CannotCompute(
            "too_few_customers",
            gettext_noop("Too few customers for the model: %(found)s of the %(needed)s needed."),
            {"needed": minimum, "found": int(count)},
        )

    def loss(logarithms: Floats) -> float:
        # Beyond e^±12 nothing sensible lies; the wall keeps the search from running away on flat data.
        if np.abs(logarithms).max() > 12:
            return inf
        return -_log_likelihood(BuyingModel(*np.exp(logarithms).tolist()), columns)

    start = np.log([1.0, max(1.0, float(np.median(columns[2])) / 4), 1.0, 2.0])
    return BuyingModel(*np.exp(minimise(loss, start)).tolist())


def lifetime_value(margin: float, retention: float, discount: float, years: int | None = None) -> float:
    """Return margin · r/(1 + i − r): yearly margin, kept with probability r (0..1), discounted at rate i.

    With ``years`` only so many are counted. Raises CannotCompute when the sum would not end.
    """
    if not 0 <= retention <= 1 or discount < 0 or (years is None and 1 + discount <= retention):
        raise CannotCompute(
            "value_without_end",
            gettext_noop("Retention must lie between 0 and 1, and the discount rate above zero."),
        )
    factor = retention / (1 + discount)
    if years is None:
        return margin * retention / (1 + discount - retention)
    return margin * sum(factor**year for year in range(1, years + 1))


def _check(history: History) -> None:
    x, last, observed = history
    if x < 0 or not 0 <= last <= observed or (x == 0 and last > 0):
        raise CannotCompute(
            "no_such_history", gettext_noop("The last purchase must lie within the time observed.")
        )


def _hypergeometric(a: float, b: float, c: float, z: float) -> float:
    term = total = 1.0
    for n in range(100_000):
        term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z
        total += term
        if abs(term) < 1e-14 * abs(total):
            break
    return total


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _columns(histories: Iterable[History]) -> tuple[Floats, Floats, Floats]:
    rows = list(histories)
    for row in rows:
        _check(row)
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _log_gamma(base: float, counts: Floats) -> Floats:
    distinct, places = np.unique(counts, return_inverse=True)
    return np.array([lgamma(base + value) for value in distinct])[places]


def _log_likelihood(model: BuyingModel, columns: tuple[Floats, Floats, Floats]) -> float:
    x, last, observed = columns
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    fixed = _log_gamma(r, x) - lgamma(r) + r * log(alpha)
    fixed = fixed + lgamma(a + b) - lgamma(b) + _log_gamma(b, x) - _log_gamma(a + b, x)
    alive = -(r + x) * np.log(alpha + observed)
    gone = np.full_like(alive, -inf)
    bought = x > 0
    gone[bought] = np.log(a / (b + x[bought] - 1)) - (r + x[bought]) * np.log(alpha + last[bought])
    return float((fixed + np.logaddexp(alive, gone)).sum())
