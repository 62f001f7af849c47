"""Writing a run's scores: COPY where the database has it, the fewest statements possible elsewhere.

A score has no behaviour of its own and is written by the hundred thousand; a model instance for each would
cost more than everything else in a run.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from sqlite3 import SQLITE_LIMIT_VARIABLE_NUMBER
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

COLUMNS = (
    *("run_id", "account_id", "position", "rank", "previous_rank", "total", "low", "high", "completeness"),
    *("facts", "ratings"),
)
INSERT = (
    "INSERT INTO scoring_score (run_id, account_id, position, rank, previous_rank, total, low, high,"
    " completeness, facts, ratings) VALUES "
)
ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
COPY = (
    "COPY scoring_score (run_id, account_id, position, rank, previous_rank, total, low, high,"
    " completeness, facts, ratings) FROM STDIN WITH (FORMAT csv)"
)
CHUNK = 5_000


def write_scores(rows: Iterable[Sequence[Any]], *, using: str) -> Iterator[int]:
    """Write rows of COLUMNS (ids as KeyText, lists as JSON text) in chunks and yield after each how many
    there are by now.
    """
    connection = connections[using]
    remaining, written = iter(rows), 0
    while chunk := list(islice(remaining, CHUNK)):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.copy_expert(COPY, _as_csv(chunk))
            else:
                _insert(connection, chunk)
        written += len(chunk)
        yield written


def _insert(connection: BaseDatabaseWrapper, rows: Sequence[Sequence[Any]]) -> None:
    """Insert as many rows with one statement as it may have parameters: half the time of one for each.

    The statement is in SQLite's own words: turning tens of thousands of Django's placeholders into its takes as
    long as a tenth of the work.
    """
    raw = connection.connection
    size = raw.getlimit(SQLITE_LIMIT_VARIABLE_NUMBER) // len(COLUMNS)
    with connection.wrap_database_errors:
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            statement = INSERT + ", ".join([ROW] * len(part))
            raw.execute(statement, list(chain.from_iterable(part)))


def _as_csv(rows: Iterable[Sequence[Any]]) -> io.StringIO:
    """Return rows as COPY reads them: None is an empty field, and no text here is ever empty."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    file.seek(0)
    return file
