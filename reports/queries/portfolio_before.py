"""The portfolio beside the period before: the same question, the same length, just earlier."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from accounts.amounts import PER_ONE, from_units
from accounts.concentration import Concentration, concentration
from accounts.windows import months_before
from kam.lib import formatting
from reports.queries.portfolio import Question, amounts_by_key
from reports.queries.portfolio_page import PortfolioPage


@dataclass(frozen=True, slots=True)
class Line:
    """A figure now and then, as texts; ``change`` is signed, ``tone`` says whether it is good news."""

    label: str
    now: str
    before: str
    change: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """What stands beside the page's period; ``last`` is the last day of the period before, included."""

    first: date
    last: date
    lines: list[Line]
    came: int
    left: int


def previous_span(start: date, end: date) -> tuple[date, date]:
    """Return the period just before of the same length: in months where both ends are the same day of a month."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and months_before(end, months) == start:
        return months_before(start, months), start
    return start - (end - start), start


def portfolio_before(user: Any, shown: PortfolioPage, currency: str) -> Before | None:
    """Return the comparison in one more query; None for everything, which has nothing before it."""
    found = shown.portfolio
    asked: Question = found.question
    if asked.start is None or asked.end is None:
        return None
    start, end = previous_span(asked.start, asked.end)
    then = amounts_by_key(user, replace(asked, start=start, end=end))
    units = np.fromiter(then.values(), dtype=np.int64, count=len(then))
    stayed = sum(key in then for key in found.keys)
    return Before(
        start,
        date.fromordinal(end.toordinal() - 1),
        [
            _revenue(found.total, from_units(int(units.sum())), currency),
            *_indices(shown.concentration, concentration(units / PER_ONE)),
        ],
        len(found.keys) - stayed,
        len(then) - stayed,
    )


def _revenue(now: Decimal, then: Decimal, currency: str) -> Line:
    share = float((now - then) / then) if then > 0 else None
    tone = "" if not share else "pos" if share > 0 else "neg"
    return Line(
        _("Revenue"),
        formatting.money_short(now, currency),
        formatting.money_short(then, currency),
        formatting.percent(share, signed=True),
        tone,
    )


def _indices(now: Concentration, then: Concentration) -> list[Line]:
    rows: list[tuple[str, float | int | None, float | int | None, str]] = [
        (_("Accounts"), now.accounts, then.accounts, "count"),
        (_("Largest fifth"), now.top20_share, then.top20_share, "share"),
        (_("Largest account"), now.largest_share, then.largest_share, "share"),
        (_("Accounts for 80%"), now.accounts_for_80, then.accounts_for_80, "count"),
        (_("Gini"), now.gini, then.gini, "index"),
        (_("Herfindahl index"), now.hhi, then.hhi, "points"),
    ]
    return [_line(*row) for row in rows]


def _line(label: str, now: float | int | None, then: float | int | None, kind: str) -> Line:
    change = None if now is None or then is None else now - then
    if kind == "share":
        points = None if change is None else change * 100
        text = (
            _("%(points)s points") % {"points": _signed(points, 1)}
            if points is not None
            else formatting.MISSING
        )
        return Line(label, formatting.percent(now), formatting.percent(then), text)
    places = 3 if kind == "index" else 0
    return Line(
        label, formatting.number(now, places), formatting.number(then, places), _signed(change, places)
    )


def _signed(value: float | int | None, places: int) -> str:
    if value is None:
        return formatting.MISSING
    text = formatting.number(abs(value), places)
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text
