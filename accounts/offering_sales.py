"""What offerings bring in: revenue, buyers and the last sale of each, from the lines a person may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, F, Max, Q, QuerySet, Sum

from accounts.amounts import Units, from_units
from accounts.models import Account, Offering, SalesLine
from accounts.querysets import SalesLineQuerySet
from accounts.rollup import sales_stamp
from accounts.windows import Span, Window

KEEP_SECONDS = 600


@dataclass(frozen=True, slots=True)
class OfferingSales:
    """Net revenue of a window and of the one before it (None: there is none before), buyers, the last sale."""

    revenue: Decimal = Decimal(0)
    before: Decimal | None = None
    accounts: int = 0
    last_on: date | None = None

    @property
    def growth(self) -> float | None:
        return float(self.revenue / self.before - 1) if self.before and self.before > 0 else None


@dataclass(frozen=True, slots=True)
class Buyer:
    """An account that bought an offering."""

    account: Account
    revenue: Decimal
    quantity: Decimal
    last_on: date


NOTHING = OfferingSales()


def sales_by_offering(user: Any, window: Window, as_of: date) -> dict[UUID, OfferingSales]:
    """Return the sales of every offering and of every group, in three queries.

    For who sees everything they are kept for ten minutes or until sales change: the lines of an
    offering lie all over the table.
    """
    if not user.sees_everything:
        return _computed(user, window, as_of)
    key = f"accounts.offering_sales:{window.name}:{as_of.isoformat()}:{sales_stamp()}"
    found: dict[UUID, OfferingSales] | None = cache.get(key)
    if found is None:
        found = _computed(user, window, as_of)
        cache.set(key, found, KEEP_SECONDS)
    return found


def buyers_of(offering: Offering, user: Any, span: Span, most: int) -> list[Buyer]:
    """Return the accounts with the most revenue from an offering, or from all of a group."""
    lines = _lines(user).between(span.start, span.end).filter(_of(offering))
    rows = (
        lines.values("account")
        .annotate(units=Sum(Units(F("amount"))), pieces=Sum(Units(F("quantity"))), last_on=Max("ordered_on"))
        .order_by("-units", "account")[:most]
    )
    found = list(rows)
    accounts = Account.objects.in_bulk([row["account"] for row in found])
    return [
        Buyer(accounts[row["account"]], from_units(row["units"]), from_units(row["pieces"]), row["last_on"])
        for row in found
        if row["account"] in accounts
    ]


def _lines(user: Any) -> SalesLineQuerySet:
    return cast(SalesLineQuerySet, SalesLine.objects.visible_to(user)).filter(offering__isnull=False)


def _of(offering: Offering) -> Q:
    return Q(offering=offering) | Q(offering__parent=offering)


def _computed(user: Any, window: Window, as_of: date) -> dict[UUID, OfferingSales]:
    lines = _lines(user)
    span, previous = window.span(as_of), window.previous(as_of)
    before: dict[UUID, int] | None = None
    if previous:
        sold = lines.between(previous.start, previous.end).values("offering").order_by()
        before = dict(sold.annotate(units=Sum(Units(F("amount")))).values_list("offering", "units"))
    now = lines.between(span.start, span.end)
    rows = _summed(now, "offering")
    parents = dict(Offering.objects.filter(parent__isnull=False).values_list("pk", "parent"))
    if parents:
        rows += _summed(now.filter(offering__parent__isnull=False), "offering__parent")
    if before is not None:
        before = _with_groups(before, parents)
    return {
        key: OfferingSales(
            from_units(units), None if before is None else from_units(before.get(key, 0)), accounts, last_on
        )
        for key, units, accounts, last_on in rows
    }


def _summed(lines: QuerySet[SalesLine], key: str) -> list[Any]:
    figures = {
        "units": Sum(Units(F("amount"))),
        "buyers": Count("account", distinct=True, filter=Q(amount__gt=0)),
        "last_on": Max("ordered_on", filter=Q(amount__gt=0)),
    }
    return list(lines.values(key).order_by().annotate(**figures).values_list(key, *figures))


def _with_groups(units: dict[UUID, int], parents: dict[UUID, UUID]) -> dict[UUID, int]:
    sums: dict[UUID, int] = defaultdict(int, units)
    for offering, parent in parents.items():
        sums[parent] += units.get(offering, 0)
    return sums


def in_order(ids: Iterable[UUID], sales: dict[UUID, OfferingSales], sort: str) -> list[UUID]:
    """Return offerings by ``revenue``, ``growth``, ``accounts`` or ``last``; what is unknown comes last."""
    name, falling = sort.removeprefix("-"), sort.startswith("-")

    def value(key: UUID) -> Any:
        found = sales.get(key, NOTHING)
        worth = {"revenue": found.revenue, "growth": found.growth, "accounts": found.accounts}
        if name == "last":
            return found.last_on and found.last_on.toordinal()
        return worth[name]

    known = [key for key in ids if value(key) is not None]
    unknown = [key for key in ids if value(key) is None]
    return sorted(known, key=value, reverse=falling) + unknown
