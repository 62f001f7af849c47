"""The stretch of time a fact looks at: «12m» ends with the as-of day and is twelve months long."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_noop

from kam.lib.errors import InvalidInput

MONTHS = {"12m": 12, "6m": 6, "3m": 3}
DAYS = re.compile(r"([0-9]{1,4})d")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
BASES = ("gross", "net")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` (None: from the beginning) up to, not including, ``end``."""

    start: date | None
    end: date


@dataclass(frozen=True, slots=True)
class Window:
    """A window by its name: a number of calendar months, a number of days, or everything so far."""

    name: str
    months: int = 0
    days: int = 0

    def span(self, as_of: date) -> Span:
        """Return the days that end with ``as_of`` included."""
        end = as_of + timedelta(days=1)
        return Span(self._before(end), end)

    def previous(self, as_of: date) -> Span | None:
        """Return the stretch of the same length just before; None for the window of everything."""
        start = self.span(as_of).start
        return None if start is None else Span(self._before(start), start)

    def _before(self, day: date) -> date | None:
        if self.months:
            return months_before(day, self.months)
        return day - timedelta(days=self.days) if self.days else None


def parse_window(text: str) -> Window:
    """Return the window ``all``, ``12m``, ``6m``, ``3m`` or ``NNNd``; raises InvalidInput("bad_window")."""
    if text == "all":
        return Window("all")
    if text in MONTHS:
        return Window(text, months=MONTHS[text])
    found = DAYS.fullmatch(text)
    if not found or int(found[1]) == 0:
        message = gettext_noop("The window is “all”, “12m”, “6m”, “3m” or a number of days such as “90d”.")
        raise InvalidInput("bad_window", message, field="window")
    return Window(text, days=int(found[1]))


def parse_basis(text: str) -> str:
    """Return ``gross`` or ``net``; raises InvalidInput("bad_basis")."""
    if text not in BASES:
        raise InvalidInput("bad_basis", gettext_noop("The basis is “gross” or “net”."), field="basis")
    return text


def parse_day(text: str, field: str) -> date:
    """Return a day in ISO form between 1900 and 2199; raises InvalidInput("bad_date")."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else date.min
    except ValueError:
        day = date.min
    return check_day(day, field)


def check_day(day: date, field: str) -> date:
    """Return a day between 1900 and 2199: a year before or after it is one too. Raises InvalidInput("bad_date")."""
    if not EARLIEST <= day <= LATEST:
        message = gettext_noop("A date looks like 2026-11-23 and lies between 1900 and 2199.")
        raise InvalidInput("bad_date", message, field=field)
    return day


def parse_period(start: str, end: str) -> tuple[date | None, date | None]:
    """Return the half-open period of two optional days; raises InvalidInput("bad_period") if it is empty."""
    first = parse_day(start, "from") if start else None
    after = parse_day(end, "to") if end else None
    if first and after and first >= after:
        message = gettext_noop("The period begins before it ends; the last day itself is not part of it.")
        raise InvalidInput("bad_period", message, field="to")
    return first, after


def months_before(day: date, months: int) -> date:
    """Return the same day of the month so many months earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def month_ends(today: date, count: int) -> list[date]:
    """Return the last days of the ``count`` full months before ``today``, oldest first."""
    first = today.replace(day=1)
    return [months_before(first, back) - timedelta(days=1) for back in range(count - 1, -1, -1)]
