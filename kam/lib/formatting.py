"""Numbers, money, shares and dates as a reader of the active language expects them (UI.md, "German/English").

Everything returns plain text with no-break spaces before units and a true minus. ``None`` is "–", never 0.
"""

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils import formats, timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext, ngettext

Number = int | float | Decimal
NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "–"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "JPY": "¥"}
WITHOUT_CENTS = frozenset({"JPY", "KRW", "HUF"})


def is_german() -> bool:
    return (get_language() or "de").startswith("de")


def language() -> str:
    """Return the reader's language as we keep it: de or en."""
    return "de" if is_german() else "en"


def _exact(value: Number | str) -> Decimal | None:
    """Return the value as a finite Decimal, or None."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    exact = (
        value
        if isinstance(value, Decimal)
        else Decimal(repr(float(value)) if isinstance(value, float) else str(value))
    )
    return exact if exact.is_finite() else None


def _rounded(exact: Decimal, decimals: int) -> Decimal:
    with localcontext() as context:
        context.prec = 340  # every float has fewer digits than this, so no figure is too large to be written
        return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def number(value: Number | str | None, decimals: int | None = None, *, signed: bool = False) -> str:
    """Return the number grouped and rounded half up; ``decimals=None`` keeps what is there (at most 6)."""
    exact = None if value is None or value == "" else _exact(value)
    if exact is None:
        return MISSING
    if decimals is None:
        decimals = min(6, max(0, -int(exact.normalize().as_tuple().exponent)))
    rounded = _rounded(exact, decimals)
    text = formats.number_format(abs(rounded), decimals, use_l10n=True, force_grouping=True)
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def money(
    value: Number | str | None, currency: str = "EUR", decimals: int | None = None, *, signed: bool = False
) -> str:
    """Return 1.234,56 € in German and €1,234.56 in English."""
    if value is None or value == "":
        return MISSING
    places = (0 if currency in WITHOUT_CENTS else 2) if decimals is None else decimals
    return _with_currency(number(value, places, signed=signed), currency)


def money_short(value: Number | str | None, currency: str = "EUR") -> str:
    """Return 1,2 Mio. € or 350 Tsd. € (English €1.2m, €350k) for key figures and axes."""
    exact = None if value is None or value == "" else _exact(value)
    if exact is None:
        return MISSING
    german = is_german()
    for limit, de_unit, en_unit in ((10**9, "Mrd.", "bn"), (10**6, "Mio.", "m"), (10**3, "Tsd.", "k")):
        scaled = exact / limit
        decimals = 1 if abs(scaled) < 100 and limit > 10**3 else 0
        # 999 950 is 1,0 Mio., not 1000 Tsd.: the unit is chosen after rounding.
        if abs(_rounded(scaled, decimals)) >= 1:
            text = number(scaled, decimals)
            return _with_currency(f"{text}{NBSP}{de_unit}" if german else f"{text}{en_unit}", currency)
    return _with_currency(number(exact, 0), currency)


def _with_currency(text: str, currency: str) -> str:
    symbol = SYMBOLS.get(currency, currency)
    if text == MISSING:
        return text
    if is_german():
        return f"{text}{NBSP}{symbol}"
    sign, digits = (text[0], text[1:]) if text[:1] in (MINUS, "+") else ("", text)
    return f"{sign}{symbol}{NBSP if symbol.isalpha() else ''}{digits}"


def percent(share: Number | str | None, decimals: int = 1, *, signed: bool = False) -> str:
    """Return a share (0.125) as 12,5 % or 12.5%."""
    exact = None if share is None or share == "" else _exact(share)
    if exact is None:
        return MISSING
    return number(exact * 100, decimals, signed=signed) + (f"{NBSP}%" if is_german() else "%")


def points(difference: Number | None, decimals: int = 1) -> str:
    """Return a difference of shares (0.06) in percentage points."""
    if difference is None:
        return MISSING
    unit = gettext("percentage points")
    return f"{number(_exact(difference) * 100, decimals, signed=True)}{NBSP}{unit}"  # type: ignore[operator]  # None was returned above


def date(value: dt.date | dt.datetime | None) -> str:
    """Return 23.11.2026 or 23 Nov 2026."""
    return formats.date_format(_local(value), "DATE_FORMAT") if value else MISSING


def short_date(value: dt.date | dt.datetime | None) -> str:
    """Return Mo., 23. Nov. or Mon 23 Nov; with the year when it is not this one."""
    if not value:
        return MISSING
    day = _local(value)
    if day.year != timezone.localdate().year:
        return date(value)
    return format_date(day, "D., j. N" if is_german() else "D j M").replace("..", ".")


def moment(value: dt.datetime | None) -> str:
    """Return 23.11.2026, 14:30 Uhr or 23 Nov 2026, 14:30 in the reader's time zone."""
    if not value:
        return MISSING
    text = formats.date_format(_local(value), "DATETIME_FORMAT")
    return f"{text}{NBSP}Uhr" if is_german() else text


def month(value: dt.date) -> str:
    """Return Nov. 26 or Nov 26, for axes and heads."""
    return format_date(value, "M y")


def days_from_now(value: dt.date | dt.datetime | None, today: dt.date | None = None) -> str:
    """Return "today", "in 3 days" or "2 days ago" within a week, else the date."""
    if not value:
        return MISSING
    local = _local(value)
    day = local.date() if isinstance(local, dt.datetime) else local
    distance = (day - (today or timezone.localdate())).days
    if distance == 0:
        return gettext("today")
    if abs(distance) == 1:
        return gettext("tomorrow") if distance > 0 else gettext("yesterday")
    if abs(distance) >= 7:
        return short_date(day)
    count = abs(distance)
    text = (
        ngettext("in %(count)d day", "in %(count)d days", count)
        if distance > 0
        else ngettext("%(count)d day ago", "%(count)d days ago", count)
    )
    return text % {"count": count}


def age(day: dt.date | None, today: dt.date | None = None) -> str:
    """Return how old something of a day is in words: "12 days old", "14 months old", "3 years old"."""
    if not day:
        return MISSING
    now = today or timezone.localdate()
    days = max((now - day).days, 0)
    months = (now.year - day.year) * 12 + now.month - day.month - (now.day < day.day)
    if months < 1:
        return (
            ngettext("%(count)d day old", "%(count)d days old", days) % {"count": days}
            if days
            else gettext("of today")
        )
    if months < 24:
        return ngettext("%(count)d month old", "%(count)d months old", months) % {"count": months}
    return ngettext("%(count)d year old", "%(count)d years old", months // 12) % {"count": months // 12}


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
