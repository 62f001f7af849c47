"""The periods a portfolio can be looked at in: the last twelve months, a calendar year, everything."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import AccountMonth
from accounts.windows import months_before, parse_day
from kam.lib import formatting
from kam.lib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of days with the name it has in the address and for the reader."""

    code: str
    label: str
    start: date | None
    end: date | None


def periods(today: date) -> list[Period]:
    """Return what can be chosen: the twelve months up to today, each year with sales, everything."""
    tomorrow = today + timedelta(days=1)
    months = _months()
    years = range(months[1].year, months[0].year - 1, -1) if months else []
    return [
        Period("12m", _("Last 12 months"), months_before(tomorrow, 12), tomorrow),
        *[Period(str(year), str(year), date(year, 1, 1), date(year + 1, 1, 1)) for year in list(years)[:12]],
        Period("all", _("Everything"), None, None),
    ]


def _months() -> tuple[date, date] | None:
    """Return the first and the last month with sales, each from the end of an index."""
    last = AccountMonth.objects.order_by("-month").values("month")[:1]
    return AccountMonth.objects.order_by("month").values_list("month", Subquery(last)).first()


def own_period(first: str, last: str) -> Period:
    """Return the period of two days that somebody typed, the last one included; raises InvalidInput."""
    start, end = parse_day(first, "from"), parse_day(last, "to")
    if end < start:
        raise InvalidInput("bad_period", gettext_noop("The last day is not before the first."), field="to")
    label = f"{formatting.date(start)} – {formatting.date(end)}"
    return Period("own", label, start, end + timedelta(days=1))


def chosen(offered: list[Period], code: str) -> Period:
    """Return the period of that code, the first one for an empty code; raises InvalidInput("bad_period")."""
    found = [period for period in offered if period.code == code or not code]
    if not found:
        raise InvalidInput("bad_period", gettext_noop("There is no such period."), field="period")
    return found[0]
