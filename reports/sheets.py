"""The figures of a report as a workbook: numbers stay numbers, texts are never formulas."""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from kam.lib.tabular.export import Cell, Sheet, write_xlsx
from reports.document import document

# How cells that hold figures or days are named in the snapshot; everything else is text.
AMOUNTS = (
    "revenue revenue_before average average_before actual previous before after orders_effect size_effect"
)
AMOUNTS += (
    " amount change start target current total base_revenue current_revenue churned contraction expansion new"
)


def report_xlsx(snapshot: dict[str, Any]) -> bytes:
    """Return one sheet for the messages and one for each part that has figures."""
    shown = document(snapshot)
    with override(snapshot["language"]):
        sheets = [Sheet(_("Report"), [shown.kind, shown.name], _messages(snapshot))]
        sheets += [
            sheet for part in snapshot["parts"] if part["data"] for sheet in _part(part["code"], part["data"])
        ]
    target = io.BytesIO()
    write_xlsx(sheets, target)
    return target.getvalue()


def _messages(snapshot: dict[str, Any]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [_("As of"), date.fromisoformat(snapshot["as_of"])],
        [_("Currency"), snapshot["currency"]],
    ]
    return [*rows, *([_("Message"), part["message"]] for part in snapshot["parts"])]


def _part(code: str, data: dict[str, Any]) -> Iterator[Sheet]:
    flat = [[key, _cell(key, value)] for key, value in data.items() if not isinstance(value, list | dict)]
    flat = [row for row in flat if not str(row[0]).startswith("source")]
    if flat:
        yield Sheet(code, [_("Figure"), _("Value")], flat)
    for key, rows in data.items():
        if isinstance(rows, list) and rows:
            header = [name for name in rows[0] if name != "source"]
            yield Sheet(
                f"{code} {key}", header, [[_cell(name, row.get(name)) for name in header] for row in rows]
            )


def _cell(name: str, value: Any) -> Cell:
    if isinstance(value, str) and name in AMOUNTS.split():
        return Decimal(value)
    if (
        isinstance(value, str)
        and (name.endswith("_on") or name in ("from", "to", "until"))
        and len(value) == 10
    ):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value if isinstance(value, str | int | float | bool | None) else str(value)
