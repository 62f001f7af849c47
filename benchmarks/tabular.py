"""Rows per second of reading tables, beside the least that csv.reader itself needs for the same file.

    .venv/bin/python benchmarks/tabular.py [FILE]

Without a file a table like a sales export is made. Everything runs in one process, one after the other, so
that the ratios hold on any machine. The peak of memory is that of the whole process.
"""

import csv
import gzip
import os
import random
import resource
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kam.lib.tabular.export import ENGLISH, Sheet, write_csv, write_xlsx
from kam.lib.tabular.mapping import fits
from kam.lib.tabular.reader import open_table
from kam.lib.tabular.values import ValueProblem, parse_date, parse_decimal

HEADER = ["Order", "Code", "Description", "Quantity", "Date", "Price", "Customer", "Country"]


def make_rows(count: int) -> list[list[str]]:
    """Return sales lines with about as many different values as a real export has."""
    chance = random.Random(1)
    start = datetime.fromisoformat("2024-01-01 08:00:00")
    rows = []
    for order in range(count // 20):
        moment, customer = str(start + timedelta(minutes=17 * order)), str(12_000 + chance.randrange(4_000))
        for _ in range(20):
            price = f"{chance.randrange(50, 5_000) / 100:.2f}"
            code = str(chance.randrange(10_000, 14_000))
            rows.append(
                [
                    str(order),
                    code,
                    f"PART, {code}",
                    str(chance.randrange(1, 99)),
                    moment,
                    price,
                    customer,
                    "DE",
                ]
            )
    return rows


def bare(path: Path) -> int:
    """Return the number of rows by csv.reader alone."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def read(path: Path) -> int:
    """Return the number of rows by the product's reader."""
    return sum(1 for _ in open_table(path).rows())


def read_and_parse(path: Path) -> int:
    """Return the number of rows, with every column of dates and numbers parsed."""
    table = open_table(path)
    dates = [i for i in range(len(table.header)) if table.column(i) and fits("date", table.column(i)) == 1]
    numbers = [i for i in range(len(table.header)) if i not in dates and fits("number", table.column(i)) == 1]
    count = 0
    for _, cells in table.rows():
        count += 1
        for index in dates:
            parse_date(cells[index], "ymd")
        for index in numbers:
            with suppress(ValueProblem):
                if cells[index]:
                    parse_decimal(cells[index])
    return count


def timed(name: str, work: Callable[[Path], int], path: Path, floor: float = 0) -> float:
    """Print the rate of some work and its time as a multiple of the floor; return the seconds."""
    start = perf_counter()
    count = work(path)
    seconds = perf_counter() - start
    ratio = f"{seconds / floor:5.2f} × csv.reader" if floor else ""
    print(f"{name:32} {count:9,} rows {count / seconds:11,.0f} rows/s  {ratio}")
    return seconds


def main() -> None:
    """Run the comparison on the given file or on a made one."""
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1:]:
            path = Path(sys.argv[1])
        else:
            path = Path(folder) / "sales.csv"
            path.write_bytes(b"".join(write_csv(make_rows(500_000), HEADER, ENGLISH)))
        floor = timed("csv.reader alone", bare, path)
        timed("open_table().rows()", read, path, floor)
        timed("with numbers and dates parsed", read_and_parse, path, floor)
        print(f"peak memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        book = Path(folder) / "sales.xlsx"
        table = open_table(path)
        write_xlsx([Sheet("Sales", table.header, (cells for _, cells in table.rows()))], book)
        timed("the same as XLSX", read, book, floor)
        print(f"peak memory with XLSX {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
