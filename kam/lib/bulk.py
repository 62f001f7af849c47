"""Many rows of one table at once: what bulk_create and delete do, without an object for each of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, connections
from django.db.models import Field, Model
from django.db.models.expressions import RawSQL

from kam.lib.copying import copy_rows

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
        names.append(field.column)
        if given is None:
            given = [field.pre_save(common, add=True)]
            values.append(repeat(*_prepared(field, given)))
        else:
            values.append(_prepared(field, given))
    if connection.vendor == "postgresql" and not or_ignore:
        copy_rows(common._meta.db_table, names, values)
    else:
        _insert(common._meta.db_table, names, values, " ON CONFLICT DO NOTHING" if or_ignore else "")


def _insert(table: str, names: Sequence[str], values: Sequence[Iterable[Any]], end: str) -> None:
    quote = connection.ops.quote_name
    places = f"({', '.join(['%s'] * len(names))})"
    beginning = f"INSERT INTO {quote(table)} ({', '.join(map(quote, names))}) VALUES "  # noqa: S608 - our own names
    # The constant columns never end.
    for step in in_steps(zip(*values, strict=False), ROWS_A_STATEMENT):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # bounds the values of a statement, and is quick with one a row
                cursor.executemany(f"{beginning}{places}{end}", step)
            else:
                every = ", ".join([places] * len(step))
                cursor.execute(f"{beginning}{every}{end}", list(chain.from_iterable(step)))


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
    key = next(field for field in meta.concrete_fields if field.primary_key)
    columns = [_prepared(field, [getattr(row, field.attname) for row in rows]) for field in (key, *fields)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            quote = connection.ops.quote_name
            changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
            statement = f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {quote(key.column)} = %s"  # noqa: S608 - our own names
            cursor.executemany(statement, list(zip(*columns[1:], columns[0], strict=True)))
            return
        statement = _update_from_arrays(key, fields)
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            cursor.execute(statement, [column[start : start + ROWS_A_STATEMENT] for column in columns])


def _update_from_arrays(key: "Field[Any, Any]", fields: Sequence["Field[Any, Any]"]) -> str:
    """Return an UPDATE that takes one array a column, the keys first: one plan for all rows."""
    quote = connection.ops.quote_name
    arrays = ", ".join(f"%s::{_kind(field)}[]" for field in (key, *fields))
    names = ", ".join(quote(field.column) for field in (key, *fields))
    changes = ", ".join(f"{quote(field.column)} = new.{quote(field.column)}" for field in fields)
    table = quote(key.model._meta.db_table)
    return (
        f"UPDATE {table} SET {changes} FROM unnest({arrays}) AS new ({names})"  # noqa: S608 - our own names
        f" WHERE {table}.{quote(key.column)} = new.{quote(key.column)}"
    )


def _kind(field: "Field[Any, Any]") -> str:
    """Return a column's type without its length: a cast would cut what is too long, where the column refuses it."""
    return str(field.db_type(connection)).partition("(")[0]


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
