"""``open_table``: any CSV or XLSX as a header and rows of texts. Content decides, not the name."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Literal, NoReturn, Protocol

from django.utils.translation import gettext_noop

from kam.lib.errors import InvalidInput
from kam.lib.tabular.layout import SAMPLE_ROWS, Header, find_delimiter, find_header, split
from kam.lib.tabular.limits import DEFAULT_LIMITS, Limits, refuse
from kam.lib.tabular.numbers import DecimalGuess, detect_decimal
from kam.lib.tabular.problems import RowProblem
from kam.lib.tabular.textfile import ENCODINGS, find_encoding, is_gzip, lines_of, open_text
from kam.lib.tabular.workbook import Workbook

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD_CHARACTERS = 1 << 18
# A quote that is never closed swallows the lines after it; no honest cell has so many.
_MOST_LINES_IN_A_ROW = 100

OLD_EXCEL = gettext_noop(
    "This is an old (.xls) or a password-protected Excel file. Please save it as .xlsx without a password."
)
UNKNOWN_ENCODING = gettext_noop("The encoding “%(encoding)s” is not offered.")
FIELD_TOO_LONG = gettext_noop(
    "Row %(row)s: a cell has more than %(limit)s characters. Is a quotation mark not closed?"
)
TOO_MANY_CELLS = gettext_noop("The row has %(found)s cells, the header has %(expected)s.")
TOO_FEW_CELLS = gettext_noop("The row has only %(found)s cells, the header has %(expected)s.")
OPEN_QUOTE = gettext_noop("The row runs over %(lines)s lines. Is a quotation mark not closed?")
ROWS_A_STEP = 1000
_FIRST = itemgetter(0)
_LINE_END = re.compile(r"\r\n|\r|\n")
_DECLARED_DELIMITER = re.compile(r"\ufeff?sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)


class Source(Protocol):
    """Where the rows come from; flaws holds rows that cannot be trusted, before they are yielded."""

    flaws: dict[int, RowProblem]

    def records(self, skip: int = 0) -> Iterator[list[str]]:
        """Yield the rows after the first ``skip`` ones."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that has been looked at but not read: ``rows`` streams it.

    ``decimal`` is a guess over all cells of the sample; a single column may say more (values.detect_decimal).
    ``sample`` holds the first rows that fit the header.
    """

    path: Path
    format: Literal["csv", "xlsx"]
    source: Source
    header: list[str]
    first_row: int
    sample: list[list[str]]
    decimal: DecimalGuess
    encoding: str = ""
    delimiter: str = ""
    packed: bool = False
    sheet: str = ""
    sheet_names: Sequence[str] = ()

    def rows(self, on_problem: Callable[[RowProblem], None] | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, cells), as many cells as the header has; rows count from 1 as in a spreadsheet.

        Rows that are empty are passed over. Rows that do not fit go to ``on_problem``; without it they raise
        InvalidInput. A cell beyond the limit always does: nothing after it can be trusted.
        """
        report = on_problem or _raise
        width, flaws = len(self.header), self.source.flaws
        number = self.first_row
        records = self.source.records(self.first_row - 1)
        # In steps, because most of them need no look at a single row.
        while step := list(islice(records, ROWS_A_STEP)):
            if not flaws and _are_even(step, width):
                yield from enumerate(step, number)
            else:
                yield from self._uneven(step, number, report)
            number += len(step)

    def _uneven(
        self, step: list[list[str]], first: int, report: Callable[[RowProblem], None]
    ) -> Iterator[tuple[int, list[str]]]:
        width, flaws = len(self.header), self.source.flaws
        for number, cells in enumerate(step, first):
            if number in flaws:
                report(replace(flaws[number], values=tuple(cells)))
            elif len(cells) == width:
                if cells[0] or any(cells):
                    yield number, cells
            elif any(cells):
                if any(cells[width:]) or len(cells) < width:
                    report(_misfit(number, cells, width))
                else:
                    yield number, cells[:width]

    def column(self, index: int) -> list[str]:
        """Return the sampled cells of a column that are not empty."""
        return [row[index] for row in self.sample if row[index]]


def open_table(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    has_header: bool | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Look at a file and return it as a table; None means that the file decides.

    Raises InvalidInput with a stable code when the content is no table that can be read: empty_file,
    binary_file, nul_bytes, unreadable_encoding, no_delimiter, no_rows, too_many_columns, line_too_long,
    field_too_long, file_too_large, packed_bomb, damaged_archive, old_excel, not_xlsx, no_sheet,
    sheet_too_sparse, too_many_error_cells.
    """
    with path.open("rb") as stream:
        head = stream.read(16)
    if head.startswith(_OLE):
        raise refuse("old_excel", OLD_EXCEL)
    if head.startswith(_ZIP):
        return _open_workbook(path, limits, sheet, has_header)
    if encoding is not None and encoding not in ENCODINGS:
        raise refuse("unknown_encoding", UNKNOWN_ENCODING, encoding=encoding)
    packed = is_gzip(head)
    encoding = find_encoding(path, packed, limits, encoding)
    return _open_text(path, packed, encoding, delimiter, (limits, has_header))


def open_again(path: Path, *, sheet: str, encoding: str, delimiter: str) -> Table:
    """Return the table of a file that ``open_table`` has found to be so; its text is not looked through once more.

    Raises InvalidInput like ``open_table``.
    """
    if not encoding:
        return open_table(path, sheet=sheet or None)
    with path.open("rb") as stream:
        packed = is_gzip(stream.read(16))
    return _open_text(path, packed, encoding, delimiter or None, (DEFAULT_LIMITS, None))


def _open_workbook(path: Path, limits: Limits, sheet: str | None, has_header: bool | None) -> Table:
    book = Workbook(path, limits, sheet)
    first_rows = list(islice(book.records(), SAMPLE_ROWS))
    header = find_header(first_rows, limits, has_header)
    sample = _sample(first_rows, header)
    return Table(
        path=path,
        format="xlsx",
        source=book,
        header=header.names,
        first_row=header.first_row,
        sample=sample,
        decimal=DecimalGuess(".", False),
        sheet=book.sheet,
        sheet_names=book.sheet_names,
    )


def _open_text(
    path: Path, packed: bool, encoding: str, delimiter: str | None, options: tuple[Limits, bool | None]
) -> Table:
    with open_text(path, packed, encoding) as stream:
        head = stream.read(_HEAD_CHARACTERS)
    declared = _DECLARED_DELIMITER.match(head)
    body = head[declared.end() :] if declared else head
    delimiter = delimiter or (declared[1] if declared else find_delimiter(body))
    source = TextSource(path, packed, encoding, delimiter)
    # A head that was cut ends in a row that is not whole.
    first_rows = split(head, delimiter)[: -1 if len(head) == _HEAD_CHARACTERS else None] or split(
        head, delimiter
    )
    if declared:
        first_rows[0] = []
    header = find_header(first_rows, *options)
    sample = _sample(first_rows, header)
    return Table(
        path=path,
        format="csv",
        source=source,
        header=header.names,
        first_row=header.first_row,
        sample=sample,
        decimal=detect_decimal(cell for row in sample for cell in row),
        encoding=encoding,
        delimiter=delimiter,
        packed=packed,
    )


class TextSource:
    """The rows of a delimited text file."""

    def __init__(self, path: Path, packed: bool, encoding: str, delimiter: str) -> None:
        self.path, self.packed, self.encoding, self.delimiter = path, packed, encoding, delimiter
        self.flaws: dict[int, RowProblem] = {}

    def records(self, skip: int = 0) -> Iterator[list[str]]:
        """Yield the rows after the first ``skip`` ones. Raises InvalidInput field_too_long."""
        with open_text(self.path, self.packed, self.encoding) as stream:
            reader = csv.reader(lines_of(stream), delimiter=self.delimiter)
            number, line = 0, 0
            try:
                while step := list(islice(reader, ROWS_A_STEP)):
                    if reader.line_num - line > len(step):
                        self._note_open_quotes(step, number)
                    yield from step[max(0, skip - number) :]
                    number, line = number + len(step), reader.line_num
            except csv.Error:
                row = self._row_of_long_cell()
                raise refuse(
                    "field_too_long", FIELD_TOO_LONG, row=row, limit=csv.field_size_limit()
                ) from None

    def _note_open_quotes(self, step: list[list[str]], before: int) -> None:
        for number, cells in enumerate(step, before + 1):
            lines = 1 + sum(len(_LINE_END.findall(cell)) for cell in cells)
            if lines > _MOST_LINES_IN_A_ROW:
                self.flaws[number] = _open_quote(number, lines)

    def _row_of_long_cell(self) -> int:
        number = 0
        with open_text(self.path, self.packed, self.encoding) as stream, suppress(csv.Error):
            for number, _cells in enumerate(csv.reader(lines_of(stream), delimiter=self.delimiter), 1):  # noqa: B007 - the last number is what is wanted
                pass
        return number + 1


def _are_even(step: list[list[str]], width: int) -> bool:
    """Say whether all rows fit the header and begin with a value."""
    return set(map(len, step)) == {width} and all(map(_FIRST, step))


def _sample(first_rows: Sequence[list[str]], header: Header) -> list[list[str]]:
    width = len(header.names)
    fitting = (row[:width] for row in first_rows[header.first_row - 1 :] if len(row) >= width and any(row))
    return list(fitting)


def _misfit(number: int, cells: Sequence[str], width: int) -> RowProblem:
    code, message = (
        ("too_few_cells", TOO_FEW_CELLS) if len(cells) < width else ("too_many_cells", TOO_MANY_CELLS)
    )
    return RowProblem(number, code, message, {"found": len(cells), "expected": width}, tuple(cells))


def _open_quote(number: int, lines: int) -> RowProblem:
    return RowProblem(number, "open_quote", OPEN_QUOTE, {"lines": lines})


def _raise(problem: RowProblem) -> NoReturn:
    raise InvalidInput(problem.code, problem.message, problem.params, field=f"row {problem.row_number}")
