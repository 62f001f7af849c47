"""What the number in a cell stands for: a number, a moment, or a length of time. Its style says so."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum


class Meaning(Enum):
    """How a number is shown."""

    NUMBER = "number"
    MOMENT = "moment"
    DURATION = "duration"


# The formats that Excel does not write down (ECMA-376, 18.8.30; 27 to 58 are dates of East Asian versions).
_BUILT_IN = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
_LENGTHS = {46}
# Quoted and escaped text, fillers, and conditions, colours and languages in brackets – but not [h].
_NO_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_MOMENT = re.compile(r"[dmyhs]", re.IGNORECASE)


def meanings(styles: Sequence[Mapping[str, str]], formats: Sequence[Mapping[str, str]]) -> list[Meaning]:
    """Return the meaning of each cell style from the elements of styles.xml: cellXfs/xf and numFmt."""
    codes = {known.get("numFmtId", ""): known.get("formatCode", "") for known in formats}
    return [_meaning(style.get("numFmtId", "0"), codes) for style in styles]


def _meaning(number: str, codes: Mapping[str, str]) -> Meaning:
    if number in codes:
        code = _NO_CODE.sub("", codes[number].split(";")[0])
        if _ELAPSED.search(code):
            return Meaning.DURATION
        is_moment = "general" not in code.lower() and _MOMENT.search(code)
        return Meaning.MOMENT if is_moment else Meaning.NUMBER
    place = int(number) if number.isdigit() else 0
    if place in _LENGTHS:
        return Meaning.DURATION
    return Meaning.MOMENT if place in _BUILT_IN else Meaning.NUMBER


def as_text(text: str, meaning: Meaning, since_1904: bool) -> str:
    """Return a stored number as a text: with a point, or as an ISO date; what is no number stays as it is."""
    if meaning is Meaning.NUMBER and text.isdigit() and len(text) < 16:
        return text if text[0] != "0" else str(int(text))
    try:
        number = float(text)
        if meaning is Meaning.MOMENT:
            return _moment(number, since_1904)
        if meaning is Meaning.DURATION:
            return str(timedelta(seconds=round(number * 86_400)))
    except (ValueError, OverflowError):
        return text
    # Excel shows and keeps 15 digits; more of them are noise of its arithmetic.
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"


def _moment(serial: float, since_1904: bool) -> str:
    """Return a day number as a date, a time of day, or both."""
    # Excel's fractions of a day miss whole seconds by a hair.
    seconds = round(serial * 86_400)
    if 0 <= seconds < 86_400:
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60).isoformat()
    # Excel believes in 1900-02-29; up to there its count is one day ahead of the calendar.
    start = date(1904, 1, 1) if since_1904 else date(1899, 12, 30 if serial >= 61 else 31)
    moment = datetime.combine(start, time()) + timedelta(seconds=seconds)
    return moment.date().isoformat() if seconds % 86_400 == 0 else moment.isoformat(" ")
