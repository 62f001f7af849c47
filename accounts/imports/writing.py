"""The statements that read and write many sales lines at once, for SQLite and PostgreSQL."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice, repeat
from struct import pack, unpack
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection

from accounts.imports.lines import Lines
from accounts.imports.numbers import FINE, MONEY
from accounts.models import SalesLine
from kam.integrations.models import ImportBatch
from kam.lib.copying import copy_rows
from kam.lib.environment import SQLITE_OPTIONS

TABLE = SalesLine._meta.db_table
COLUMNS = (
    "batch_id",
    "line_key",
    "content_hash",
    "row_number",
    "account_id",
    "offering_id",
    "order_no",
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
_NAMES = ", ".join(COLUMNS)
# Rows of an INSERT on SQLite: few sizes, because each statement is kept, and one of many rows is large.
_STATEMENTS = (1_000, 100, 10, 1)


# What pays while lines are read and written by the thousand, and what holds otherwise (kam.lib.environment).
# SQLite: every piece touches pages all over the indexes; copying them back after each would take longer than
# writing the lines, so the write-ahead log may grow to 64 MB. Memory is for the rows, not for the file.
# PostgreSQL: thousands of keys that lie side by side are no reason to read the whole table.
_FOR_BULK = {
    "sqlite": ("PRAGMA mmap_size = 0", "PRAGMA cache_size = -8000", "PRAGMA wal_autocheckpoint = 16000"),
    "postgresql": ("SET random_page_cost = 1.1",),
}
_AS_BEFORE = {
    "sqlite": (
        "PRAGMA wal_autocheckpoint = 1000",
        *(
            f"PRAGMA {text}"
            for text in str(SQLITE_OPTIONS["init_command"]).split("PRAGMA ")
            if "_size" in text
        ),
    ),
    "postgresql": ("RESET random_page_cost",),
}


class Overtaken(Exception):
    """Somebody wrote one of our lines in the meantime; the piece is looked up and written again."""


@contextmanager
def database_for_bulk() -> Iterator[None]:
    """Set the connection up for a run over very many lines, and back again."""
    if connection.in_atomic_block:
        yield
        return
    _settle(_FOR_BULK)
    try:
        yield
    finally:
        _settle(_AS_BEFORE)


def _settle(statements: Mapping[str, Sequence[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements.get(connection.vendor, ()):
            cursor.execute(statement)


class Stored(NamedTuple):
    """What the database knows of a line: its content (None: not asked for) and whether this batch wrote it."""

    content: int | None
    is_mine: bool


_KNOWN = Stored(None, False)


def stored_keys(keys: Sequence[str]) -> dict[str, Stored]:
    """Return the keys that exist: enough where equal keys mean equal lines, and answered by the index alone."""
    is_postgres = connection.vendor == "postgresql"
    column = "encode(uuid_send(line_key), 'hex')" if is_postgres else "line_key"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {TABLE} WHERE {_among()}", [_parameter(keys)])  # noqa: S608 - our own names
        return dict.fromkeys((row[0] for row in cursor.fetchall()), _KNOWN)


def any_order_stored(keys: Sequence[str]) -> bool:
    """Say whether any line is stored of the orders that the keys belong to: far fewer questions than the keys."""
    halves = {key[:16] for key in keys}
    lows, highs = ([f"{half}{digit * 16}" for half in halves] for digit in "0f")
    found: Any
    if connection.vendor == "postgresql":
        # In the order of the index: otherwise the planner expects a hit soon, and reads the whole table.
        orders, found = "unnest(%s::uuid[], %s::uuid[]) AS o(low, high)", [lows, highs]
        first = f"SELECT id FROM {TABLE} WHERE line_key BETWEEN low AND high ORDER BY line_key LIMIT 1"  # noqa: S608 - our own names
        statement = f"SELECT 1 FROM {orders} CROSS JOIN LATERAL ({first}) AS l LIMIT 1"  # noqa: S608 - our own names
    else:
        orders, found = "json_each(%s) AS o", [json.dumps(list(zip(lows, highs, strict=True)))]
        place = "line_key BETWEEN json_extract(o.value, '$[0]') AND json_extract(o.value, '$[1]')"
        statement = f"SELECT 1 FROM {orders} JOIN {TABLE} ON {place} LIMIT 1"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(statement, found)
        return cursor.fetchone() is not None


def count_stored(keys: Sequence[str]) -> int:
    """Return how many of the keys exist, which is told far faster than which of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {TABLE} WHERE {_among()}", [_parameter(keys)])  # noqa: S608 - our own names
        return int(cursor.fetchone()[0])


def stored_lines(batch: ImportBatch, keys: Sequence[str]) -> dict[str, Stored]:
    """Return {key: stored line} of the keys that exist."""
    mine = {str(batch.pk), batch.pk.hex}
    with connection.cursor() as cursor:
        statement = f"SELECT line_key, content_hash, batch_id FROM {TABLE} WHERE {_among()}"  # noqa: S608 - our own names
        cursor.execute(statement, [_parameter(keys)])
        return {
            str(key).replace("-", ""): Stored(content, str(owner) in mine)
            for key, content, owner in cursor.fetchall()
        }


def _among() -> str:
    if connection.vendor == "postgresql":
        return "line_key = ANY(%s::uuid[])"
    return "line_key IN (SELECT value FROM json_each(%s))"


def _parameter(keys: Sequence[str]) -> Any:
    return list(keys) if connection.vendor == "postgresql" else json.dumps(keys)


def insert_lines(
    batch: ImportBatch, lines: Lines, accounts: Mapping[str, UUID], offerings: Mapping[str, UUID | None]
) -> None:
    """Insert lines that were not there. Raises Overtaken when one of them is by now."""
    if not len(lines):
        return
    columns = _columns(batch, lines, accounts, offerings)
    try:
        if connection.vendor == "postgresql":
            copy_rows(TABLE, COLUMNS, columns)
        else:
            _insert_many(columns)
    except IntegrityError as error:
        raise Overtaken from error


def delete_lines(batch: ImportBatch, account_ids: Sequence[UUID]) -> int:
    """Delete the lines that a batch brought to some accounts, and return how many there were."""
    wanted: Any
    if connection.vendor == "postgresql":
        mine, among = "batch_id = %s", "account_id = ANY(%s::uuid[])"
        owner, wanted = str(batch.pk), [str(key) for key in account_ids]
    else:
        # The sign keeps SQLite from walking over the whole batch for each step of accounts.
        mine, among = "+batch_id = %s", "account_id IN (SELECT value FROM json_each(%s))"
        owner, wanted = batch.pk.hex, json.dumps([key.hex for key in account_ids])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {among} AND {mine}", [wanted, owner])  # noqa: S608 - our own names
        return int(cursor.rowcount)


def _columns(
    batch: ImportBatch, lines: Lines, accounts: Mapping[str, UUID], offerings: Mapping[str, UUID | None]
) -> list[Any]:
    texts = {code: offering.hex if offering else None for code, offering in _used(lines.offerings, offerings)}
    ids = {key: account.hex for key, account in _used(lines.accounts, accounts)}
    return [
        repeat(batch.pk.hex),
        lines.keys,
        unpack(f"{len(lines)}q", pack(f"{len(lines)}Q", *lines.contents)),
        lines.numbers,
        [ids[key] for key in lines.accounts],
        [texts[code] for code in lines.offerings],
        lines.orders,
        lines.line_nos,
        lines.days,
        [quantity / FINE for quantity in lines.quantities],
        [price / FINE for price in lines.prices],
        [amount / MONEY for amount in lines.amounts],
        [None if value is None else value / MONEY for value in lines.discounts],
        [None if value is None else value / MONEY for value in lines.costs],
        lines.currencies,
        lines.countries,
        lines.reversals,
    ]


def _used(keys: Sequence[str], found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(key, found[key]) for key in set(keys)]


def _insert_many(columns: list[Any]) -> None:
    """Insert many rows a statement: SQLite lets other threads work only while one runs."""
    row = f"({', '.join('?' * len(columns))})"
    rows = zip(*columns, strict=False)
    step = list(islice(rows, _STATEMENTS[0]))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        while step:
            size = next(size for size in _STATEMENTS if size <= len(step))
            statement = f"INSERT INTO {TABLE} ({_NAMES}) VALUES {', '.join([row] * size)}"  # noqa: S608 - our own names
            # Past Django's cursor, which would look for the places of the values in every statement.
            cursor.connection.execute(statement, list(chain.from_iterable(step[:size])))
            step = step[size:] or list(islice(rows, _STATEMENTS[0]))


def signed(content: int) -> int:
    """Return an unsigned 64-bit hash as the database's signed integer."""
    return content - (1 << 64) if content >> 63 else content
