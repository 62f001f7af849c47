"""P9, P10: import of the whole retail file, again, and its undo; only where the file lies beside the project."""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, Size, benchmark
from benchmarks.process import database_address

MAP = {"order": "InvoiceNo", "date": "InvoiceDate", "account": "CustomerID", "offering": "StockCode"}
MAP |= {"quantity": "Quantity", "unit_price": "UnitPrice", "country": "Country"}
FASTEST, MEMORY = 40_000, 200


def retail_file() -> Path | None:
    """Return the retail file of the shared data, if it is there."""
    named = os.environ.get("KAM_SHARED_DATA", "")
    places = [Path(named)] if named else [Path(__file__).parents[1].parent / "shared" / "data"]
    found = [file for place in places for file in place.glob("online-retail-2010-2011/*.csv*")]
    return max(found, key=lambda file: file.stat().st_size) if found else None


@dataclass(frozen=True)
class Work:
    """What a command of its own process took: CPU seconds, on PostgreSQL without the server's, and memory."""

    result: dict[str, Any]
    seconds: float
    cpu: float
    megabytes: float


def _run(*arguments: str) -> Work:
    """Run a command as a person does, in a process of its own: only then is its memory its own as well."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.process", *arguments, "--json"],
        env=os.environ | {"DATABASE_URL": database_address()},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Work(**json.loads(done.stdout))


def _import(file: Path, *extra: str) -> Work:
    columns = [part for field, column in MAP.items() for part in ("--map", f"{field}={column}")]
    return _run("import_sales", str(file), *columns, "--source", "bench", *extra)


@benchmark("P9")
def retail_import(size: Size) -> Iterator[Row]:
    file = retail_file()
    if file is None:
        return
    dry, first, again = _import(file, "--dry-run"), _import(file), _import(file)
    with tempfile.NamedTemporaryFile(suffix=".csv") as longer:  # the same lines, but not the same bytes
        longer.write(gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes())
        longer.write(b"\r\n")
        longer.flush()
        lines_again = _import(Path(longer.name))
    undo = _run("undo_import", str(first.result["batch"]))
    lines = first.result["rows"]
    for name, work in (("dry run", dry), ("commit", first)):
        rate = lines / work.seconds
        verdict = "" if rate >= FASTEST else "MISSED: "
        note = f"{verdict}at least {FASTEST:,}; {lines / work.cpu:,.0f} per CPU second of ours"
        yield Row("P9", f"retail file, {name}, lines/s", rate, "1/s", note=note)
    yield _against("P9", "retail file again, against the first time", again, first)
    yield _against("P9", "  its lines in another file", lines_again, first, limit=None)
    peak = max(work.megabytes for work in (dry, first, again, lines_again))
    yield Row("P9", "peak memory of a process that imports it", peak, "MB", limit=MEMORY)
    yield _against("P10", "its undo, against the commit", undo, first)


def _against(target: str, name: str, work: Work, first: Work, limit: float | None = 0.5) -> Row:
    note = f"by CPU {work.cpu / first.cpu:.2f}"
    return Row(target, name, work.seconds * 1000, floor=first.seconds * 1000, limit=limit, note=note)
