"""P15: concentration of the whole portfolio against the plain SQL that reads the same months."""

from collections.abc import Iterator

from benchmarks.browser import as_leader, get
from benchmarks.facts import CONCENTRATION, sql
from benchmarks.measure import Row, Size, benchmark, milliseconds

ADDRESSES = {"API": "/api/v1/portfolio/concentration/", "page": "/portfolio/"}


@benchmark("P15")
def concentration(size: Size) -> Iterator[Row]:
    browser = as_leader()
    floor = milliseconds(sql(CONCENTRATION["months"]), times=3)
    for name, path in ADDRESSES.items():
        product = milliseconds(lambda path=path: get(browser, path), times=3)  # type: ignore[misc]
        yield Row("P15", f"concentration, {name}", product, floor=floor, limit=2)
