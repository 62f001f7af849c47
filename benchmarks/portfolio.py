"""P15: concentration of the whole portfolio against plain SQL over the months.

The page is asked for twelve months that begin within one, so that it reads orders, and the twelve before them.
"""

from collections.abc import Iterator

from benchmarks.browser import as_leader, get
from benchmarks.facts import CONCENTRATION, sql
from benchmarks.measure import Row, Size, benchmark, milliseconds, once

API, PAGE = "/api/v1/portfolio/concentration/", "/portfolio/?period=own&from=2024-12-16&to=2025-12-15"


@benchmark("P15")
def concentration(size: Size) -> Iterator[Row]:
    browser = as_leader()
    floor = milliseconds(sql(CONCENTRATION["months"]), times=3)
    yield Row(
        "P15", "concentration, API", milliseconds(lambda: get(browser, API), times=3), floor=floor, limit=2
    )
    yield Row("P15", "  page, the period before read too", once(lambda: get(browser, PAGE)), floor=floor)
    page = milliseconds(lambda: get(browser, PAGE), times=3)
    yield Row("P15", "  page, until sales change", page, floor=floor, limit=2)
