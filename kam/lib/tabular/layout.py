"""The layout of a table: what separates its columns, where its header is, what the columns are called."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext_noop

from kam.lib.tabular.limits import Limits, refuse
from kam.lib.tabular.values import ValueProblem, clean_text, date_orders, parse_decimal

DELIMITERS = ("\t", ";", "|", ",")
SAMPLE_ROWS = 200
_MOST_TITLE_ROWS = 20
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

NO_DELIMITER = gettext_noop(
    "No columns were found: none of comma, semicolon, tab and bar separates the lines."
)
NO_HEADER = gettext_noop("The table has no rows.")
TOO_MANY_COLUMNS = gettext_noop("The table has %(found)s columns; at most %(limit)s can be read.")


class Header(NamedTuple):
    """The names of the columns and the number of the first row with data; rows count from 1."""

    names: list[str]
    first_row: int


def find_delimiter(head: str) -> str:
    """Return the sign that splits most lines of ``head`` into equally many columns.

    Raises InvalidInput no_delimiter.
    """
    best, best_score = "", (0.5, 0)
    for delimiter in DELIMITERS:
        score = _score(split(head, delimiter))
        if score > best_score:
            best, best_score = delimiter, score
    if not best:
        raise refuse("no_delimiter", NO_DELIMITER)
    return best


def split(head: str, delimiter: str) -> list[list[str]]:
    """Return the first rows of a piece of text."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
    except (
        csv.Error
    ):  # a field beyond the limit: with the right delimiter, the reading proper will name its row
        pass
    return rows


def find_header(rows: Sequence[Sequence[str]], limits: Limits, has_header: bool | None = None) -> Header:
    """Return the names of the columns from the first rows of a table.

    Title lines above the header are passed over. Columns without a name are called by their letter, repeated
    names are numbered. ``has_header`` None means that the first row decides: numbers or dates in it are data.
    Raises InvalidInput: no_rows, too_many_columns.
    """
    first = _first_row(rows)
    if first is None:
        raise refuse("no_rows", NO_HEADER)
    row = [clean_text(cell.lstrip("\ufeff")) for cell in rows[first]]
    below = [r for r in rows[first + 1 :] if any(r)]
    width = _width(row, below)
    if width > limits.columns:
        raise refuse("too_many_columns", TOO_MANY_COLUMNS, found=width, limit=limits.columns)
    if has_header is None:
        has_header = not _looks_like_data(row, below)
    if not has_header:
        return Header(_named([""] * width), first + 1)
    return Header(_named(row[:width]), first + 2)


def column_letter(index: int) -> str:
    """Return the letter that spreadsheets give a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _score(rows: list[list[str]]) -> tuple[float, int]:
    counts = [len(row) for row in rows if row]
    wide = Counter(count for count in counts if count > 1)
    if not wide:
        return 0.0, 0
    width, often = wide.most_common(1)[0]
    if counts[0] == 1 and width == 2:  # one column of decimal commas under its name is not two columns
        return 0.0, 0
    return round(often / len(counts), 2), width


def _first_row(rows: Sequence[Sequence[str]]) -> int | None:
    filled = [(index, sum(1 for cell in row if cell.strip())) for index, row in enumerate(rows)]
    filled = [(index, count) for index, count in filled if count]
    if not filled:
        return None
    usual = Counter(count for _, count in filled[:50]).most_common(1)[0][0]
    for index, count in filled[:_MOST_TITLE_ROWS]:
        if count > 1 or usual < 3:
            return index
    return filled[0][0]


def _width(row: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    """Return the number of columns: those with a name, and before the last name those without."""
    named = max((index + 1 for index, cell in enumerate(row) if cell), default=0)
    # Empty names at the end count only when most rows have something there.
    used = Counter(max((i + 1 for i, cell in enumerate(r) if cell), default=0) for r in below)
    wider = sum(times for width, times in used.items() if width > named)
    return len(row) if wider * 2 > len(below) else named


def _looks_like_data(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    for index, cell in enumerate(row):
        if not cell or _YEAR.fullmatch(cell) or not _is_value(cell):
            continue
        column = [r[index] for r in below if index < len(r) and r[index]]
        if not column or sum(map(_is_value, column)) * 2 > len(column):
            return True
    return False


def _is_value(cell: str) -> bool:
    if date_orders(cell):
        return True
    for decimal in (".", ","):
        try:
            parse_decimal(cell, "." if decimal == "." else ",")
        except ValueProblem:
            continue
        return True
    return False


def _named(cells: Sequence[str]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        plain = name = " ".join(cell.split()) or column_letter(index)
        times = 1
        while name.casefold() in taken:
            times += 1
            name = f"{plain} ({times})"
        taken.add(name.casefold())
        names.append(name)
    return names
