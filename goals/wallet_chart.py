"""Our share of the customer's spend over time: twelve months' revenue against what was known of the spend then."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.windows import months_before
from goals.months_chart import Months
from goals.wallets import Wallet, wallet_on
from kam.lib import charts, formatting

SHOWN, YEAR = 24, 12
Point = tuple[date, float | None]


def share_points(months: Months, wallets: Sequence[Wallet]) -> list[Point]:
    """Return the share at the end of each of the last months that looks back on a full year of sales.

    Where no spend was known yet, or the spend was below our own revenue and so cannot be right, there is None.
    """
    points: list[Point] = []
    for place in range(max(YEAR, len(months) - SHOWN), len(months) + 1):
        end = months_before(months[place - 1][0], -1) - timedelta(days=1)
        revenue = sum((value for _month, value in months[place - YEAR : place]), Decimal(0))
        points.append((end, _share(revenue, wallet_on(wallets, end))))
    return points


def _share(revenue: Decimal, wallet: Wallet | None) -> float | None:
    if wallet is None or not 0 <= revenue <= wallet.value:
        return None
    return float(revenue / wallet.value)


def share_chart(months: Months, wallets: Sequence[Wallet]) -> charts.Chart | None:
    """Return the line; None while there are not two months to compare."""
    points = share_points(months, wallets)
    known = [(day, share) for day, share in points if share is not None]
    if len(known) < 2:
        return None
    (first, before), (_last, now) = known[0], known[-1]
    title = _("Our share of the spend: %(now)s, after %(before)s in %(month)s") % {
        "now": formatting.percent(now, 0),
        "before": formatting.percent(before, 0),
        "month": formatting.month(first),
    }
    subtitle = _("Revenue of twelve months against the customer's spend as known then")
    note = (
        _("No line where the spend was not known, or lower than our own revenue")
        if len(known) < len(points)
        else ""
    )
    start = points.index(known[0])
    series = {_("Share"): points[start:]}
    return charts.line(charts.Frame(title, subtitle, note), series, charts.Measure("percent", decimals=0))
