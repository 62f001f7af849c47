"""P11: import of 10,000 accounts, each looked up by name and city among those that are there."""

import csv
import json
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from benchmarks.data import CITIES
from benchmarks.measure import Row, Size, benchmark, once

ROWS, LIMIT = 10_000, 4_000
HEADER = ("Kundennr", "Firma", "Ort", "Branche", "Domain", "Mitarbeiter")


def write_file(path: Path, size: Size) -> None:
    """Write accounts of which every second is one of the portfolio's, if it has so many."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADER)
        for number in range(ROWS):
            known = number % 2 == 0 and number < size.accounts
            # benchmarks.data gives account i the name of i × 7919 modulo the number of accounts.
            name = f"Kunde {number * 7919 % size.accounts} GmbH" if known else f"Neukunde {number} AG"
            city = CITIES[number % len(CITIES)]
            writer.writerow([f"N{number}", name, city, "Stahl", f"n{number}.example", number % 900])


def _import(file: Path, *extra: str) -> dict[str, Any]:
    out = StringIO()
    arguments = ("--option", "match=name_city", "--source", "p11", "--json")
    call_command("import_accounts", str(file), *arguments, *extra, stdout=out)
    result: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return result


@benchmark("P11")
def account_import(size: Size) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
        file = Path(folder) / "accounts.csv"
        write_file(file, size)
        results: list[dict[str, Any]] = []
        dry = once(lambda: results.append(_import(file, "--dry-run")))
        first = once(lambda: results.append(_import(file)))
        again = once(lambda: results.append(_import(file)))
    counted = f"{results[1]['new']:,} new, {results[1]['changed']:,} changed"
    yield Row("P11", "10,000 accounts matched by name and city, dry run", dry, limit=LIMIT)
    yield Row("P11", "  import", first, limit=LIMIT, note=counted)
    yield Row("P11", "  the same file again", again, limit=LIMIT)
