"""XLSX: sheets as rows of texts. Parsed by calamine, after kam.lib.tabular.archive has let the file pass."""

import posixpath
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine as calamine
from django.utils.translation import gettext_noop

from kam.lib.tabular.archive import DAMAGED, SheetFacts, check_extent, inspect, read_part
from kam.lib.tabular.limits import Limits, refuse
from kam.lib.tabular.problems import RowProblem

NO_SHEET = gettext_noop("The workbook has no sheet named “%(sheet)s”.")
FLAWS = {
    "error_cell": gettext_noop("Cell %(cell)s holds an Excel error."),
    "formula_without_result": gettext_noop("Cell %(cell)s holds a formula without a stored result."),
}
NO_SHEETS = gettext_noop("The workbook has no sheet with cells.")


class Workbook:
    """The visible worksheets of a file; ``sheet`` is the one that is read, the first one unless named.

    Raises InvalidInput like ``archive.inspect``, and no_sheet.
    """

    def __init__(self, path: Path, limits: Limits, sheet: str | None = None) -> None:
        facts = inspect(path, limits)
        paths = _sheet_paths(path)
        try:
            book = calamine.CalamineWorkbook.from_path(path)
            self.sheet_names = [
                m.name
                for m in book.sheets_metadata
                if m.typ == calamine.SheetTypeEnum.WorkSheet
                and m.visible == calamine.SheetVisibleEnum.Visible
            ]
            self.sheet = self._chosen(sheet)
            chosen = facts.get(paths.get(self.sheet, ""), SheetFacts())
            check_extent(chosen, limits)
            self._cells = book.get_sheet_by_name(self.sheet)
        except (calamine.CalamineError, OSError, ValueError):
            raise refuse("damaged_archive", DAMAGED) from None
        self.flaws = {
            row: RowProblem(row, code, FLAWS[code], {"cell": f"{column}{row}"})
            for row, (column, code) in chosen.flaws.items()
        }

    def _chosen(self, sheet: str | None) -> str:
        if not self.sheet_names:
            raise refuse("no_sheet", NO_SHEETS)
        if sheet is not None and sheet not in self.sheet_names:
            raise refuse("no_sheet", NO_SHEET, sheet=sheet)
        return sheet or self.sheet_names[0]

    def records(self, skip: int = 0) -> Iterator[list[str]]:
        """Yield the rows from the top of the sheet as texts: numbers with a point, dates as ISO."""
        to_text = _TO_TEXT
        for cells in islice(self._cells.iter_rows(), skip, None):
            yield [c if isinstance(c, str) else to_text[c.__class__](c) for c in cells]


def _number(value: float) -> str:
    # Excel shows and keeps 15 digits; more of them are noise of its arithmetic.
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def _moment(value: datetime) -> str:
    # Excel's fractions of a day miss whole seconds by a hair.
    whole = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return whole.isoformat(" ")


_TO_TEXT: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    float: _number,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}


def _sheet_paths(path: Path) -> dict[str, str]:
    """Return the part of the archive that holds each sheet."""
    targets = {
        attributes["Id"]: posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
        for attributes in _elements(read_part(path, "xl/_rels/workbook.xml.rels"), "Relationship")
        if "Id" in attributes and "Target" in attributes
    }
    sheets = _elements(read_part(path, "xl/workbook.xml"), "sheet")
    return {s["name"]: targets.get(s["id"], "") for s in sheets if "name" in s and "id" in s}


def _elements(xml: bytes, name: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a name, without namespaces. A document type is refused."""
    found = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] == name:
            found.append({key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def refuse_doctype(*_: object) -> None:
        raise refuse("damaged_archive", DAMAGED)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise refuse("damaged_archive", DAMAGED) from None
    return found
