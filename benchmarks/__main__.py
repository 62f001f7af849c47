"""make bench: product / floor in one run, on SQLite and, when TEST_DATABASE_URL names one, on PostgreSQL.

.venv/bin/python -m benchmarks [--only P7,P9] [--accounts 100000] [--orders 10]
"""

import argparse
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from time import perf_counter

from benchmarks.measure import HEADER, REGISTRY, Size

MODULES = (
    "calibration",
    "pages",
    "api",
    "scores",
    "portfolio",
    "retail",
    "accounts_file",
    "growth",
    "paper",
    "whatif",
    "memory",
    "shrunk",
)
NOT_HERE = "Not measured here: P13 (without Chromium), P17 (a fresh machine's)."


def main() -> None:
    """Run every database in a process of its own, because the settings read the address once."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--only", default="", help="targets, separated by commas: P1,P7")
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--orders", type=int, default=10, help="orders an account, two lines each")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure(Size(options.accounts, options.orders), set(filter(None, options.only.split(","))))
        return
    for address in ["", *filter(None, [os.environ.get("TEST_DATABASE_URL", "")])]:
        with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
            environment = os.environ | {"KAM_DATA_DIR": folder, "DATABASE_URL": address}
            environment |= {"DJANGO_SETTINGS_MODULE": "kam.settings", "STAFF_NEED_SECOND_FACTOR": "0"}
            environment.setdefault("SECRET_KEY", "only-for-benchmarks")
            subprocess.run(
                [sys.executable, "-m", "benchmarks", "--here", *sys.argv[1:]], env=environment, check=False
            )
    print(NOT_HERE)


def measure(size: Size, only: set[str]) -> None:
    """Fill a database of its own and print the table."""
    import django

    django.setup()
    import logging

    logging.disable(logging.CRITICAL)
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    # Not setup_test_environment: it watches every template, and costs the product more than its own work.
    if connection.vendor == "sqlite":  # a file, as in real life: jobs beat from a thread of their own
        connection.settings_dict["TEST"]["NAME"] = str(Path(os.environ["KAM_DATA_DIR"]) / "bench.sqlite3")
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        start = perf_counter()
        prepare(size)
        print(
            f"\n{connection.vendor}: {size.accounts:,} accounts, {size.accounts * size.orders * 2:,} sales lines"
        )
        print(f"written in {perf_counter() - start:.0f} s\n{HEADER}")
        run(size, only)
    finally:
        teardown_databases(databases, verbosity=0)


def prepare(size: Size) -> None:
    from benchmarks.data import fill
    from kam.users.models import User

    person = User.objects.create_user("bench@example.com", None, name="Bench", role="leader")
    fill(size, person.pk)


def run(size: Size, only: set[str]) -> None:
    """Run the wanted measurements; one that fails says so and the others go on."""
    for module in MODULES:
        import_module(f"benchmarks.{module}")
    for target, work in REGISTRY:
        if only and target not in only:
            continue
        try:
            for row in work(size):
                print(row, flush=True)
        except Exception as error:  # noqa: BLE001 - a table with one gap is better than none
            print(f"{target:4} {work.__name__}: {type(error).__name__}: {str(error)[:160]}", flush=True)


if __name__ == "__main__":
    main()
