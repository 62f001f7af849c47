"""Accounts whose volume is exhausted: units still up, the share of wallet at its ceiling; set-based."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, Sum, When

from accounts.amounts import Units, from_units
from accounts.models import Account, AccountMonth, SalesLine
from accounts.windows import months_before
from goals.models import AccountYear
from goals.periods import Period
from goals.purchasing import saturation


@dataclass(frozen=True, slots=True)
class Saturated:
    """An account that buys nearly all it needs from us, and how its units changed against the year before."""

    account: Account
    share: float
    units_before: Decimal
    units_now: Decimal


def saturated_accounts(accounts: QuerySet[Account], today: date) -> list[Saturated]:
    """Return those of ``accounts`` that the saturation rule applies to, the fullest first; three queries.

    Compared are the last twelve full months with the twelve before; an account without a known spend, or with
    a spend below our revenue (one of the two is wrong), is not judged.
    """
    latest = AccountYear.objects.filter(account=OuterRef("pk"), wallet__gt=0, year__lte=today.year)
    known = {
        account.pk: account
        for account in accounts.order_by()
        .annotate(known_wallet=Subquery(latest.order_by("-year").values("wallet")[:1]))
        .filter(known_wallet__isnull=False)
    }
    if not known:
        return []
    end = today.replace(day=1)
    now = Period(months_before(end, 12), end)
    before = Period(months_before(end, 24), now.start)
    revenue, units = _revenue(known, now), _units(known, before, now)
    found = [
        Saturated(account, share, *units.get(pk, (Decimal(0), Decimal(0))))
        for pk, account in known.items()
        if (share := float(revenue.get(pk, Decimal(0)) / account.known_wallet)) <= 1
    ]
    return sorted(
        (row for row in found if saturation(row.units_before, row.units_now, row.share).saturated),
        key=lambda row: (-row.share, str(row.account.pk)),
    )


def _revenue(known: dict[UUID, Any], period: Period) -> dict[UUID, Decimal]:
    rows = AccountMonth.objects.filter(account__in=known, month__gte=period.start, month__lt=period.end)
    sums = rows.order_by().values("account").annotate(units=Sum(Units(F("net"))))
    return {pk: from_units(units) for pk, units in sums.values_list("account", "units")}


def _units(known: dict[UUID, Any], before: Period, now: Period) -> dict[UUID, tuple[Decimal, Decimal]]:
    lines = SalesLine.objects.filter(account__in=known).between(before.start, now.end)
    sums = (
        lines.order_by()
        .values("account")
        .annotate(earlier=_quantity(ordered_on__lt=now.start), later=_quantity(ordered_on__gte=now.start))
    )
    rows = sums.values_list("account", "earlier", "later")
    return {pk: (from_units(earlier), from_units(later)) for pk, earlier, later in rows}


def _quantity(**when: Any) -> Any:
    return Sum(Case(When(**when, then=Units(F("quantity"))), default=0, output_field=BigIntegerField()))
