"""P15: concentration of the whole portfolio against plain SQL.

The API answers for everything, from the months. The page is asked for a year that begins within a month, so that it
reads orders: once with the year before it, as after each change of the sales, and once while that is still known.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from benchmarks.browser import as_leader, get
from benchmarks.facts import CONCENTRATION, orders_between, sql
from benchmarks.measure import Row, Size, benchmark, milliseconds, once

API, PAGE = "/api/v1/portfolio/concentration/", "/portfolio/?period=own&from={}&to={}"
FIRST, LAST = date(2024, 12, 16), date(2025, 12, 15)
BEFORE = date(2023, 12, 16)
DAY = timedelta(days=1)


@benchmark("P15")
def concentration(size: Size) -> Iterator[Row]:
    browser = as_leader()

    def page(later: int = 0) -> None:
        get(browser, PAGE.format(FIRST + later * DAY, LAST + later * DAY))

    floor = milliseconds(sql(CONCENTRATION["months"]), times=3)
    yield Row(
        "P15", "concentration, API", milliseconds(lambda: get(browser, API), times=3), floor=floor, limit=2
    )
    page()  # the process imports and draws its first chart
    year, year_before = (sql(orders_between(*span)) for span in ((FIRST, LAST), (BEFORE, FIRST - DAY)))
    floor = milliseconds(lambda: (year(), year_before()), times=3)
    unseen = min(once(lambda later=later: page(later)) for later in (1, 2, 3))
    yield Row("P15", "  page, the year before read too", unseen, floor=floor, limit=2)
    known = milliseconds(page, times=3)
    yield Row("P15", "  page, until sales change", known, floor=milliseconds(year, times=3), limit=2)
