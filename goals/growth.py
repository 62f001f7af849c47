"""The growth of one account between two periods: more orders or larger ones; price, volume and mix."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_noop

from accounts.amounts import Units, from_units
from accounts.models import Account, SalesLine, SalesOrder
from accounts.windows import parse_basis
from goals.decomposition import Bridge, OrdersAndSize, Sold, orders_and_size, price_volume_mix
from goals.periods import Period
from kam.lib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Growth:
    """Revenue and orders of two periods and why they differ; the two effects add up to the change exactly."""

    revenue: Decimal
    orders: int
    compare: Decimal
    compare_orders: int
    effects: OrdersAndSize


def check_periods(period: Period, compare: Period) -> None:
    """Raise InvalidInput where a period is empty; two periods may lie as they like."""
    for each, field in ((period, "to"), (compare, "compare_to")):
        if each.end <= each.start:
            message = gettext_noop("The period begins before it ends; the last day itself is not part of it.")
            raise InvalidInput("bad_period", message, field=field)


def account_growth(account: Account, period: Period, compare: Period, basis: str = "net") -> Growth:
    """Return the growth of an account from ``compare`` to ``period``, in one query."""
    check_periods(period, compare)
    units = Units(F(parse_basis(basis)))
    now, before = _within(period), _within(compare)
    found = SalesOrder.objects.filter(now | before, account=account).aggregate(
        now=Sum(units, filter=now, default=0),
        before=Sum(units, filter=before, default=0),
        orders_now=Count("order_no", distinct=True, filter=now & Q(lines__gt=0)),
        orders_before=Count("order_no", distinct=True, filter=before & Q(lines__gt=0)),
    )
    revenue, earlier = from_units(found["now"]), from_units(found["before"])
    effects = orders_and_size((found["orders_before"], earlier), (found["orders_now"], revenue))
    return Growth(revenue, found["orders_now"], earlier, found["orders_before"], effects)


def offering_bridge(
    account: Account, period: Period, compare: Period, rates: Mapping[str, Decimal] | None = None
) -> tuple[Bridge, dict[str, str]]:
    """Return the price–volume–mix bridge over offerings (net), and the offerings' names by their key.

    Lines without an offering are one item of their own, so that the bridge adds up to the revenue. ``rates`` says
    by offering what moved exchange rates added; the bridge is at constant rates then, with that as its last step.
    """
    rates = rates or {}
    check_periods(period, compare)
    now, before = _within(period), _within(compare)
    sums = (
        SalesLine.objects.filter(now | before, account=account)
        .order_by()
        .values("offering", "offering__name", "offering__code")
        .annotate(
            revenue_now=Sum(Units(F("amount")), filter=now, default=0),
            revenue_before=Sum(Units(F("amount")), filter=before, default=0),
            quantity_now=Sum(Units(F("quantity")), filter=now, default=0),
            quantity_before=Sum(Units(F("quantity")), filter=before, default=0),
        )
    )
    sold, names = {}, {}
    for row in sums:
        key = str(row["offering"] or "")
        names[key] = row["offering__name"] or row["offering__code"] or ""
        sold[key] = _sold(row, rates.get(key, Decimal(0)))
    bridge, moved = price_volume_mix(sold), sum(rates.values(), Decimal(0))
    return replace(bridge, after=bridge.after + moved, currency=moved), names


def _sold(row: dict[str, Any], moved: Decimal) -> Sold:
    return Sold(
        quantity_before=from_units(row["quantity_before"]),
        revenue_before=from_units(row["revenue_before"]),
        quantity_after=from_units(row["quantity_now"]),
        revenue_after=from_units(row["revenue_now"]) - moved,
    )


def _within(period: Period) -> Q:
    return Q(ordered_on__gte=period.start, ordered_on__lt=period.end)
