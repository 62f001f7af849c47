"""The figures of a report as a workbook that goes on calculating: totals and differences are formulas."""

import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from kam.lib import formatting
from kam.lib.tabular.formulas import neutralise, without_control_characters
from reports.document import document
from reports.sheet_paper import laid_out
from reports.sheet_words import HEADS, LEFT_OUT, in_order, words
from reports.templates import SECTIONS

Rows = list[dict[str, Any]]
PAIRS = (("actual", "previous"), ("amount", "before"))
FORMATS = {"money": "#,##0.00", "count": "#,##0", "number": "#,##0.00", "share": "0.0%", "day": "yyyy-mm-dd"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def report_xlsx(snapshot: dict[str, Any]) -> bytes:
    """Return one sheet for the messages and one for each list of figures; equal snapshots give equal bytes."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with override(snapshot["language"]), xlsxwriter.Workbook(target, options) as workbook:
        day = dt.date.fromisoformat(snapshot["as_of"])
        created = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001  # a file's date has no zone
        workbook.set_properties(
            {"title": snapshot["title"], "author": snapshot["company"], "created": created}
        )
        book = _Book(workbook)
        _messages(book, snapshot)
        for part in snapshot["parts"]:
            _part(book, str(SECTIONS.get(part["code"], part["code"])), part["data"], snapshot["currency"])
        footer = f"{snapshot['company']} · {snapshot['as_of']}"
        for sheet in workbook.worksheets():
            _for_paper(sheet, footer, pages=book.fit(sheet))
    return target.getvalue()


def _for_paper(sheet: Any, footer: str, *, pages: int) -> None:
    """Print on A4 across, as wide as the page is (or two of them), with the head on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(pages, 0)
    sheet.repeat_columns(0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, sheet.dim_rowmax, sheet.dim_colmax)
    text = _text(footer).replace("&", "&&")[:150]
    sheet.set_footer(f"&L&9{text}&C&9&A&R&9&P / &N")


class _Book:
    """A workbook with the house's formats; texts in it are never formulas."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
        self.head = workbook.add_format(head)
        self.head_right = workbook.add_format(head | {"align": "right"})
        self.sum = {
            kind: workbook.add_format({"num_format": f, "bold": True, "top": 1})
            for kind, f in FORMATS.items()
        }
        self.plain = {
            kind: workbook.add_format(
                {"num_format": f, "valign": "top"} | ({"align": "left"} if kind == "day" else {})
            )
            for kind, f in FORMATS.items()
        }
        self.text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.names: set[str] = set()
        self.texts: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)

    def sheet(self, wanted: str, heads: Sequence[str], right: Sequence[bool] = ()) -> Any:
        """Begin a sheet; ``right`` says of which columns the heads stand above figures."""
        plain, number = re.sub(r"[\[\]:*?/\\']", " ", wanted)[:27], 2
        name = plain
        while name.casefold() in self.names:
            name, number = f"{plain} {number}", number + 1
        self.names.add(name.casefold())
        sheet = self.workbook.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for column, head in enumerate(heads):
            self.title(sheet, (0, column), head, right=column < len(right) and right[column])
        return sheet

    def title(self, sheet: Any, place: tuple[int, int], head: str, *, right: bool = False) -> None:
        sheet.write_string(*place, _text(head), self.head_right if right else self.head)
        self.measure(sheet, place, _text(head))

    def cell(self, sheet: Any, place: tuple[int, int], value: Any, kind: str, key: str = "") -> None:
        if value is None or value == "":
            return
        self.measure(sheet, place, _shown(key, value, kind))
        if isinstance(value, str) and _DAY.match(value):
            sheet.write_datetime(*place, dt.date.fromisoformat(value), self.plain["day"])
        elif kind in self.plain and not isinstance(value, bool):
            sheet.write_number(*place, float(Decimal(str(value))), self.plain[kind])
        else:
            sheet.write_string(*place, _text(words(key, value)), self.text)

    def fit(self, sheet: Any) -> int:
        """Make columns as wide, and rows as high, as what stands in them: not every program does it by itself.

        Returns how many pages the sheet is wide.
        """
        layout = laid_out(self.texts[sheet.name])
        for column, width in layout.widths.items():
            sheet.set_column(column, column, width)
        for row, height in layout.heights.items():
            sheet.set_row(row, height)
        return layout.pages

    def measure(self, sheet: Any, place: tuple[int, int], text: str) -> None:
        """Remember what will stand in a cell, for its column to become as wide."""
        self.texts[sheet.name][place] = text


def _shown(key: str, value: Any, kind: str) -> str:
    """Return about what a reader sees in a cell, to measure it."""
    if kind == "share":
        return formatting.percent(value)
    if kind == "count":
        return formatting.number(value, 0)
    if kind in FORMATS and kind != "day":
        return formatting.number(value, 2)
    return _text(words(key, value))


def _text(text: str) -> str:
    return neutralise(without_control_characters(text))[:32_000]


def _messages(book: _Book, snapshot: dict[str, Any]) -> None:
    shown = document(snapshot)
    sheet = book.sheet(_("Report"), [shown.kind, shown.name])
    rows = [(_("As of"), snapshot["as_of"]), (_("Currency"), snapshot["currency"])]
    rows += [(str(SECTIONS.get(part["code"], part["code"])), part["message"]) for part in snapshot["parts"]]
    rows += [
        (str(SECTIONS.get(row["code"], row["code"])), _("left out: %(reason)s") % {"reason": row["reason"]})
        for row in snapshot.get("left_out", [])
    ]
    origins = {section.title: section.origin for section in shown.sections}
    book.title(sheet, (0, 2), _("Source"))
    for row, (label, value) in enumerate(rows, 1):
        book.cell(sheet, (row, 0), label, "text")
        book.cell(sheet, (row, 1), value, "text")
        book.cell(sheet, (row, 2), origins.get(value, ""), "text")


def _part(book: _Book, name: str, data: dict[str, Any], currency: str) -> None:
    for key, rows in data.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            ending = {"up": _("Gains"), "down": _("Losses")}.get(key, "")
            paid = [row | {"unit": currency} if row.get("unit") == "money" else row for row in rows]
            _table(book, f"{name} {ending}".strip(), paid)
    flat = {
        key: value
        for key, value in data.items()
        if not isinstance(value, list | dict) and key not in LEFT_OUT
    }
    if any(value not in (None, "") for value in flat.values()):
        _figures(book, name, flat)


def _figures(book: _Book, name: str, flat: dict[str, Any]) -> None:
    """Single figures below each other; one with a value of the year before has it, and the difference, beside it."""
    compared = any(f"{key}_before" in flat for key in flat)
    beside = [_("Year before"), _("Difference"), _("Change in percent")] if compared else []
    sheet = book.sheet(name, [_("Figure"), _("Value"), *beside], [False] + [True] * 4)
    shown = [
        key
        for key in in_order(flat)
        if not key.endswith("_before") or key.removesuffix("_before") not in flat
    ]
    places = {key: row for row, key in enumerate(shown, 1)}
    for key, row in places.items():
        label, kind = _head(key, flat[key])
        book.cell(sheet, (row, 0), label, "text")
        formula = _live(key, flat, places)
        if formula:
            sheet.write_formula(row, 1, formula, book.plain[kind], float(flat[key]))
        else:
            book.cell(sheet, (row, 1), flat[key], kind, key)
        if flat.get(f"{key}_before") is not None and flat[key] is not None:
            book.cell(sheet, (row, 2), flat[f"{key}_before"], kind)
            _compare(
                book, sheet, (row, 1), (float(flat[key]), float(flat[f"{key}_before"])), book.plain, kind
            )


def _live(key: str, flat: dict[str, Any], places: dict[str, int]) -> str:
    """Return the formula of a figure that follows from others of its sheet."""
    cells = {name: f"B{row + 1}" for name, row in places.items()}
    if key == "after" and {"before", "orders_effect", "size_effect"} <= set(cells):
        return "={before}+{orders_effect}+{size_effect}".format(**cells)
    if key == "current_revenue" and {"base_revenue", "expansion", "contraction", "churned", "new"} <= set(
        cells
    ):
        return "={base_revenue}+{expansion}-{contraction}-{churned}+{new}".format(**cells)
    return ""


def _compare(
    book: _Book,
    sheet: Any,
    place: tuple[int, int],
    values: tuple[float, float],
    formats: dict[str, Any],
    kind: str,
) -> None:
    """Write difference and change, as formulas, right of two cells that stand side by side from ``place`` on."""
    row, first = place
    book.measure(sheet, (row, first + 2), _shown("", values[0] - values[1], kind))
    now, then = (f"{_letter(column)}{row + 1}" for column in (first, first + 1))
    sheet.write_formula(row, first + 2, f"={now}-{then}", formats[kind], values[0] - values[1])
    share: float | str = values[0] / values[1] - 1 if values[1] > 0 else ""
    sheet.write_formula(row, first + 3, f'=IF({then}>0,{now}/{then}-1,"")', formats["share"], share)


def _table(book: _Book, name: str, rows: Rows) -> None:
    """A list of rows; amounts beside those of the year before stand last, with difference, change and total."""
    pair = next((found for found in PAIRS if set(found) <= set(rows[0])), ())
    columns = [key for key in _columns(rows) if key not in pair and not (pair and key == "change")]
    columns += pair
    heads = [_head(key, rows[0][key])[0] for key in columns]
    heads += [_("Difference"), _("Change in percent")] if pair else []
    right = [_kind(key, rows[0]) not in ("text", "day") for key in columns]
    sheet = book.sheet(name, heads, [*right, True, True])
    for place, row in enumerate(rows, 1):
        for column, key in enumerate(columns):
            book.cell(sheet, (place, column), row.get(key), _kind(key, row), key)
        if pair:
            values = (float(row[pair[0]] or 0), float(row[pair[1]] or 0))
            _compare(book, sheet, (place, len(columns) - 2), values, book.plain, "money")
    if pair:
        _total(book, sheet, rows, columns)


def _kind(key: str, row: dict[str, Any]) -> str:
    """A goal in per cent has its values as shares."""
    if row.get("unit") == "percent" and key in ("start", "current", "target"):
        return "share"
    return _head(key, row.get(key))[1]


def _columns(rows: Rows) -> list[str]:
    """Return what stands in at least one row, in reading order: an empty column only takes room from the others."""
    return [
        key
        for key in in_order(rows[0])
        if key not in LEFT_OUT and any(row.get(key) not in (None, "") for row in rows)
    ] or in_order(rows[0])[:1]


def _total(book: _Book, sheet: Any, rows: Rows, columns: list[str]) -> None:
    last = len(rows) + 1
    book.title(sheet, (last, 0), _("Total of these rows"))
    sums = []
    for column in (len(columns) - 2, len(columns) - 1):
        letter = _letter(column)
        sums.append(sum(float(row[columns[column]] or 0) for row in rows))
        sheet.write_formula(last, column, f"=SUM({letter}2:{letter}{last})", book.sum["money"], sums[-1])
    _compare(book, sheet, (last, len(columns) - 2), (sums[0], sums[1]), book.sum, "money")


def _head(key: str, value: Any) -> tuple[str, str]:
    """Return how a field is called and what kind its values are; a sum of money is a text in the snapshot."""
    label, kind = HEADS.get(key, (key.replace("_", " ").capitalize(), "text"))
    if key in ("total", "contribution") and isinstance(value, str):
        kind = "money"
    if kind not in FORMATS and isinstance(value, int | float) and not isinstance(value, bool):
        kind = "number"
    return str(label), kind


def _letter(column: int) -> str:
    return chr(ord("A") + column)
