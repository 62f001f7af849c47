"""Many rows of one table at once: what bulk_create and delete do, without an object for each of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, connections
from django.db.models import Field, Model
from django.db.models.expressions import RawSQL

ROWS_A_STATEMENT = 500
Row = TypeVar("Row")


def insert_rows(common: Model, columns: Mapping[str, Sequence[Any]], *, or_ignore: bool = False) -> None:
    """Insert rows that equal ``common`` but for some columns, given as {attribute: one value a row}.

    With ``or_ignore`` a row that breaks a unique constraint is left out.
    """
    names: list[str] = []
    values: list[Iterable[Any]] = []
    for field in common._meta.concrete_fields:
        given = columns.get(field.attname)
        if given is None and field.primary_key:
            continue  # the database numbers the rows
        names.append(connection.ops.quote_name(field.column))
        if given is None:
            given = [field.pre_save(common, add=True)]
            values.append(repeat(*_prepared(field, given)))
        else:
            values.append(_prepared(field, given))
    table = connection.ops.quote_name(common._meta.db_table)
    end = " ON CONFLICT DO NOTHING" if or_ignore else ""
    rows = zip(*values, strict=False)  # the constant columns never end
    with connection.cursor() as cursor:
        while step := list(islice(rows, ROWS_A_STATEMENT)):
            places = f"({', '.join(['%s'] * len(names))})"
            if connection.vendor == "sqlite":  # bounds the values of a statement, and is quick with one a row
                statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES {places}{end}"  # noqa: S608 - our own names
                cursor.executemany(statement, step)
            else:
                every = ", ".join([places] * len(step))
                statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES {every}{end}"  # noqa: S608 - our own names
                cursor.execute(statement, list(chain.from_iterable(step)))


def _prepared(field: "Field[Any, Any]", given: Sequence[Any]) -> list[Any]:
    """Return the values as the database takes them; one that all rows share is looked at once."""
    # Not the proxy, which looks the connection up again for every value.
    real = connections[connection.alias]
    if len(given) > 1 and all(value is given[0] for value in given):
        return [field.get_db_prep_save(given[0], real)] * len(given)
    return [field.get_db_prep_save(value, real) for value in given]


def insert_objects(rows: Sequence[Model]) -> None:
    """Insert rows that are objects already; their keys are set, and nothing is told to signals."""
    if rows:
        fields = rows[0]._meta.concrete_fields
        insert_rows(rows[0], {f.attname: [f.pre_save(row, add=True) for row in rows] for f in fields})


def update_objects(rows: Sequence[Model], names: Iterable[str]) -> None:
    """Write some fields of rows back, by one statement for all of them."""
    if not rows:
        return
    meta, wanted = rows[0]._meta, set(names)
    fields = [field for field in meta.concrete_fields if field.name in wanted]
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key = next(field for field in meta.concrete_fields if field.primary_key)
    statement = f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {quote(key.column)} = %s"  # noqa: S608 - our own names
    columns = [_prepared(field, [getattr(row, field.attname) for row in rows]) for field in (*fields, key)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(statement, list(zip(*columns, strict=True)))
            return
        # One message to the server for many statements: its answer to each would take longer than the work.
        for step in in_steps(zip(*columns, strict=True), ROWS_A_STATEMENT):
            cursor.execute(b";".join(cursor.mogrify(statement, row) for row in step).decode())


def in_steps(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield rows in lists of at most ``size``."""
    rest = iter(rows)
    while step := list(islice(rest, size)):
        yield step


def among(keys: Iterable[UUID] | Iterable[int], kind: type = UUID) -> RawSQL:
    """Return keys for a filter with ``__in``: as one parameter, so that nobody looks at each of them."""
    if connection.vendor == "postgresql":
        name = "uuid" if kind is UUID else "bigint"
        return RawSQL(f"SELECT unnest(%s::{name}[])", [list(map(str, keys))])  # noqa: S611 - our own words
    texts = [key.hex if isinstance(key, UUID) else key for key in keys]
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(texts)])


def delete_rows(model: type[Model], keys: Iterable[UUID]) -> int:
    """Delete rows that nothing refers to, and return how many there were: no related table is looked at."""
    found = among(keys)
    quote, meta = connection.ops.quote_name, model._meta
    key = quote(meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {quote(meta.db_table)} WHERE {key} IN ({found.sql})", found.params)  # noqa: S608 - our own names
        return int(cursor.rowcount)
