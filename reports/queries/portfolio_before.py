"""The portfolio beside the period before: the same question, the same length, just earlier."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.amounts import PER_ONE, from_units
from accounts.concentration import Concentration, concentration
from accounts.rollup import sales_stamp
from accounts.windows import months_before
from kam.lib import formatting
from reports.queries.portfolio import Portfolio, Question, amounts_by_key
from reports.queries.portfolio_page import PortfolioPage

KEEP_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Line:
    """A figure now and then, as texts; ``change`` is signed, ``tone`` says whether it is good news."""

    label: str
    now: str
    before: str
    change: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the period before brought, and how many accounts came and left since."""

    total: Decimal
    concentration: Concentration
    came: int
    left: int


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
    """Return the comparison; None for everything, which has nothing before it."""
    asked = shown.portfolio.question
    if asked.start is None or asked.end is None:
        return None
    start, end = previous_span(asked.start, asked.end)
    then = _kept(user, shown.portfolio, replace(asked, start=start, end=end))
    return Before(
        start,
        date.fromordinal(end.toordinal() - 1),
        [
            _revenue(shown.portfolio.total, then.total, currency),
            *_indices(shown.concentration, then.concentration),
        ],
        then.came,
        then.left,
    )


def _kept(user: Any, now: Portfolio, question: Question) -> Earlier:
    """Return the period before, in one query, or as it was read since sales last changed.

    Kept only for who sees everything and for single accounts: what others see, and what belongs to a group,
    changes without the sales.
    """
    if not user.sees_everything or question.level != "account":
        return _earlier(user, now, question)
    asked = now.question
    key = f"portfolio.before:{asked.start}:{asked.end}:{asked.basis}:{sales_stamp()}"
    found: Earlier | None = cache.get(key)
    if found is None:
        found = _earlier(user, now, question)
        cache.set(key, found, KEEP_SECONDS)
    return found


def _earlier(user: Any, now: Portfolio, question: Question) -> Earlier:
    then = amounts_by_key(user, question)
    units = np.fromiter(then.values(), dtype=np.int64, count=len(then))
    stayed = sum(key in then for key in now.keys)
    return Earlier(
        from_units(int(units.sum())),
        concentration(units / PER_ONE),
        len(now.keys) - stayed,
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
