"""What an account will need next: orders due, volume that is exhausted, what comparable accounts buy."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from accounts.amounts import PER_ONE, Units
from accounts.gaps import Gaps
from accounts.models import Account, AccountMonth, Offering, SalesLine
from accounts.windows import months_before
from goals.periods import Period
from goals.purchasing import (
    SIZE_BAND,
    Buyer,
    CrossSell,
    Saturation,
    cadences,
    cross_sell,
    saturation,
    share_of_wallet,
)
from goals.wallets import Wallet

ALL = "*"
MOST_PEERS = 200


@dataclass(frozen=True, slots=True)
class OfferingUse:
    """What an account buys of an offering: revenue in two periods, and the rhythm of its orders."""

    offering: Offering | None
    revenue: Decimal
    before: Decimal
    gaps: Gaps | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offering that comparable accounts buy."""

    offering: Offering
    found: CrossSell


def rhythm(account: Account, today: date) -> dict[UUID | None, Gaps]:
    """Return the rhythm of an account's orders (key None) and of each offering's, in one query."""
    days = (
        SalesLine.objects.filter(account=account, amount__gt=0, ordered_on__lte=today)
        .order_by()
        .values_list("offering", "ordered_on")
        .distinct()
    )
    orders = [(ALL, str(offering or ""), day) for offering, day in days]
    found: dict[UUID | None, Gaps] = {}
    for cadence in cadences(orders, today):
        if cadence.offering is None:
            found[None] = cadence.gaps
        elif cadence.offering:
            found[UUID(cadence.offering)] = cadence.gaps
    return found


def offering_use(
    account: Account, period: Period, compare: Period, gaps: dict[UUID | None, Gaps]
) -> list[OfferingUse]:
    """Return the offerings an account has ever bought, the largest of the period first."""
    lines = SalesLine.objects.filter(account=account)
    now, before = (_spend(lines, each) for each in (period, compare))
    keys = {pk for pk in gaps if pk} | {pk for pk in now.keys() | before.keys() if pk}
    offerings = Offering.objects.in_bulk(list(keys))
    rows = [
        OfferingUse(offerings.get(pk), now.get(pk, Decimal(0)), before.get(pk, Decimal(0)), gaps.get(pk))
        for pk in keys
    ]
    return sorted(rows, key=lambda row: (-row.revenue, -row.before, str(row.offering)))


def wallet(
    known: Wallet | None, revenue: Decimal, units: tuple[Decimal, Decimal]
) -> tuple[float | None, Saturation]:
    """Return our share of the known spend, and what the saturation rule says."""
    share = share_of_wallet(revenue, known.value) if known else None
    return share, saturation(units[0], units[1], share)


def candidates(account: Account, today: date) -> list[Candidate]:
    """Return what comparable accounts buy and this one could; raises CannotCompute with too few of them.

    Comparable is who has the same industry and between half and twice the revenue of the last 12 months; of more
    than ``MOST_PEERS`` the nearest by revenue are compared.
    """
    end = today.replace(day=1)
    period = Period(months_before(end, 12), end)
    own, sizes = _sizes(account, period)
    spends = _spends([account.pk, *sizes], period)
    me = Buyer(str(account.pk), account.industry, own, spends.get(account.pk, {}))
    peers = [Buyer(str(pk), account.industry, size, spends.get(pk, {})) for pk, size in sizes.items()]
    found = [row for row in cross_sell(me, peers) if row.current <= 0]
    offerings = Offering.objects.in_bulk([UUID(row.offering) for row in found])
    return [Candidate(offerings[UUID(row.offering)], row) for row in found if UUID(row.offering) in offerings]


def _sizes(account: Account, period: Period) -> tuple[float, dict[UUID, float]]:
    """Return the account's revenue, and that of those of its industry whose size is nearest to it.

    The database sorts out who is not comparable: of a hundred thousand accounts only the near ones are fetched.
    """
    months = AccountMonth.objects.filter(month__gte=period.start, month__lt=period.end).order_by()
    own = int(months.filter(account=account).aggregate(units=Sum(Units(F("net")), default=0))["units"])
    # A list of accounts instead of a join: their months lie side by side.
    like = Account.objects.filter(industry=account.industry).exclude(pk=account.pk).order_by().values("pk")
    rows = (
        months.filter(account__in=like)
        .values("account")
        .annotate(units=Sum(Units(F("net"))))
        .filter(units__gt=0, units__gte=int(own / SIZE_BAND), units__lte=int(own * SIZE_BAND) + 1)
        .order_by(Abs(F("units") - own), "account")
        .values_list("account", "units")[:MOST_PEERS]
    )
    return own / PER_ONE, {pk: int(units) / PER_ONE for pk, units in rows}


def _spends(accounts: list[UUID], period: Period) -> dict[UUID, dict[str, float]]:
    """Return what accounts spend per group of offerings."""
    rows = (
        SalesLine.objects.filter(account__in=accounts, offering__isnull=False)
        .between(period.start, period.end)
        .order_by()
        .annotate(group=Coalesce("offering__parent_id", "offering_id"))
        .values("account", "group")
        .annotate(units=Sum(Units(F("amount"))))
        .values_list("account", "group", "units")
    )
    spends: dict[UUID, dict[str, float]] = {}
    for pk, group, units in rows:
        spends.setdefault(pk, {})[str(group)] = units / PER_ONE
    return spends


def _spend(lines: QuerySet[Any], period: Period) -> dict[UUID | None, Decimal]:
    rows = (
        lines.filter(ordered_on__gte=period.start, ordered_on__lt=period.end)
        .order_by()
        .values("offering")
        .annotate(units=Sum(Units(F("amount"))))
        .values_list("offering", "units")
    )
    return {pk: Decimal(units) / PER_ONE for pk, units in rows}
