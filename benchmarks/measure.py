"""Rows of the table, and how time and memory are taken."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

Work = Callable[[], object]
Bench = Callable[["Size"], Iterator["Row"]]
REGISTRY: list[tuple[str, Bench]] = []


@dataclass(frozen=True)
class Size:
    """How much data the run works on."""

    accounts: int
    orders: int


@dataclass(frozen=True)
class Row:
    """One line of the table. ``limit`` bounds product / floor, or the product alone where there is no floor."""

    target: str
    work: str
    product: float
    unit: str = "ms"
    floor: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.product / self.floor if self.floor else None

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "ok" if (self.product if self.ratio is None else self.ratio) <= self.limit else "MISSED"

    def __str__(self) -> str:
        floor = f"{self.floor:12,.1f}" if self.floor is not None else " " * 12
        ratio = f"{self.ratio:7.2f}" if self.ratio is not None else " " * 7
        limit = f"≤ {self.limit:<8,g}" if self.limit is not None else " " * 10
        parts = (
            f"{self.target:4} {self.work:48.48} {self.product:12,.1f} {self.unit:5} {floor} {ratio}  {limit}"
        )
        return f"{parts} {self.verdict:7} {self.note}".rstrip()


HEADER = f"{'':4} {'':48} {'product':>12} {'':5} {'floor':>12} {'ratio':>7}  {'target':10}"


def benchmark(target: str) -> Callable[[Bench], Bench]:
    """Register a measurement under the number of its target."""

    def register(work: Bench) -> Bench:
        REGISTRY.append((target, work))
        return work

    return register


def milliseconds(work: Work, times: int = 7) -> float:
    """Return the shortest of some runs after one that warms up: what else runs on the machine only adds."""
    work()
    return min(_once(work) for _ in range(times))


def once(work: Work) -> float:
    """Return the time of a single run in milliseconds."""
    return _once(work)


def _once(work: Work) -> float:
    gc.collect()
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000
