"""What an account leaves us after its discounts, goods and service; money is Decimal and adds up exactly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from accounts.arithmetic import CannotCompute, Number, as_floats, exact, gettext_noop


@dataclass(frozen=True, slots=True)
class AccountBooks:
    """One account in one period, all positive amounts of one currency."""

    list_revenue: Decimal
    discounts: Decimal = Decimal(0)
    rebates: Decimal = Decimal(0)
    cost_of_goods: Decimal = Decimal(0)
    cost_to_serve: Decimal = Decimal(0)
    other_costs: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Contribution:
    """The steps from list revenue down to the account's contribution; rates are parts of the net revenue."""

    net_revenue: Decimal
    gross_margin: Decimal
    contribution: Decimal
    gross_rate: float | None
    contribution_rate: float | None
    discount_rate: float | None


@dataclass(frozen=True, slots=True)
class Activity:
    """A kind of work: minutes per time, and how often it was done."""

    minutes: Decimal
    times: int


@dataclass(frozen=True, slots=True)
class CapacityUse:
    """Time-driven costs: what was used per activity, and what was paid for and not used."""

    rate_per_minute: Decimal
    unit_costs: Mapping[str, Decimal]
    costs: Mapping[str, Decimal]
    used_minutes: Decimal
    used_cost: Decimal
    unused_minutes: Decimal
    unused_cost: Decimal
    utilisation: float


@dataclass(frozen=True, slots=True)
class WhaleCurve:
    """Cumulated contribution as parts of the total, most profitable account first.

    ``peak`` (1 or more) is what the profitable accounts earn before the others take it away again;
    ``peak_accounts`` is how many accounts that are.
    """

    cumulated: Sequence[float]
    peak: float
    peak_accounts: int
    destroyed: float


@dataclass(frozen=True, slots=True)
class Concession:
    """A discount given on a line: list amount, discount granted, and the rate (0..1) the policy allows."""

    list_amount: Decimal
    granted: Decimal
    allowed_rate: Decimal

    @property
    def leaked(self) -> Decimal:
        """The money granted above the policy; negative on the reversal of such a line."""
        above = self.granted - self.list_amount * self.allowed_rate
        return min(above, Decimal(0)) if self.list_amount < 0 else max(above, Decimal(0))


@dataclass(frozen=True, slots=True)
class Leakage:
    """Discounts against the policy, net of reversals; ``leaked`` is what was granted above it, line by line."""

    granted: Decimal
    allowed: Decimal
    leaked: Decimal
    granted_rate: float | None
    leaked_rate: float | None


@dataclass(frozen=True, slots=True)
class Movement:
    """Revenue and contribution of an account in two periods."""

    account: str
    revenue_before: Decimal
    revenue_after: Decimal
    contribution_before: Decimal
    contribution_after: Decimal

    @property
    def revenue_change(self) -> Decimal:
        """The money by which revenue rose."""
        return self.revenue_after - self.revenue_before

    @property
    def contribution_change(self) -> Decimal:
        """The money by which the contribution rose; negative when it fell."""
        return self.contribution_after - self.contribution_before


def account_contribution(books: AccountBooks) -> Contribution:
    """Return list revenue − discounts − rebates = net revenue, − goods = margin, − service = contribution."""
    net = books.list_revenue - books.discounts - books.rebates
    margin = net - books.cost_of_goods
    left = margin - books.cost_to_serve - books.other_costs
    return Contribution(
        net_revenue=net,
        gross_margin=margin,
        contribution=left,
        gross_rate=_rate(margin, net),
        contribution_rate=_rate(left, net),
        discount_rate=_rate(books.discounts + books.rebates, books.list_revenue),
    )


def time_driven_costs(
    capacity_cost: Number, capacity_minutes: Number, activities: Mapping[str, Activity]
) -> CapacityUse:
    """Return time-driven activity costs (Kaplan & Anderson, HBR 2004): rate · minutes · times.

    Unused capacity is shown and not spread over the customers. More minutes used than there are give a
    negative unused capacity: overtime, or unit times that are too long. Raises CannotCompute when there is
    no capacity.
    """
    cost, minutes = exact(capacity_cost), exact(capacity_minutes)
    if minutes <= 0:
        raise CannotCompute("no_capacity", gettext_noop("Costs per minute need a capacity above zero."))
    rate = cost / minutes
    used = sum((work.minutes * work.times for work in activities.values()), Decimal(0))
    return CapacityUse(
        rate_per_minute=rate,
        unit_costs={name: rate * work.minutes for name, work in activities.items()},
        costs={name: rate * work.minutes * work.times for name, work in activities.items()},
        used_minutes=used,
        used_cost=rate * used,
        unused_minutes=minutes - used,
        unused_cost=cost - rate * used,
        utilisation=float(used / minutes),
    )


def whale_curve(contributions: Iterable[Number]) -> WhaleCurve:
    """Return the whale curve; raises CannotCompute when all together contribute nothing or less."""
    amounts = np.sort(as_floats(contributions))[::-1]
    total = float(amounts.sum())
    if total <= 0:
        raise CannotCompute(
            "total_not_positive", gettext_noop("A whale curve needs a total contribution above zero.")
        )
    cumulated = np.cumsum(amounts) / total
    top = int(cumulated.argmax())
    peak = float(cumulated[top])
    return WhaleCurve([float(value) for value in cumulated], peak, top + 1, peak - 1)


def discount_leakage(concessions: Iterable[Concession]) -> Leakage:
    """Return how much discount was granted above the policy; staying below it elsewhere offsets nothing.

    The reversal of a line has a negative list amount and takes back what that line leaked.
    """
    rows = list(concessions)
    listed = sum((row.list_amount for row in rows), Decimal(0))
    granted = sum((row.granted for row in rows), Decimal(0))
    allowed = sum((row.list_amount * row.allowed_rate for row in rows), Decimal(0))
    leaked = sum((row.leaked for row in rows), Decimal(0))
    return Leakage(granted, allowed, leaked, _rate(granted, listed), _rate(leaked, listed))


def fell_while_revenue_rose(movements: Iterable[Movement]) -> list[Movement]:
    """Return the accounts whose contribution fell while their revenue rose, the largest fall first."""
    worse = [row for row in movements if row.revenue_change > 0 > row.contribution_change]
    return sorted(worse, key=lambda row: (row.contribution_change, row.account))


def _rate(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole > 0 else None
