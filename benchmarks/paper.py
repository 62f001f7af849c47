"""P14: progress reports as PDF, of accounts whose charts nobody has drawn yet; many of them by two workers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

from accounts.models import Account
from benchmarks.browser import leader
from benchmarks.measure import Row, Size, benchmark, once
from benchmarks.process import database_address
from reports.actions import create_report
from reports.pdf import report_pdf
from reports.snapshot import Order, build_snapshot

AS_OF, REPORTS = date(2025, 12, 31), 20
WORKERS, MANY = 2, 1_000


@benchmark("P14")
def progress_reports(size: Size) -> Iterator[Row]:
    accounts = list(Account.objects.order_by("pk")[: REPORTS + 1])
    snapshots = [build_snapshot(Order(account, AS_OF))[0] for account in accounts]
    report_pdf(snapshots.pop())  # loads fonts and the drawing engine
    collected = once(lambda: [build_snapshot(Order(account, AS_OF)) for account in accounts[:-1]])
    made = once(lambda: [report_pdf(snapshot) for snapshot in snapshots])
    note = f"mean of {REPORTS}"
    yield Row("P14", "progress report: collect", collected / REPORTS, note=note)
    yield Row("P14", "progress report: draw and set", made / REPORTS, limit=150, note=note)


@benchmark("P14")
def many_reports(size: Size) -> Iterator[Row]:
    """Order reports of other accounts and let two workers build them, as jobs with everything that belongs to it."""
    accounts = Account.objects.order_by("pk")[REPORTS + 1 : REPORTS + 1 + MANY]
    jobs = [str(create_report(Order(account, AS_OF), by=leader()).job_id) for account in accounts]
    command = [sys.executable, "-m", "benchmarks.builder"]
    environment = os.environ | {"DATABASE_URL": database_address()}
    workers = [
        subprocess.Popen([*command, *jobs[place::WORKERS]], env=environment, stdout=subprocess.PIPE)
        for place in range(WORKERS)
    ]
    seconds = max(float(worker.communicate()[0]) for worker in workers)
    note = f"by {WORKERS} workers"
    limit = 90 if len(jobs) == MANY else None
    yield Row("P14", f"{len(jobs):,} progress reports as jobs", seconds, "s", limit=limit, note=note)
