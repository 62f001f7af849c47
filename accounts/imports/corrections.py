"""Lines that the database has in another version: found, and replaced so that an undo can restore them."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from accounts.actions.timeline import plain
from accounts.imports.lines import Lines
from accounts.imports.matching import note_changed
from accounts.imports.numbers import FINE, to_decimal
from accounts.imports.writing import TABLE, Stored, signed
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
SHOWN = ("ordered_on", "offering", "quantity", "unit_price", "amount", "country")


def paired(
    batch: ImportBatch, lines: Lines, fresh: list[int], stored: Mapping[str, Stored]
) -> dict[int, SalesLine]:
    """Return {index of a fresh line: the stored line it replaces}.

    Files without line numbers tell a corrected line only by what stays the same. A fresh line of an order
    that exists replaces a stored line of that order with the same offering and day which the file no longer
    contains. Lines that this batch wrote are never replaced by it.
    """
    left = defaultdict(list)
    for line in _lines_of_orders(batch, {lines.keys[index][:16] for index in fresh}):
        if line.line_key.hex not in stored:
            code = line.offering.code if line.offering else ""
            left[line.order_no, code, line.ordered_on.isoformat()].append(line)
    found = {}
    for index in fresh:
        candidates = left.get((lines.orders[index], lines.offerings[index], lines.days[index]))
        if candidates:
            found[index] = candidates.pop(0)
    return found


def lines_with_keys(keys: list[str]) -> dict[str, SalesLine]:
    """Return the stored lines of some keys."""
    rows = SalesLine.objects.filter(line_key__in=[UUID(key) for key in keys]).select_related("offering")
    return {row.line_key.hex: row for row in rows}


def replace_lines(
    batch: ImportBatch,
    lines: Lines,
    pairs: Mapping[int, SalesLine],
    accounts: Mapping[str, UUID],
    offerings: Mapping[str, UUID | None],
) -> set[UUID]:
    """Write the new version of stored lines and return the accounts that they belonged to."""
    notes, touched = [], set()
    for index, row in pairs.items():
        before = _snapshot(row)
        touched.add(row.account_id)
        for name, value in _values(batch, lines, index).items():
            setattr(row, name, value)
        row.account_id = accounts[lines.accounts[index]]
        row.offering_id = offerings[lines.offerings[index]]
        notes.append((row.pk, before, _snapshot(row)))
    note_changed(batch, "sales_line", notes)
    fields = [name.removesuffix("_id") for name in RESTORED]
    SalesLine.objects.bulk_update(pairs.values(), fields, batch_size=40)
    return touched


def differences(lines: Lines, pairs: Mapping[int, SalesLine]) -> Iterator[dict[str, Any]]:
    """Yield what the check page shows of a changed line: row, order, and [field, before, after]."""
    for index, row in pairs.items():
        before = _shown(row)
        after = {
            "ordered_on": lines.days[index],
            "offering": lines.offerings[index],
            "quantity": _tidy(lines.quantities[index] / FINE),
            "unit_price": _tidy(lines.prices[index] / FINE),
            "amount": str(to_decimal(lines.amounts[index])),
            "country": lines.countries[index],
        }
        fields = [
            [name, before[name], after[name]]
            for name in SHOWN
            if name in before and before[name] != after[name]
        ]
        yield {"row": lines.numbers[index], "label": lines.orders[index], "fields": fields}


def _lines_of_orders(batch: ImportBatch, halves: set[str]) -> Iterator[SalesLine]:
    """Yield the lines of other batches whose key begins with one of some order hashes."""
    ranges = [(f"{half}{'0' * 16}", f"{half}{'f' * 16}") for half in sorted(halves)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT l.id FROM unnest(%s::uuid[], %s::uuid[]) AS r(low, high)"  # noqa: S608 - our own names
                f" JOIN {TABLE} l ON l.line_key BETWEEN r.low AND r.high",
                [[low for low, _ in ranges], [high for _, high in ranges]],
            )
        else:
            cursor.execute(
                f"SELECT l.id FROM json_each(%s) AS r JOIN {TABLE} l"  # noqa: S608 - our own names
                " ON l.line_key BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')",
                [json.dumps(ranges)],
            )
        ids = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(ids), 500):
        rows = SalesLine.objects.filter(pk__in=ids[start : start + 500]).exclude(batch=batch)
        yield from rows.select_related("offering").order_by("pk")


def _values(batch: ImportBatch, lines: Lines, index: int) -> dict[str, Any]:
    discount, cost = lines.discounts[index], lines.costs[index]
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
        "discount_amount": None if discount is None else to_decimal(discount),
        "cost_amount": None if cost is None else to_decimal(cost),
        "currency": lines.currencies[index],
        "country": lines.countries[index],
        "is_reversal": lines.reversals[index],
    }


def _snapshot(row: Model) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in RESTORED}


def _shown(row: SalesLine) -> dict[str, str]:
    return {
        "ordered_on": row.ordered_on.isoformat(),
        "offering": row.offering.code if row.offering else "",
        "quantity": _tidy(float(row.quantity)),
        "unit_price": _tidy(float(row.unit_price)),
        "amount": str(row.amount),
        "country": row.country,
    }


def _tidy(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
