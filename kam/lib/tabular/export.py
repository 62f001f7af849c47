"""Tables for spreadsheets: CSV and XLSX, written row by row, in which no text is taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from kam.lib.tabular.formulas import neutralise, without_control_characters

ROWS_PER_PIECE = 500
MAX_SHEET_ROWS = 1_048_576
MAX_CELL_CHARACTERS = 32_767
# Beyond this a float, which is all that XLSX has, loses digits; such numbers are written as text.
MAX_EXACT = 10**15

Cell = str | int | float | bool | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Dialect:
    """How spreadsheets of a language expect CSV; without bom, German Excel misreads umlauts."""

    delimiter: str
    decimal: str
    date_format: str
    moment_format: str
    bom: bool


GERMAN = Dialect(";", ",", "%d.%m.%Y", "%d.%m.%Y %H:%M:%S", bom=True)
ENGLISH = Dialect(",", ".", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", bom=False)


def dialect_for(language: str) -> Dialect:
    """Return the dialect for a language code such as de, de-at or en."""
    return GERMAN if language.lower().startswith("de") else ENGLISH


def write_csv(rows: Iterable[Sequence[Cell]], header: Sequence[str], dialect: Dialect) -> Iterator[bytes]:
    """Yield a CSV file in pieces. Numbers stay numbers, aware moments are shown in the current time zone."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=dialect.delimiter, lineterminator="\r\n")
    if dialect.bom:
        buffer.write("\ufeff")
    writer.writerow([_text(name) for name in header])
    rows = iter(rows)
    while True:
        batch = list(islice(rows, ROWS_PER_PIECE))
        writer.writerows([_csv_cell(cell, dialect) for cell in row] for row in batch)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        if not batch:
            return


def _csv_cell(cell: Cell, dialect: Dialect) -> str:
    if isinstance(cell, str):
        return _text(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return f"{_local(cell):{dialect.moment_format}}"
    if isinstance(cell, date):
        return f"{cell:{dialect.date_format}}"
    return _number(cell).replace(".", dialect.decimal)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; rows may be a generator, it is read once."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_xlsx(sheets: Iterable[Sheet], target: Path | IO[bytes]) -> None:
    """Write a workbook; memory does not grow with the rows. A sheet that is full goes on in the next one."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        names = _Names()
        writer = _SheetWriter(book)
        for sheet in sheets:
            rows = iter(sheet.rows)
            writer.write(names.next(sheet.name), sheet.header, rows)
            for row in rows:  # what the sheet had no room for
                writer.write(names.next(sheet.name), sheet.header, chain([row], rows))
        if not names.taken:
            book.add_worksheet()


class _SheetWriter:
    """Formats of a workbook and the writing of one sheet with them."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "bottom": 1})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write one sheet and leave in ``rows`` what does not fit into it."""
        sheet = self.book.add_worksheet(name)
        rows = iter(rows)
        first = list(islice(rows, min(50, MAX_SHEET_ROWS - 1)))
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(_widths(header, first)):
            sheet.set_column(column, column, width)
        for column, title in enumerate(header):
            sheet.write_string(0, column, _sheet_text(title), self.bold)
        for number, row in enumerate(islice(chain(first, rows), MAX_SHEET_ROWS - 1), 1):
            for column, cell in enumerate(row):
                self._write_cell(sheet, number, column, cell)

    def _write_cell(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, date):
            self._write_date(sheet, row, column, cell)
        elif isinstance(cell, str):
            sheet.write_string(row, column, _sheet_text(cell))
        elif abs(number := float(cell)) < MAX_EXACT:  # neither too large nor NaN nor infinite
            sheet.write_number(row, column, number)
        else:
            sheet.write_string(row, column, _number(cell))

    def _write_date(self, sheet: Any, row: int, column: int, cell: date) -> None:
        moment = isinstance(cell, datetime)
        value = _local(cell) if isinstance(cell, datetime) else cell
        if value.year < 1901:  # the calendar of Excel begins in 1900, with a day too many
            sheet.write_string(row, column, value.isoformat())
        else:
            sheet.write_datetime(row, column, value, self.moment if moment else self.day)


class _Names:
    """Names of sheets as Excel allows them: 31 characters, none of []:*?/\\, each once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def next(self, wanted: str) -> str:
        plain = re.sub(r"[\[\]:*?/\\]", " ", without_control_characters(wanted)).strip("' ") or "Sheet"
        name, times = plain[:31].strip("' "), 1
        while name.casefold() in self.taken or name.casefold() == "history":
            times += 1
            ending = f" ({times})"
            name = plain[: 31 - len(ending)] + ending
        self.taken.add(name.casefold())
        return name


def _widths(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    longest = [len(title) for title in header]
    for row in rows:
        for column, cell in enumerate(row[: len(longest)]):
            longest[column] = max(longest[column], len(str(cell)) if cell is not None else 0)
    return [min(max(length + 2, 9), 50) for length in longest]


def _text(text: str) -> str:
    return neutralise(without_control_characters(text))


def _sheet_text(text: str) -> str:
    safe = _text(text)
    return safe if len(safe) <= MAX_CELL_CHARACTERS else safe[: MAX_CELL_CHARACTERS - 1] + "…"


def _number(number: int | float | Decimal) -> str:
    """Return plain digits with a point, never an exponent; nothing for NaN and infinity."""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    return f"{exact:f}" if exact.is_finite() else ""


def _local(moment: datetime) -> datetime:
    """Return the wall clock of the current time zone, since spreadsheets know no zones."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment
