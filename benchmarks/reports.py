"""Reports as PDF per second and core, beside what the compiler needs for an empty page.

    .venv/bin/python benchmarks/reports.py [COUNT]

Works on a database of its own in a temporary folder. Collecting, drawing and setting are told apart, because
drawings are kept in a cache: "first" is a report whose charts nobody has drawn yet.
"""

import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

TODAY = date(2026, 6, 30)


def timed(label: str, count: int, work) -> float:
    start = perf_counter()
    for number in range(count):
        work(number)
    each = (perf_counter() - start) / count
    print(f"{label:<34}{each * 1000:>9.1f} ms each")
    return each


def main(count: int) -> None:
    django.setup()
    from django.core.management import call_command

    from kam.lib.pdf import compile_pdf
    from reports.pdf import report_pdf
    from reports.snapshot import Order, build_snapshot
    from tests.factories import make_account, make_goal, make_offering, make_sales

    call_command("migrate", verbosity=0)
    offerings = [make_offering(name=f"Offering {number}") for number in range(6)]
    accounts = [make_account() for _number in range(count)]
    for place, account in enumerate(accounts):
        for days in range(3, 900, 12):
            make_sales(
                account,
                [(500 + place * 7 + days % 90, TODAY - timedelta(days))],
                offering=offerings[days % 6],
            )
        make_goal(account)
    empty = Path(os.environ["KAM_DATA_DIR"]) / "empty.typ"
    empty.write_text(
        '#import "house.typ": *\n#let data = json("data.json")\n#show: sheet.with(data)\n= #data.title'
    )
    compile_pdf(empty, {"title": "x"})
    least = timed("an empty page", count, lambda number: compile_pdf(empty, {"title": str(number)}))
    snapshots = []
    timed("collect and word", count, lambda n: snapshots.append(build_snapshot(Order(accounts[n], TODAY))[0]))
    report_pdf(snapshots[0])  # loads fonts and the drawing engine
    first = timed("draw three charts and set, first", count - 1, lambda n: report_pdf(snapshots[n + 1]))
    again = timed("set again", count, lambda n: report_pdf(snapshots[n]))
    print(f"ratio to an empty page: first {first / least:.1f}, again {again / least:.1f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
        os.environ["KAM_DATA_DIR"] = folder
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
