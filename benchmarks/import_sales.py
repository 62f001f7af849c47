"""Import, dry run, repetition and undo of the retail file, against the least the machine needs to read it.

    python benchmarks/import_sales.py [FILE]

Prints seconds, rows per second, the ratio to a plain pass of csv.reader over the same file, and the largest
memory. The database is that of DATABASE_URL, or a new SQLite file.
"""

import csv
import gzip
import io
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("KAM_DATA_DIR", tempfile.mkdtemp(prefix="kam-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
DEFAULT = ROOT.parent / "shared/data/online-retail-2010-2011/online_retail_2010_2011.csv.gz"
COLUMNS = {
    "order": "InvoiceNo",
    "date": "InvoiceDate",
    "account": "CustomerID",
    "offering": "StockCode",
    "offering_name": "Description",
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
    "country": "Country",
}


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    rows, floor = measured(lambda: plain_pass(file))
    print(f"{connection.vendor}: {rows} rows; plain csv.reader {floor:.2f} s")
    columns = [part for field, column in COLUMNS.items() for part in ("--map", f"{field}={column}")]

    def command(name: str, *arguments: str) -> dict[str, Any]:
        out = io.StringIO()
        call_command(name, *arguments, "--json", stdout=out)
        return json.loads(out.getvalue())

    steps = {
        "dry run": lambda: command("import_sales", str(file), *columns, "--dry-run"),
        "commit": lambda: command("import_sales", str(file), *columns),
        "again": lambda: command("import_sales", str(file), *columns),
    }
    seconds: dict[str, float] = {}
    first = {}
    for name, step in steps.items():
        result, seconds[name] = measured(step)
        first = result if name == "commit" else first
        show(name, rows, seconds[name], floor)
    _result, seconds["undo"] = measured(lambda: command("undo_import", first["batch"]))
    show("undo", rows, seconds["undo"], floor)
    print(f"again / commit {seconds['again'] / seconds['commit']:.2f} (target 0.5)")
    print(f"undo / commit {seconds['undo'] / seconds['commit']:.2f} (target 0.5)")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (target 200)")


def plain_pass(file: Path) -> int:
    with gzip.open(file, "rt", newline="") if file.suffix == ".gz" else file.open(newline="") as stream:
        return sum(1 for _row in csv.reader(stream)) - 1


def measured(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def show(name: str, rows: int, seconds: float, floor: float) -> None:
    print(
        f"{name:8} {seconds:6.1f} s  {rows / seconds:8.0f} rows/s (target 40000)  {seconds / floor:5.1f} × floor"
    )


if __name__ == "__main__":
    main()
