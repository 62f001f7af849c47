"""Stored lines as a comparison with a file needs them: few columns, and whole numbers as the file's lines have them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.imports.numbers import FINE, MONEY
from accounts.models import Offering, SalesLine

Values = dict[str, Any]
# What a line says, by column of Lines and as SQL that both databases answer alike.
_VALUES = {
    "offerings": "COALESCE(o.code, '')",
    "quantities": "l.quantity",
    "prices": "l.unit_price",
    "amounts": "l.amount",
    "discounts": "l.discount_amount",
    "costs": "l.cost_amount",
    "countries": "l.country",
    "currencies": "l.currency",
    "line_nos": "l.line_no",
    "reversals": "l.is_reversal",
}
_NUMBERS = ("quantities", "prices", "amounts", "discounts", "costs")
_HEX = "REPLACE(CAST(l.{} AS TEXT), '-', '')"
_COLUMNS = ", ".join(
    [
        "l.id",
        *map(_HEX.format, ("batch_id", "line_key", "account_id")),
        "l.content_hash, l.order_no, CAST(l.ordered_on AS TEXT)",
        *(
            f"CAST(ROUND({column} * {MONEY}) AS BIGINT)" if name in _NUMBERS else column
            for name, column in _VALUES.items()
        ),
    ]
)
_LINE = SalesLine._meta.db_table
_STATEMENT = (
    f"SELECT {_COLUMNS} FROM {{}} LEFT JOIN {Offering._meta.db_table} o ON o.id = l.offering_id"  # noqa: S608 - our own names
    " WHERE {} ORDER BY l.id"
)


@dataclass(slots=True)
class KnownLine:
    """A stored line. Ids are 32 hex digits; ``values`` by column of Lines, and counted as there."""

    pk: int
    batch: str | None
    key: str
    account: str
    content: int
    order: str
    day: str
    values: Values


def lines_with_keys(keys: Sequence[str]) -> dict[str, KnownLine]:
    """Return {key: stored line} of the keys that exist."""
    if connection.vendor == "postgresql":
        found = _read(f"{_LINE} l", "l.line_key = ANY(%s::uuid[])", list(keys))
    else:
        found = _read(f"{_LINE} l", "l.line_key IN (SELECT value FROM json_each(%s))", json.dumps(keys))
    return {line.key: line for line in found}


def lines_of_orders(halves: Sequence[str]) -> list[KnownLine]:
    """Return the lines whose key begins with one of some order hashes, in the order they came in."""
    lows, highs = ([f"{half}{digit * 16}" for half in halves] for digit in "0f")
    if connection.vendor == "postgresql":
        ranges = f"unnest(%s::uuid[], %s::uuid[]) AS r(low, high) CROSS JOIN {_LINE} l"
        return _read(ranges, "l.line_key BETWEEN r.low AND r.high", lows, highs)
    # SQLite keeps the order of a cross join: from the ranges to the lines by their index.
    place = "l.line_key BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')"
    return _read(
        f"json_each(%s) r CROSS JOIN {_LINE} l", place, json.dumps(list(zip(lows, highs, strict=True)))
    )


def _read(source: str, condition: str, *parameters: Any) -> list[KnownLine]:
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(source, condition), parameters)
        return [_known(row) for row in cursor.fetchall()]


def _known(row: tuple[Any, ...]) -> KnownLine:
    pk, batch, key, account, content, order, day, *rest = row
    values = dict(zip(_VALUES, rest, strict=True))
    for name in ("quantities", "prices"):
        values[name] *= FINE // MONEY
    return KnownLine(pk, batch, key, account, content, order, day, values)
