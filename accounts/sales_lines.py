"""The lines behind a fact: which they are, what they add up to, one page of them after the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.amounts import Units, amount_text, from_units
from accounts.models import Account, SalesLine
from accounts.windows import Span, parse_day
from kam.lib.errors import InvalidInput
from kam.lib.tabular.formulas import neutralise, without_control_characters

PAGE = 50
CURSOR = re.compile(r"(after|before)\.([0-9-]{10})\.([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Totals:
    """What the lines add up to; equal to the facts of the same span and basis."""

    amount: Decimal
    orders: int
    positive: int
    reversals: int


@dataclass(frozen=True, slots=True)
class LinesPage:
    """One page of lines, newest first, and the cursors of its neighbours (empty where there is none)."""

    lines: list[SalesLine]
    previous: str
    next: str


def lines_of(account: Account, span: Span, basis: str) -> QuerySet[SalesLine]:
    """Return the lines that count: the positive ones for gross, all of them for net."""
    lines = account.sales_lines.between(span.start, span.end)
    return lines.gross() if basis == "gross" else lines


def totals(lines: QuerySet[SalesLine]) -> Totals:
    """Return the totals of the lines, in one query."""
    found = lines.aggregate(
        units=Sum(Units(F("amount"))),
        orders=Count("order_no", distinct=True, filter=Q(amount__gt=0)),
        positive=Count("pk", filter=Q(amount__gt=0)),
        reversals=Count("pk", filter=Q(amount__lt=0)),
    )
    return Totals(from_units(found["units"]), found["orders"], found["positive"], found["reversals"])


def lines_page(lines: QuerySet[SalesLine], cursor: str = "", size: int = PAGE) -> LinesPage:
    """Return the page a cursor names, in one query; raises InvalidInput for a cursor that is not one of ours."""
    backwards, place = _place(cursor)
    if place:
        day, pk = place
        beyond = (
            Q(ordered_on__gt=day) | Q(ordered_on=day, pk__gt=pk)
            if backwards
            else Q(ordered_on__lt=day) | Q(ordered_on=day, pk__lt=pk)
        )
        lines = lines.filter(beyond)
    order = ("ordered_on", "pk") if backwards else ("-ordered_on", "-pk")
    rows = list(lines.select_related("offering").order_by(*order)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    newer, older = (more, True) if backwards else (place is not None, more)
    return LinesPage(
        rows,
        _cursor("before", rows[0]) if rows and newer else "",
        _cursor("after", rows[-1]) if rows and older else "",
    )


def csv_rows(lines: QuerySet[SalesLine]) -> Iterator[list[Any]]:
    """Yield the header and every line, oldest first, safe to open in a spreadsheet."""
    yield [
        _("Date"),
        _("Order"),
        _("Line"),
        _("Offering"),
        _("Name"),
        _("Quantity"),
        _("Unit price"),
        _("Amount"),
        _("Currency"),
        _("Country"),
    ]
    for line in lines.select_related("offering").order_by("ordered_on", "pk").iterator(2_000):
        offering = line.offering
        texts = [line.order_no, line.line_no, offering.code if offering else "", str(offering or "")]
        numbers = [line.quantity, line.unit_price, line.amount]
        yield [
            line.ordered_on.isoformat(),
            *map(_safe, texts),
            *map(amount_text, numbers),
            _safe(line.currency),
            _safe(line.country),
        ]


def _safe(text: str) -> str:
    return neutralise(without_control_characters(text))


def _cursor(direction: str, line: SalesLine) -> str:
    return f"{direction}.{line.ordered_on.isoformat()}.{line.pk}"


def _place(cursor: str) -> tuple[bool, tuple[date, int] | None]:
    if not cursor:
        return False, None
    found = CURSOR.fullmatch(cursor)
    if not found:
        raise InvalidInput("bad_cursor", gettext_noop("The cursor is not one of ours."), field="cursor")
    return found[1] == "before", (parse_day(found[2], "cursor"), int(found[3]))
