"""Numbers as people and programs write them: 1.234,56 · 1,234.56 · 1'234.50 CHF · (12.00) · 12,00-."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from django.utils.translation import gettext_noop

from kam.lib.tabular.problems import ValueProblem, shorten

DecimalSign = Literal[",", "."]
MAX_DIGITS = 40
MAX_EXPONENT = 30

_PLAIN = {
    ".": re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?", re.ASCII),
    ",": re.compile(r"-?[0-9]{1,20}(?:,[0-9]{1,20})?", re.ASCII),
}
_SPACES = " \u00a0\u2007\u2009\u202f"
_CURRENCY = r"(?:[€$£¥₹₽₺₩₪₴₫฿]|[A-Z]{1,3}\$|Fr\.|kr\.?|zł|Kč|Ft|[Ee]uro|eur|[A-Z]{3})"
_CURRENCY_BEFORE = re.compile(rf"{_CURRENCY}[{_SPACES}]*(?=[-+0-9(.,])")
_CURRENCY_AFTER = re.compile(rf"(?<=[-0-9).,])[{_SPACES}]*{_CURRENCY}$")
_DASHES = str.maketrans("−–‐‑﹣－", "------")
_NUMBER = {
    # whole part plain or in groups of three with one kind of separator, fraction, exponent
    ".": re.compile(
        rf"([0-9]+|[0-9]{{1,3}}(?:([{_SPACES}'’,])[0-9]{{3}})(?:\2[0-9]{{3}})*)?(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]{{1,4}}))?"
    ),
    ",": re.compile(
        rf"([0-9]+|[0-9]{{1,3}}(?:([{_SPACES}'’.])[0-9]{{3}})(?:\2[0-9]{{3}})*)?(?:,([0-9]*))?(?:[eE]([-+]?[0-9]{{1,4}}))?"
    ),
}
_SHAPE = re.compile(r"[0-9]{1,20}(?:[.,][0-9]{1,20})*")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})*")
_NOT_DIGITS = re.compile(r"[^0-9]")

NOT_A_NUMBER = gettext_noop("“%(value)s” is not a number.")
PERCENT = gettext_noop("“%(value)s” is a percentage; a number is needed here.")
WRONG_DECIMAL = gettext_noop("“%(value)s” does not fit the decimal sign “%(decimal)s” of this file.")
TOO_LARGE = gettext_noop("“%(value)s” has too many digits.")


class DecimalGuess(NamedTuple):
    """The decimal sign of some samples; ambiguous when 1.250 could be both, or when samples contradict."""

    sign: DecimalSign | None
    ambiguous: bool


@lru_cache(maxsize=65536)
def parse_decimal(text: str, decimal: DecimalSign = ".") -> Decimal:
    """Return the number that text stands for; ``decimal`` is the sign before the fraction.

    Thousands are accepted in groups of three, separated by blanks, apostrophes or the other of point and
    comma; signs before, behind or as parentheses; currency signs and codes before or behind; exponents.
    Raises ValueProblem: empty, percent, wrong_decimal, too_many_digits, not_a_number.
    """
    if _PLAIN[decimal].fullmatch(text):
        return Decimal(text.replace(",", "."))
    body, negative = _without_decoration(text)
    match = _NUMBER[decimal].fullmatch(body)
    if match is None or not (match[1] or match[3]):
        raise _problem(text, body, decimal)
    number = _assemble(text, match)
    return -number if negative else number


def detect_decimal(samples: Iterable[str]) -> DecimalGuess:
    """Return which decimal sign the samples use.

    A sign is proven by a value that has no other reading: 1.234,56 · 12,5 · 0,125 · 1.234.567. But 1.250
    proves nothing.
    """
    votes = {",": 0, ".": 0}
    undecided = 0
    for sample in samples:
        vote = decimal_vote(sample)
        if vote == "?":
            undecided += 1
        elif vote:
            votes[vote] += 1
    if votes[","] and votes["."]:
        return DecimalGuess("," if votes[","] > votes["."] else ".", True)
    if votes[","] or votes["."]:
        return DecimalGuess("," if votes[","] else ".", False)
    return DecimalGuess(None, undecided > 0)


@lru_cache(maxsize=65536)
def decimal_vote(text: str) -> str:
    """Return the decimal sign that text proves; "?" when it fits both, "" when it says nothing."""
    if not text or text.isdigit():
        return ""
    body, _ = _without_decoration(text)
    for blank in _SPACES + "'’":
        body = body.replace(blank, "")
    if not _SHAPE.fullmatch(body):
        return ""
    points, commas = body.count("."), body.count(",")
    if points and commas:
        return _vote_of_both(body)
    if points + commas == 0:
        return ""
    sign, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return (
            other if _GROUPS.fullmatch(body) else ""
        )  # 1.234.567 has points as thousands; 28.09.2025 is no number
    return "?" if _GROUPS.fullmatch(body) else sign


def _vote_of_both(body: str) -> str:
    sign = body[max(body.rfind("."), body.rfind(","))]
    whole = body[: body.rfind(sign)]
    return sign if sign not in whole and _GROUPS.fullmatch(whole) else ""


def _without_decoration(text: str) -> tuple[str, bool]:
    """Return text without blanks around, currency and sign, and whether it is negative."""
    body = text.strip().translate(_DASHES)
    body = _CURRENCY_AFTER.sub("", _CURRENCY_BEFORE.sub("", body, count=1), count=1).strip()
    negative = False
    if body.startswith("(") and body.endswith(")"):
        body, negative = body[1:-1].strip(), True
    elif body.endswith("-"):
        body, negative = body[:-1].rstrip(), True
    elif body.startswith(("-", "+")):
        body, negative = body[1:].lstrip(), body.startswith("-")
    return _CURRENCY_AFTER.sub("", _CURRENCY_BEFORE.sub("", body, count=1), count=1), negative


def _assemble(text: str, match: re.Match[str]) -> Decimal:
    whole, fraction, exponent = _NOT_DIGITS.sub("", match[1] or "0"), match[3] or "", int(match[4] or 0)
    if len(whole) + len(fraction) > MAX_DIGITS or abs(exponent) > MAX_EXPONENT:
        raise ValueProblem("too_many_digits", TOO_LARGE, {"value": shorten(text)})
    return Decimal(
        f"{whole}.{fraction}E{exponent}" if fraction else f"{whole}E{exponent}" if exponent else whole
    )


def _problem(text: str, body: str, decimal: DecimalSign) -> ValueProblem:
    if not text.strip():
        return ValueProblem("empty", gettext_noop("A number is missing."))
    params = {"value": shorten(text)}
    if body.endswith(("%", "‰")):
        return ValueProblem("percent", PERCENT, params)
    if any(c.isdigit() for c in body) and _NUMBER["," if decimal == "." else "."].fullmatch(body):
        return ValueProblem("wrong_decimal", WRONG_DECIMAL, params | {"decimal": decimal})
    return ValueProblem("not_a_number", NOT_A_NUMBER, params)
