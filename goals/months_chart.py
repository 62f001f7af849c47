"""The monthly chart of a growth page: actual, previous year, plan and, where it has earned its place, forecast."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.windows import months_before
from goals.forecast import Forecast
from kam.lib import charts, formatting
from kam.lib.charts_time import Column, columns

Months = list[tuple[date, Decimal]]
SHOWN = 12


def months_chart(
    months: Months, plans: Mapping[int, Decimal], ahead: Forecast | None, current: Decimal, currency: str
) -> charts.Chart | None:
    """Return the last full months, the month under way (marked as partial) and the months to come.

    ``plans`` has the planned revenue of each year, of which a month is a twelfth.
    """
    if not months:
        return None
    by_month = dict(months)

    def plan(month: date) -> Decimal | None:
        return plans[month.year] / 12 if month.year in plans else None

    def before(month: date) -> Decimal | None:
        return by_month.get(months_before(month, 12))

    recent = months[-SHOWN:]
    rows = [Column(formatting.month(m), value, before(m), plan(m)) for m, value in recent]
    month = months_before(months[-1][0], -1)
    ahead_rows = list(zip(ahead.values, ahead.low, ahead.high, strict=True)) if ahead else []
    if current or ahead_rows:
        rows.append(_running(month, current, before(month), plan(month), ahead_rows))
    for value, low, high in ahead_rows[1:]:
        month = months_before(month, -1)
        label = formatting.month(month)
        rows.append(Column(label, None, before(month), plan(month), max(0.0, value), max(0.0, low), high))
    words = _("Net of reversals, by month; * the month under way is not complete")
    frame = charts.Frame(_title(recent, by_month, currency), words)
    return columns(frame, rows, charts.Measure("money", currency))


def _running(
    month: date,
    current: Decimal,
    before: Decimal | None,
    plan: Decimal | None,
    ahead: list[tuple[float, float, float]],
) -> Column:
    label = formatting.month(month)
    value, low, high = ahead[0] if ahead else (None, None, None)
    floor = None if low is None else max(0.0, low)
    expected = None if value is None else max(0.0, value)
    return Column(label, current or None, before, plan, expected, floor, high, partial=True)


def _title(recent: Months, by_month: Mapping[date, Decimal], currency: str) -> str:
    total = sum((value for _month, value in recent), Decimal(0))
    earlier = [by_month.get(months_before(month, 12)) for month, _value in recent]
    title = _("Revenue of the last %(count)s full months: %(total)s") % {
        "count": len(recent), "total": formatting.money_short(total, currency)}  # fmt: skip
    before = sum((value for value in earlier if value is not None), Decimal(0))
    if before > 0 and None not in earlier:
        change = formatting.percent(float((total - before) / before), 0, signed=True)
        return _("%(title)s, %(change)s on the previous year") % {"title": title, "change": change}
    return title
