"""COPY: what PostgreSQL reads many rows by, several times as fast as by INSERT."""

import io
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

from django.db import connection
from psycopg2.extras import Json

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, names: Sequence[str], columns: Sequence[Iterable[Any]]) -> None:
    """Insert rows given column by column; a ``repeat`` holds one value for all of them.

    Raises IntegrityError as an INSERT would.
    """
    texts = [_texts(column) for column in columns]
    lines = "".join(f"{line}\n" for line in map("\t".join, zip(*texts, strict=False)))
    if not lines:
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {quote(table)} ({', '.join(map(quote, names))}) FROM STDIN", io.StringIO(lines)
        )


def _texts(column: Iterable[Any]) -> Iterable[str]:
    """Return a column as COPY reads it. Where values repeat, each is written once."""
    if isinstance(column, repeat):  # the same value over and over
        return repeat(_text(next(column)))
    kinds = set(map(type, column))
    if kinds == {int}:  # row numbers and hashes: next to none repeats
        return map(str, column)
    if kinds == {str} and _needs_no_escape("".join(column)):
        return column
    known = {value: _text(value) for value in set(column)}
    return map(known.__getitem__, column)


def _needs_no_escape(text: str) -> bool:
    return not any(chr(mark) in text for mark in _ESCAPES)


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, Json):
        value = value.dumps(value.adapted)
    return value.translate(_ESCAPES) if value.__class__ is str else str(value)
