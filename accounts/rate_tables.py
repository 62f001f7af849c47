"""Reading pasted rates: rows of currency, day and rate, or the central bank's table with a column a currency."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_noop

from kam.lib.errors import InvalidInput
from kam.lib.tabular.dates import parse_date
from kam.lib.tabular.numbers import parse_decimal
from kam.lib.tabular.pasted import pasted_rows
from kam.lib.tabular.problems import ValueProblem
from kam.lib.text import fold

DAYS, NOT_GIVEN = ("date", "day", "datum", "tag", "valid from"), ("", "N/A", "-")
Given = tuple[str, date, Decimal]


def read_rates(text: str) -> list[Given]:
    """Return (currency, valid from, value of one unit). Raises InvalidInput that names the row.

    The first column is a currency or a day. A day comes first in the table of the European Central Bank, whose
    figures say how many units one unit of the reporting currency buys; they are turned round.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip(" ,;\t")]
    if not lines:
        raise InvalidInput("empty", gettext_noop("There is no table yet."), field="table")
    delimiter = max(";\t,", key=lines[0].count)
    rows = [[cell.strip() for cell in row] for row in pasted_rows(lines, delimiter, "table")]
    decimal = (
        "," if delimiter != "," and any("," in cell for row in rows[1:] or rows for cell in row[1:]) else "."
    )
    wide = fold(rows[0][0]).strip() in DAYS
    found: list[Given] = []
    for number, row in enumerate(rows[1:] if wide else rows, start=2 if wide else 1):
        try:
            found += _wide(rows[0], row, decimal) if wide else _long(row, decimal, first=number == 1)
        except (ValueProblem, ArithmeticError, IndexError):
            message = gettext_noop("Row %(row)s is no rate: “%(text)s”.")
            raise InvalidInput(
                "bad_row", message, {"row": number, "text": delimiter.join(row)[:80]}, "table"
            ) from None
    return found


def _wide(head: list[str], row: list[str], decimal: str) -> list[Given]:
    day = _day(row[0])
    cells = zip(head[1:], row[1:], strict=False)
    return [(code, day, 1 / _number(cell, decimal)) for code, cell in cells if code and cell not in NOT_GIVEN]


def _long(row: list[str], decimal: str, *, first: bool) -> list[Given]:
    if first and len(row[0]) != 3:  # the names of the columns
        return []
    return [(row[0], _day(row[1]), _number(row[2], decimal))]


def _number(text: str, decimal: str) -> Decimal:
    return parse_decimal(text, "," if decimal == "," else ".")


def _day(text: str) -> date:
    found = parse_date(text, "dmy")
    return found.date() if isinstance(found, datetime) else found
