"""P14: progress reports as PDF, of accounts whose charts nobody has drawn yet."""

from collections.abc import Iterator
from datetime import date

from accounts.models import Account
from benchmarks.measure import Row, Size, benchmark, once
from reports.pdf import report_pdf
from reports.snapshot import Order, build_snapshot

AS_OF, REPORTS = date(2025, 12, 31), 20


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
