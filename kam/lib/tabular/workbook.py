"""XLSX: sheets as rows of texts, after kam.lib.tabular.archive has let the file pass. Nothing is held but a piece."""

import posixpath
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_noop

from kam.lib.tabular.archive import DAMAGED, UNREADABLE, SheetFacts, check_extent, inspect
from kam.lib.tabular.cellformats import meanings
from kam.lib.tabular.limits import Limits, refuse
from kam.lib.tabular.problems import RowProblem
from kam.lib.tabular.sharedtexts import SharedTexts
from kam.lib.tabular.sheet import SheetRows
from kam.lib.tabular.xml import Damaged, elements

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
        self._path = path
        try:
            with zipfile.ZipFile(path) as archive:
                parts = _sheet_parts(archive)
                self.sheet_names = list(parts)
                self.sheet = self._chosen(sheet)
                self._part = parts[self.sheet]
                chosen = facts.get(self._part, SheetFacts())
                check_extent(chosen, limits)
                self._width = chosen.columns
                self._read_styles(archive)
        except (*UNREADABLE, Damaged, OSError):
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

    def _read_styles(self, archive: zipfile.ZipFile) -> None:
        styles = _elements(archive, "xl/styles.xml", "cellXfs", "xf")
        self._styles = meanings(styles, _elements(archive, "xl/styles.xml", "numFmt"))
        properties = _elements(archive, "xl/workbook.xml", "workbookPr")
        self._since_1904 = any(known.get("date1904") in ("1", "true") for known in properties)
        if "xl/sharedStrings.xml" in archive.NameToInfo:
            with archive.open("xl/sharedStrings.xml") as stream:
                self._texts = SharedTexts(stream)
        else:
            self._texts = SharedTexts(None)

    def records(self, skip: int = 0) -> Iterator[list[str]]:
        """Yield the rows from the top of the sheet as texts: numbers with a point, dates as ISO."""
        rows = SheetRows(self._texts, self._styles, self._since_1904, self._width)
        try:
            with zipfile.ZipFile(self._path) as archive, archive.open(self._part) as stream:
                yield from islice(rows.read(stream), skip, None)
        except (*UNREADABLE, Damaged, KeyError, OSError):
            raise refuse("damaged_archive", DAMAGED) from None


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each visible worksheet, by its name and in its order."""
    targets = {
        known["Id"]: posixpath.normpath(posixpath.join("/xl", known["Target"])).lstrip("/")
        for known in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        if "Id" in known and "Target" in known and known.get("Type", "").endswith("/worksheet")
    }
    sheets = _elements(archive, "xl/workbook.xml", "sheets", "sheet")
    return {
        sheet["name"]: targets[sheet["id"]]
        for sheet in sheets
        if "name" in sheet and sheet.get("id") in targets and sheet.get("state", "visible") == "visible"
    }


def _elements(archive: zipfile.ZipFile, part: str, *path: str) -> list[dict[str, str]]:
    if part not in archive.NameToInfo:
        return []
    with archive.open(part) as stream:
        return elements(stream, *path)
