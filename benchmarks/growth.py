"""G1, G2: retention of the whole portfolio and its growth page against plain SQL, and the page of an account."""

from collections.abc import Iterator
from datetime import date
from unittest import mock

from django.db import connection

from accounts.models import Account
from benchmarks.browser import as_leader, get, queries
from benchmarks.measure import Row, Size, benchmark, milliseconds

# The day after the data ends: a later one would find most of the last twelve months empty.
TODAY = mock.patch("django.utils.timezone.localdate", lambda: date(2026, 1, 10))
QUERY = "?base_from=2024-01-01&base_to=2025-01-01&from=2025-01-01&to=2026-01-01"
FLOOR = """
    SELECT SUM(CASE WHEN base > 0 THEN now ELSE 0 END), SUM(CASE WHEN base > 0 THEN base ELSE 0 END) FROM (
        SELECT SUM(CASE WHEN month < '2025-01-01' THEN net ELSE 0 END) AS base,
               SUM(CASE WHEN month >= '2025-01-01' THEN net ELSE 0 END) AS now
        FROM accounts_accountmonth WHERE month >= '2024-01-01' AND month < '2026-01-01' GROUP BY account_id
    ) AS pairs
"""
# All accounts of the data are of one industry, so each is compared with all others: the worst case.
SIZES = """
    SELECT account_id, SUM(net) FROM accounts_accountmonth
    WHERE month >= '2025-01-01' AND month < '2026-01-01' GROUP BY account_id
"""
# What the portfolio page needs at least: who brought and cost how much in two years, and, to find the twins of
# key accounts, in the two before their eight quarters.
BOOKS = """
    SELECT account_id, SUM(CASE WHEN month < {middle} THEN net END), SUM(CASE WHEN month >= {middle} THEN net END),
           SUM(CASE WHEN month < {middle} THEN cost END), SUM(CASE WHEN month >= {middle} THEN cost END)
    FROM accounts_accountmonth WHERE month >= {start} AND month < {end} GROUP BY account_id
"""
YEARS = ({"start": 2024, "middle": 2025, "end": 2026}, {"start": 2022, "middle": 2023, "end": 2024})


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


@benchmark("G1")
def retention(size: Size) -> Iterator[Row]:
    browser = as_leader()
    product = milliseconds(lambda: get(browser, "/api/v1/portfolio/retention/" + QUERY), times=3)
    floor = milliseconds(lambda: _run(FLOOR), times=3)
    yield Row("G1", "NRR, GRR and logo retention, API", product, floor=floor, limit=2)


@benchmark("G2")
def growth_pages(size: Size) -> Iterator[Row]:
    browser, account = as_leader(), Account.objects.order_by("pk")[size.accounts // 2]
    path = f"/accounts/{account.pk}/growth/"
    books = [BOOKS.format(**{name: f"'{year}-01-01'" for name, year in each.items()}) for each in YEARS]
    with TODAY:
        page = milliseconds(lambda: get(browser, path), times=3)
        yield Row("G2", "growth page of an account", page, limit=500)
        yield Row("G2", "  its statements", queries(browser, path), "", limit=60)
        peers = milliseconds(lambda: get(browser, path + "peers/"), times=3)
        floor = milliseconds(lambda: _run(SIZES), times=3)
        yield Row("G2", "  what comparable accounts buy, after it", peers, floor=floor, limit=3)
        product = milliseconds(lambda: get(browser, "/portfolio/growth/"), times=3)
        floor = milliseconds(lambda: _run(*books), times=3)
        yield Row("G2", "growth page of the portfolio", product, floor=floor, limit=2)
