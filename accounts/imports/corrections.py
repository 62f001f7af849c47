"""Lines that the database has in another version: shown, and replaced so that an undo can restore them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts.actions.timeline import plain
from accounts.imports.known import KnownLine, Values
from accounts.imports.lines import Lines
from accounts.imports.matching import note_changed
from accounts.imports.numbers import FINE, to_decimal
from accounts.imports.writing import signed
from accounts.models import SalesLine
from kam.integrations.models import ImportBatch

RESTORED = (
    "batch_id",
    "line_key",
    "content_hash",
    "row_number",
    "account_id",
    "offering_id",
    "line_no",
    "ordered_on",
    "quantity",
    "unit_price",
    "amount",
    "discount_amount",
    "cost_amount",
    "currency",
    "country",
    "is_reversal",
)
SHOWN = (
    "ordered_on",
    "offering",
    "quantity",
    "unit_price",
    "amount",
    "discount_amount",
    "cost",
    "country",
    "currency",
    "line",
)


def replace_lines(
    batch: ImportBatch,
    lines: Lines,
    pairs: Mapping[int, KnownLine],
    accounts: Mapping[str, UUID],
    offerings: Mapping[str, UUID | None],
) -> None:
    """Write the new version of stored lines, and note the former one."""
    notes = []
    rows = SalesLine.objects.select_related("offering").in_bulk([known.pk for known in pairs.values()])
    for index, known in pairs.items():
        row = rows[known.pk]
        before = _snapshot(row)
        for name, value in _values(batch, lines, index).items():
            setattr(row, name, value)
        row.account_id = accounts[lines.accounts[index]]
        if row.offering is None or row.offering.code != lines.offerings[index]:
            row.offering_id = offerings[lines.offerings[index]]
        notes.append((row.pk, before, _snapshot(row)))
    note_changed(batch, "sales_line", notes)
    fields = [name.removesuffix("_id") for name in RESTORED]
    SalesLine.objects.bulk_update(rows.values(), fields, batch_size=40)


def differences(lines: Lines, pairs: Mapping[int, KnownLine]) -> Iterator[dict[str, Any]]:
    """Yield what the check page shows of a changed line: row, order, and [field, before, after]."""
    for index, row in pairs.items():
        before = _shown(row.day, row.values)
        after = _shown(lines.days[index], {name: getattr(lines, name)[index] for name in row.values})
        fields = [[name, before[name], after[name]] for name in SHOWN if before[name] != after[name]]
        yield {"row": lines.numbers[index], "label": lines.orders[index], "fields": fields}


def _values(batch: ImportBatch, lines: Lines, index: int) -> dict[str, Any]:
    return {
        "batch_id": batch.pk,
        "line_key": UUID(lines.keys[index]),
        "content_hash": signed(lines.contents[index]),
        "row_number": lines.numbers[index],
        "line_no": lines.line_nos[index],
        "ordered_on": lines.days[index],
        "quantity": _tidy(lines.quantities[index] / FINE),
        "unit_price": _tidy(lines.prices[index] / FINE),
        "amount": to_decimal(lines.amounts[index]),
        "discount_amount": _stored(lines.discounts[index]),
        "cost_amount": _stored(lines.costs[index]),
        "currency": lines.currencies[index],
        "country": lines.countries[index],
        "is_reversal": lines.reversals[index],
    }


def _snapshot(row: Model) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in RESTORED}


def _shown(day: str, values: Values) -> dict[str, str]:
    return {
        "ordered_on": day,
        "offering": values["offerings"],
        "quantity": _tidy(values["quantities"] / FINE),
        "unit_price": _tidy(values["prices"] / FINE),
        "amount": str(to_decimal(values["amounts"])),
        "discount_amount": _text(_stored(values["discounts"])),
        "cost": _text(_stored(values["costs"])),
        "country": values["countries"],
        "currency": values["currencies"],
        "line": values["line_nos"],
    }


def _stored(amount: int | None) -> Decimal | None:
    return None if amount is None else to_decimal(amount)


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)


def _tidy(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
