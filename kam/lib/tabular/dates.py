"""Dates as people and programs write them: 2025-09-28T14:30Z · 28.09.2025 · 28/09/25 · 9/28/2025 2:30 PM."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal, NamedTuple

from django.utils.translation import gettext_noop

from kam.lib.tabular.problems import ValueProblem, shorten

DateOrder = Literal["dmy", "mdy", "ymd"]

# As POSIX has it: 69–99 are the last century, 00–68 this one.
PIVOT_YEAR = 69
FIRST_YEAR = 1000
LAST_SERIAL = 2_958_465  # 9999-12-31 in Excel

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?")
_TIME = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r" ?(?:(?P<half>[AaPp])\.?[Mm]\.?|Uhr)? ?(?P<zone>Z|UTC|GMT|[-+][0-9]{2}:?[0-9]{2}|[-+][0-9]{2})?"
)
_NUMERIC = re.compile(rf"([0-9]{{1,4}})([-./])([0-9]{{1,2}})\2([0-9]{{1,4}})\.?(?:(?:[T ]|, ?){_TIME})?")
_COMPACT = re.compile(rf"([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})(?:[T ]{_TIME})?")
_NAMED = re.compile(
    rf"([0-9]{{1,2}})[. -]{{1,2}}([A-Za-zÄä]{{3,9}})[., -]{{1,2}}([0-9]{{4}})(?:(?: |, ?){_TIME})?"
)
_SERIAL = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,15})?")
_MONTHS = tuple(
    enumerate(
        (
            ("january", "januar", "jaenner"),
            ("february", "februar"),
            ("march", "maerz", "mar", "mrz"),
            ("april",),
            ("may", "mai"),
            ("june", "juni"),
            ("july", "juli"),
            ("august",),
            ("september",),
            ("october", "oktober"),
            ("november",),
            ("december", "dezember"),
        ),
        start=1,
    )
)

ALL_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
NOT_A_DATE = gettext_noop("“%(value)s” is not a date.")
NO_SUCH_DAY = {
    "dmy": gettext_noop("“%(value)s” is not a day in the order day, month, year."),
    "mdy": gettext_noop("“%(value)s” is not a day in the order month, day, year."),
    "ymd": gettext_noop("“%(value)s” is not a day in the order year, month, day."),
}


class DateGuess(NamedTuple):
    """The order of day, month and year; ambiguous means that somebody has to be asked."""

    order: DateOrder | None
    ambiguous: bool


@lru_cache(maxsize=65536)
def parse_date(text: str, order: DateOrder, serial: bool = False) -> date:
    """Return a date, or a datetime when text has a time (aware when it has a zone).

    ``order`` decides 03/04/2025; a year of four digits in front is ISO in every order. ``serial`` accepts
    also the day numbers of Excel and belongs to XLSX only.
    Raises ValueProblem: empty, not_a_date, no_such_day.
    """
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        return _parse_slowly(" ".join(text.split()), order, serial)
    except ValueProblem:
        raise
    except (ValueError, OverflowError):
        raise ValueProblem("no_such_day", NO_SUCH_DAY[order], {"value": shorten(text)}) from None


def detect_date_order(samples: Iterable[str]) -> DateGuess:
    """Return the order that the samples prove; ambiguous when each of them fits day and month either way.

    A point as separator is German by form. Values that are no dates are passed over; without any date the
    order is None.
    """
    seen = {date_orders(sample) for sample in samples}
    seen.discard(frozenset())
    proven = {next(iter(fits)) for fits in seen if len(fits) == 1}
    undecided = any(len(fits) == 2 for fits in seen)
    if {"dmy", "mdy"} <= proven:
        return DateGuess(None, True)
    if "dmy" in proven:
        return DateGuess("dmy", False)
    if "mdy" in proven:
        return DateGuess("mdy", False)
    if undecided:
        return DateGuess(None, True)
    return DateGuess("ymd" if seen else None, False)


@lru_cache(maxsize=65536)
def date_orders(text: str) -> frozenset[str]:
    """Return the orders in which text is a date: all for 20250928 and names of months, none for no date."""
    tidy = " ".join(text.split())
    match = _NUMERIC.fullmatch(tidy)
    if match is None:
        return frozenset(ALL_ORDERS) if _reads_as(tidy, "ymd") else frozenset()
    candidates: tuple[DateOrder, ...] = ("dmy", "mdy")
    if len(match[1]) == 4:
        candidates = ("ymd",)
    elif match[2] == ".":
        candidates = ("dmy",)
    return frozenset(order for order in candidates if _reads_as(tidy, order))


def _reads_as(text: str, order: DateOrder) -> bool:
    try:
        parse_date(text, order)
    except ValueProblem:
        return False
    return True


def _parse_slowly(text: str, order: DateOrder, serial: bool) -> date:
    if match := _NUMERIC.fullmatch(text):
        return _with_time(_ordered(match, order), match)
    if (match := _COMPACT.fullmatch(text)) and not (serial and int(match[1]) < FIRST_YEAR):
        return _with_time(date(int(match[1]), int(match[2]), int(match[3])), match)
    if (match := _NAMED.fullmatch(text)) and (month := _month(match[2])):
        return _with_time(date(int(match[3]), month, int(match[1])), match)
    if serial and _SERIAL.fullmatch(text) and 1 <= float(text) < LAST_SERIAL + 1:
        return _from_serial(float(text))
    if not text:
        raise ValueProblem("empty", gettext_noop("A date is missing."))
    raise ValueProblem("not_a_date", NOT_A_DATE, {"value": shorten(text)})


def _month(word: str) -> int:
    """Return 1 to 12 for a German or English month, whole or cut after three letters or more; 0 else."""
    name = word.lower().replace("ä", "ae")
    return next((number for number, names in _MONTHS if any(full.startswith(name) for full in names)), 0)


def _ordered(match: re.Match[str], order: DateOrder) -> date:
    first, last = match[1], match[4]
    if len(first) == 4:
        order = "ymd"
    year, month, day = {
        "ymd": (first, match[3], last),
        "dmy": (last, match[3], first),
        "mdy": (last, first, match[3]),
    }[order]
    if (
        len(year) not in (2, 4)
        or len(month) > 2
        or len(day) > 2
        or (len(year) == 4 and int(year) < FIRST_YEAR)
    ):
        raise ValueProblem("not_a_date", NOT_A_DATE, {"value": shorten(match[0])})
    full_year = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= PIVOT_YEAR else 2000)
    return date(full_year, int(month), int(day))


def _with_time(day: date, match: re.Match[str]) -> date:
    if match["hour"] is None:
        return day
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    microsecond = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    clock = time(hour, int(match["minute"]), int(match["second"] or 0), microsecond)
    return datetime.combine(day, clock, tzinfo=_zone(match["zone"]))


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _from_serial(serial: float) -> date:
    # Excel believes in 1900-02-29; up to there its count is one day ahead of the calendar.
    start = date(1899, 12, 30) if serial >= 61 else date(1899, 12, 31)
    day = start + timedelta(days=int(serial))
    seconds = round((serial - int(serial)) * 86_400)
    return datetime.combine(day, time()) + timedelta(seconds=seconds) if seconds else day
