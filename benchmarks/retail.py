"""P9, P10: import of the whole retail file, again, and its undo; only where the file lies beside the project."""

import json
import os
import resource
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from benchmarks.measure import Row, Size, benchmark, once

MAP = {"order": "InvoiceNo", "date": "InvoiceDate", "account": "CustomerID", "offering": "StockCode"}
MAP |= {"quantity": "Quantity", "unit_price": "UnitPrice", "country": "Country"}
FASTEST, MEMORY = 40_000, 200


def retail_file() -> Path | None:
    """Return the retail file of the shared data, if it is there."""
    named = os.environ.get("KAM_SHARED_DATA", "")
    places = [Path(named)] if named else [Path(__file__).parents[1].parent / "shared" / "data"]
    found = [file for place in places for file in place.glob("online-retail-2010-2011/*.csv*")]
    return max(found, key=lambda file: file.stat().st_size) if found else None


def _import(file: Path, *extra: str) -> dict[str, Any]:
    out = StringIO()
    columns = [part for field, column in MAP.items() for part in ("--map", f"{field}={column}")]
    call_command("import_sales", str(file), *columns, "--source", "bench", "--json", *extra, stdout=out)
    result: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return result


@benchmark("P9")
def retail_import(size: Size) -> Iterator[Row]:
    file = retail_file()
    if file is None:
        return
    results: list[dict[str, Any]] = []
    dry = once(lambda: results.append(_import(file, "--dry-run")))
    first = once(lambda: results.append(_import(file)))
    again = once(lambda: results.append(_import(file)))
    lines = results[1]["rows"]
    for work, taken in (("dry run", dry), ("commit", first)):
        rate = lines / taken * 1000
        verdict = "" if rate >= FASTEST else "MISSED: "
        yield Row("P9", f"retail file, {work}, lines/s", rate, "1/s", note=f"{verdict}at least {FASTEST:,}")
    yield Row("P9", "retail file again, against the first time", again, floor=first, limit=0.5)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row("P9", "peak memory of this process so far", peak, "MB", limit=MEMORY)
    undo = once(lambda: call_command("undo_import", _batch(results[1]), "--json", stdout=StringIO()))
    yield Row("P10", "its undo, against the commit", undo, floor=first, limit=0.5)


def _batch(result: dict[str, Any]) -> str:
    """Return the id of the import that a result is about."""
    return str(result.get("batch") or result["id"])
