"""How much of the revenue hangs on how few accounts: Pareto, Lorenz, Gini, Herfindahl.

Amounts may be negative (net of reversals). The total and every share are of the sum of all amounts; Gini,
Lorenz and Herfindahl are defined for positive amounts only and look at those, as shares of their own sum. A
share of a total that is not positive means nothing and is None.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from accounts.arithmetic import CannotCompute, Floats, Number, as_floats, gettext_noop, ratio

CURVE_POINTS = 200
# A cumulated share may miss its limit by rounding of the last binary digit; that must not cost an account.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Concentration:
    """The concentration of a portfolio; shares are 0..1 (above 1 where others are negative)."""

    accounts: int
    total: float
    top20_count: int
    top20_share: float | None
    top10_share: float | None
    largest_share: float | None
    gini: float | None
    hhi: float | None
    effective_number: float | None
    accounts_for_50: int | None
    accounts_for_80: int | None
    accounts_for_95: int | None


def concentration(values: Iterable[Number]) -> Concentration:
    """Return all indices for one amount per account.

    ``top20`` is the fifth of the accounts with the largest amounts, rounded up; ``top10`` are the ten
    largest accounts; ``hhi`` is 10,000 times the sum of squared shares; ``effective_number`` its inverse,
    the number of equally large accounts that would be as concentrated.
    """
    amounts = _largest_first(values)
    total = float(amounts.sum())
    index = hhi(amounts)
    fifth = top_count(amounts.size, 0.2)
    return Concentration(
        accounts=int(amounts.size),
        total=total,
        top20_count=fifth,
        top20_share=ratio(amounts[:fifth].sum(), total),
        top10_share=ratio(amounts[:10].sum(), total),
        largest_share=ratio(amounts[:1].sum(), total),
        gini=gini(amounts),
        hhi=index,
        effective_number=None if index is None else 10_000 / index,
        accounts_for_50=_accounts_for(amounts, total, 0.50),
        accounts_for_80=_accounts_for(amounts, total, 0.80),
        accounts_for_95=_accounts_for(amounts, total, 0.95),
    )


def top_count(accounts: int, fraction: float) -> int:
    """Return how many accounts a fraction (0..1) is, rounded up without binary rounding surprises."""
    return math.ceil(Fraction(str(fraction)) * accounts)


def top_share(values: Iterable[Number], fraction: float) -> float | None:
    """Return the share of the total that the given fraction of the accounts, the largest ones, brings."""
    amounts = _largest_first(values)
    return ratio(amounts[: top_count(amounts.size, fraction)].sum(), float(amounts.sum()))


def gini(values: Iterable[Number], *, unbiased: bool = False) -> float | None:
    """Return the Gini index 0..1 over the positive amounts: 2·Σ i·x_i / (n·Σ x) − (n + 1)/n, x ascending.

    ``unbiased`` multiplies by n/(n − 1), so that one account having everything is exactly 1.
    """
    amounts = _positives_ascending(values)
    count = amounts.size if not unbiased else amounts.size - 1
    if not amounts.size or count == 0:
        return 0.0 if amounts.size else None
    ranks = np.arange(1, amounts.size + 1)
    # Scaled to the largest first, so that neither huge nor tiny amounts leave the range of a float.
    scaled = amounts / amounts[-1]
    index = (2 * (ranks * scaled).sum() / scaled.sum() - (amounts.size + 1)) / count
    return float(min(max(index, 0.0), 1.0))


def hhi(values: Iterable[Number]) -> float | None:
    """Return the Herfindahl–Hirschman index in points, 10,000 · Σ share², over the positive amounts."""
    amounts = _positives_ascending(values)
    return float(10_000 * ((amounts / amounts.sum()) ** 2).sum()) if amounts.size else None


def pareto_points(values: Iterable[Number], limit: int = CURVE_POINTS) -> list[tuple[float, float]]:
    """Return (share of accounts, share of the total), largest account first, from (0, 0), at most ``limit``.

    The curve passes 1 where accounts with negative amounts follow. Empty where the total is not positive.
    """
    amounts = _largest_first(values)
    return _curve(amounts, limit) if amounts.sum() > 0 else []


def lorenz_points(values: Iterable[Number], limit: int = CURVE_POINTS) -> list[tuple[float, float]]:
    """Return (share of accounts, share of the total), smallest positive first, from (0, 0) to (1, 1)."""
    amounts = _positives_ascending(values)
    return _curve(amounts, limit) if amounts.size else []


def abc_classes(values: Mapping[str, Number], limits: Sequence[float] = (0.8, 0.95)) -> dict[str, str]:
    """Return class A, B or C per key: A while the cumulated share *before* it is below the first limit.

    So the account that crosses 80 % is still an A account. Raises CannotCompute without a positive total.
    """
    ordered = sorted(values, key=lambda key: -values[key])
    amounts = as_floats(values[key] for key in ordered)
    total = float(amounts.sum())
    if total <= 0:
        raise CannotCompute("total_not_positive", gettext_noop("Shares need a total above zero."))
    before = (np.cumsum(amounts) - amounts) / total
    places = np.searchsorted(np.asarray(limits) - ROUNDING, before, side="right")
    return {key: "ABC"[place] for key, place in zip(ordered, places, strict=True)}


def pareto_exponent(top: float, share: float) -> float:
    """Return alpha of the Pareto distribution whose ``top`` part holds ``share``: 0.2, 0.8 -> 1.161.

    Raises CannotCompute where ``share`` does not lie between ``top`` and 1.
    """
    if not 0 < top < share < 1:
        raise CannotCompute(
            "not_concentrated", gettext_noop("The share must lie between the part that holds it and 1.")
        )
    return 1 / (1 - math.log(share) / math.log(top))


def pareto_top_share(top: float, alpha: float) -> float:
    """Return what the ``top`` part (0..1) holds under a Pareto distribution with exponent alpha above 1."""
    return float(top ** (1 - 1 / alpha))


def pareto_gini(alpha: float) -> float:
    """Return the Gini index of a Pareto distribution with exponent alpha above 1: 1/(2·alpha − 1)."""
    return 1 / (2 * alpha - 1)


def _largest_first(values: Iterable[Number]) -> Floats:
    return np.sort(as_floats(values))[::-1]


def _positives_ascending(values: Iterable[Number]) -> Floats:
    amounts = as_floats(values)
    return np.sort(amounts[amounts > 0])


def _accounts_for(amounts: Floats, total: float, share: float) -> int | None:
    if total <= 0:
        return None
    reached = np.cumsum(amounts) >= (share - ROUNDING) * total
    return int(reached.argmax()) + 1


def _curve(amounts: Floats, limit: int) -> list[tuple[float, float]]:
    cumulated = np.concatenate(([0.0], np.cumsum(amounts)))
    last = amounts.size
    kept = np.unique(np.linspace(0, last, min(limit, last + 1)).round().astype(int))
    shares = cumulated[kept] / cumulated[-1]
    return [(float(x), float(y)) for x, y in zip(kept / last, shares, strict=True)]
