"""Writing a run's scores: COPY where the database has it, one prepared statement elsewhere.

A score has no behaviour of its own and is written by the hundred thousand; a model instance for each would
cost more than everything else in a run.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connections

from scoring.models import Score

COLUMNS = (
    *("run_id", "account_id", "position", "rank", "previous_rank", "total", "low", "high", "completeness"),
    *("facts", "ratings"),
)
INSERT = (
    "INSERT INTO scoring_score (run_id, account_id, position, rank, previous_rank, total, low, high,"
    " completeness, facts, ratings) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
COPY = (
    "COPY scoring_score (run_id, account_id, position, rank, previous_rank, total, low, high,"
    " completeness, facts, ratings) FROM STDIN WITH (FORMAT csv)"
)
CHUNK = 5_000


def write_scores(rows: Iterable[Sequence[Any]], *, using: str) -> Iterator[int]:
    """Write rows of COLUMNS (lists as JSON text) in chunks and yield after each how many there are by now."""
    connection = connections[using]
    to_id = Score._meta.get_field("account").target_field.get_db_prep_value
    prepared = ((to_id(row[0], connection), to_id(row[1], connection), *row[2:]) for row in rows)
    written = 0
    while chunk := list(islice(prepared, CHUNK)):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.copy_expert(COPY, _as_csv(chunk))
            else:
                cursor.executemany(INSERT, chunk)
        written += len(chunk)
        yield written


def _as_csv(rows: Iterable[Sequence[Any]]) -> io.StringIO:
    """Return rows as COPY reads them: None is an empty field, and no text here is ever empty."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    file.seek(0)
    return file
