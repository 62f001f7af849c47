"""G1, G2: retention of the whole portfolio against the plain SQL over the same months, and the growth pages."""

from collections.abc import Iterator

from django.db import connection

from accounts.models import Account
from benchmarks.browser import as_leader, get, queries
from benchmarks.measure import Row, Size, benchmark, milliseconds

QUERY = "?base_from=2024-01-01&base_to=2025-01-01&from=2025-01-01&to=2026-01-01"
FLOOR = """
    SELECT SUM(CASE WHEN base > 0 THEN now ELSE 0 END), SUM(CASE WHEN base > 0 THEN base ELSE 0 END) FROM (
        SELECT SUM(CASE WHEN month < '2025-01-01' THEN net ELSE 0 END) AS base,
               SUM(CASE WHEN month >= '2025-01-01' THEN net ELSE 0 END) AS now
        FROM accounts_accountmonth WHERE month >= '2024-01-01' AND month < '2026-01-01' GROUP BY account_id
    ) AS pairs
"""


def _floor() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR)
        cursor.fetchall()


@benchmark("G1")
def retention(size: Size) -> Iterator[Row]:
    browser = as_leader()
    product = milliseconds(lambda: get(browser, "/api/v1/portfolio/retention/" + QUERY), times=3)
    yield Row("G1", "NRR, GRR and logo retention, API", product, floor=milliseconds(_floor, times=3), limit=3)


@benchmark("G2")
def growth_pages(size: Size) -> Iterator[Row]:
    browser, account = as_leader(), Account.objects.order_by("pk")[size.accounts // 2]
    path = f"/accounts/{account.pk}/growth/"
    yield Row(
        "G2", "growth page of an account", milliseconds(lambda: get(browser, path), times=3), limit=1500
    )
    yield Row("G2", "  its statements", queries(browser, path), "", limit=60)
