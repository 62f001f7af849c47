"""Which offerings an account used in which month, and whether they become more."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from accounts.amounts import Units, from_units
from accounts.models import Account, SalesLine
from accounts.windows import months_before
from kam.lib import charts, formatting
from kam.lib.charts_heat import Strip, heat_strips

MONTHS, ROWS, RECENT = 12, 10, 3


def adoption_chart(account: Account, today: date, currency: str) -> charts.Chart | None:
    """Return a row of shades for each of the ten largest offerings over the last twelve full months, in one query."""
    end = today.replace(day=1)
    months = [months_before(end, back) for back in range(MONTHS, 0, -1)]
    sold = sold_by_month(account, months[0], end)
    if not sold:
        return None
    largest = sorted(sold, key=lambda key: (-sum(sold[key].values()), key))[:ROWS]
    names = [name for name, _code in largest]
    strips = [
        Strip(
            name if names.count(name) == 1 else f"{name} ({code})", [sold[name, code].get(m) for m in months]
        )
        for name, code in largest
    ]
    labels = [formatting.month(month) for month in months]
    note = ""
    if more := len(sold) - len(largest):
        note = _("and %(count)s more") % {"count": more}
    subtitle = _("Net revenue by month; each row on its own scale, an empty cell had none")
    frame = charts.Frame(_title(sold, months), subtitle, note)
    return heat_strips(frame, labels, strips, charts.Measure("money", currency))


def sold_by_month(account: Account, start: date, end: date) -> dict[tuple[str, str], dict[date, Decimal]]:
    """Return net revenue by (name, code) of an offering and month; lines without an offering are left out."""
    rows: Any = (
        SalesLine.objects.filter(account=account, offering__isnull=False)
        .between(start, end)
        .order_by()
        .annotate(month=TruncMonth("ordered_on"))
        .values("offering__name", "offering__code", "month")
        .annotate(units=Sum(Units(F("amount"))))
        .values_list("offering__name", "offering__code", "month", "units")
    )
    sold: dict[tuple[str, str], dict[date, Decimal]] = defaultdict(dict)
    for name, code, month, units in rows:
        sold[name or code, code][month] = from_units(units)
    return dict(sold)


def _title(sold: dict[tuple[str, str], dict[date, Decimal]], months: list[date]) -> str:
    def used(part: list[date]) -> int:
        return sum(any(row.get(month, 0) > 0 for month in part) for row in sold.values())

    now, before = used(months[-RECENT:]), used(months[:RECENT])
    words = {"now": formatting.number(now), "before": formatting.number(before)}
    if now > before:
        return _("%(now)s offerings in use in the last three months, up from %(before)s") % words
    if now < before:
        return _("%(now)s offerings in use in the last three months, down from %(before)s") % words
    return _("%(now)s offerings in use in the last three months, as many as before") % words
