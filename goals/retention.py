"""Retention of a fixed cohort: what became of the revenue of those who were customers at the start.

The cohort is everyone with positive revenue in the base period. Who was not, is new business (also a former
customer who comes back) and counts in no rate. The netting level is the key of the pairs: one pair per
account nets products against each other, one per account and product does not, and the gross rate differs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from accounts.arithmetic import CannotCompute, Number, exact, gettext_noop

Units = NDArray[np.int64]
Pair = tuple[Number, Number]


@dataclass(frozen=True, slots=True)
class Retention:
    """Movements in money and rates as parts of the base revenue; a rate of an empty cohort is None.

    base + expansion − contraction − churned + new = the whole current revenue.
    """

    base_accounts: int
    base_revenue: Decimal
    current_revenue: Decimal
    churned: Decimal
    contraction: Decimal
    expansion: Decimal
    new: Decimal
    retained_accounts: int
    nrr: float | None
    grr: float | None
    logo_retention: float | None
    growth: float | None


def retention(pairs: Iterable[Pair]) -> Retention:
    """Return what became of the base, from one (base, current) pair of revenues per account.

    NRR = Σ current / Σ base, GRR = Σ min(current, base) / Σ base, both over the cohort; an account is
    retained when its current revenue is positive. A negative current revenue (credits only) has lost more
    than the base and counts as churn with its whole difference.
    """
    sums = dict.fromkeys(("base", "churned", "contraction", "expansion", "new", "current"), Decimal(0))
    members = retained = 0
    for base, current in ((exact(before), exact(after)) for before, after in pairs):
        sums["current"] += current
        if base <= 0:
            # A base below zero was credits: what the account brings now is no growth of a cohort revenue.
            sums["new"] += current
            continue
        members += 1
        retained += current > 0
        sums["base"] += base
        sums[_movement(base, current)] += abs(current - base)
    kept = sums["base"] - sums["contraction"] - sums["churned"]
    return Retention(
        base_accounts=members,
        base_revenue=sums["base"],
        current_revenue=sums["current"],
        churned=sums["churned"],
        contraction=sums["contraction"],
        expansion=sums["expansion"],
        new=sums["new"],
        retained_accounts=retained,
        nrr=_rate(kept + sums["expansion"], sums["base"]),
        grr=_rate(kept, sums["base"]),
        logo_retention=_rate(Decimal(retained), Decimal(members)),
        growth=_rate(sums["current"] - sums["base"], sums["base"]),
    )


def retention_of_accounts(base: Mapping[str, Number], current: Mapping[str, Number]) -> Retention:
    """Return the retention from two revenues per account; who is missing in one had nothing there."""
    keys = base.keys() | current.keys()
    return retention((base.get(key, 0), current.get(key, 0)) for key in keys)


def retention_of_units(base: Units, current: Units, unit: Decimal) -> Retention:
    """Return the same from two columns of whole units, one row per account: for very many accounts."""
    member = base > 0
    gone = member & (current <= 0)
    # Added up as numbers of any length: a column of amounts may hold more than fits one of its cells.
    lost, less, more, fresh, all_base, all_current = (
        sum(amounts.tolist()) * unit
        for amounts in (
            (base - current)[gone],
            (base - current)[member & ~gone & (current < base)],
            (current - base)[member & (current > base)],
            current[~member],
            base[member],
            current,
        )
    )
    members, retained = int(member.sum()), int((member & (current > 0)).sum())
    kept = all_base - less - lost
    return Retention(
        base_accounts=members,
        base_revenue=all_base,
        current_revenue=all_current,
        churned=lost,
        contraction=less,
        expansion=more,
        new=fresh,
        retained_accounts=retained,
        nrr=_rate(kept + more, all_base),
        grr=_rate(kept, all_base),
        logo_retention=_rate(Decimal(retained), Decimal(members)),
        growth=_rate(all_current - all_base, all_base),
    )


def retention_from_movements(
    start: Number, *, expansion: Number = 0, contraction: Number = 0, churn: Number = 0
) -> tuple[float | None, float | None]:
    """Return (NRR, GRR) from known movements: (S + E − C − X)/S and (S − C − X)/S.

    Raises CannotCompute when a movement is negative or more is lost than was there.
    """
    base, more, less, gone = (exact(value) for value in (start, expansion, contraction, churn))
    if min(more, less, gone) < 0:
        raise CannotCompute("movement_negative", gettext_noop("Movements are given as positive amounts."))
    if less + gone > base:
        raise CannotCompute("lost_more_than_all", gettext_noop("More cannot be lost than there was."))
    return _rate(base + more - less - gone, base), _rate(base - less - gone, base)


def compound_growth(start: Number, end: Number, years: float) -> float | None:
    """Return the yearly growth (end/start)^(1/years) − 1, or None where start or years are not positive."""
    first, last = float(start), float(end)
    if first <= 0 or last < 0 or years <= 0:
        return None
    return float((last / first) ** (1 / years)) - 1


def _movement(base: Decimal, current: Decimal) -> str:
    if current <= 0:
        return "churned"
    return "expansion" if current > base else "contraction"


def _rate(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole > 0 else None
