"""C0: how fast this machine is: bare times among the targets were set where one statement took what stands here."""

from collections.abc import Iterator

from django.db import connection

from benchmarks.measure import Row, Size, benchmark, once

ACCOUNTS, CRITERIA = 100_000, 5
# Milliseconds of the reference (November 2026): weighted sum and rank of 100,000 × 5 ratings, written with a key.
REFERENCE = {"postgresql": 410, "sqlite": 180}
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
RATINGS = (
    "CREATE TEMP TABLE c0_rating (account integer, criterion integer, value integer)",
    f"INSERT INTO c0_rating {NUMBERS.format(last=ACCOUNTS * CRITERIA - 1)}"
    f"SELECT i / {CRITERIA}, i % {CRITERIA}, 1 + (i % 1000 * 7919) % 10 FROM n",
    "CREATE TEMP TABLE c0_score (account integer PRIMARY KEY, total integer, rank integer)",
)
STATEMENT = """
    INSERT INTO c0_score SELECT account, total, RANK() OVER (ORDER BY total DESC) FROM (
        SELECT account, SUM(
            value * CASE criterion WHEN 0 THEN 45 WHEN 1 THEN 26 WHEN 2 THEN 16 WHEN 3 THEN 9 ELSE 4 END
        ) AS total FROM c0_rating GROUP BY account
    ) AS summed
"""


@benchmark("C0")
def calibration(size: Size) -> Iterator[Row]:
    _run(*RATINGS)
    note = "the floor is the reference machine's time"
    took = min(_once() for _ in range(4))
    yield Row("C0", "this machine, by one statement", took, floor=REFERENCE[connection.vendor], note=note)
    _run("DROP TABLE c0_rating", "DROP TABLE c0_score")


def _once() -> float:
    _run("DELETE FROM c0_score")
    return once(lambda: _run(STATEMENT))


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
