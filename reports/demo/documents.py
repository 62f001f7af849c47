"""Progress reports of two key accounts, one for the portfolio, and the nights' jobs."""

from datetime import date, timedelta

from accounts.models import Account
from kam.integrations.models import ImportBatch, Job
from kam.users.models import User
from reports.actions import approve_report, build_report, create_report
from reports.demo.clock import as_of, at
from reports.demo.made import note_made
from reports.models import Report
from reports.snapshot import Order

QUARTER = 91
NIGHTS = 5
# What runs every night, and when.
NIGHTLY = (("goals.measure", 3), ("goals.health", 3), ("scoring.recompute", 4))


def build_reports(
    accounts: list[tuple[Account, User]], leader: User, batch: ImportBatch, today: date
) -> None:
    """Build the reports of two accounts, the second's for the customer and approved, and one of all."""
    audiences = (Report.Audience.INTERNAL, Report.Audience.CUSTOMER)
    for (account, kam), audience in zip(accounts, audiences, strict=False):
        for day in (today - timedelta(days=QUARTER), today):
            report = _build(Order(account, day, audience, "de", Report.Template.PROGRESS), kam)
        if audience == Report.Audience.CUSTOMER:
            approve_report(report, note="Mit dem Innendienst abgestimmt", by=kam)
        _build(Order(account, today, Report.Audience.INTERNAL, "de", Report.Template.QUARTERLY), kam)
    portfolio = Order(None, today, Report.Audience.INTERNAL, "de", Report.Template.PORTFOLIO)
    note_made(batch, [_build(portfolio, leader)])


def _build(order: Order, by: User) -> Report:
    moment = at(order.as_of, 9)
    with as_of(moment):
        report = create_report(order, by=by, queue=False)
        build_report(report)
    Report.objects.filter(pk=report.pk).update(created_at=moment, built_at=moment)
    return report


def build_jobs(batch: ImportBatch, today: date) -> None:
    """Write the nights' jobs, as the schedule would have left them."""
    jobs = []
    for night in range(NIGHTS):
        for kind, hour in NIGHTLY:
            moment = at(today - timedelta(days=night), hour)
            jobs.append(
                Job(
                    kind=kind,
                    state=Job.State.SUCCEEDED,
                    progress=100,
                    attempts=1,
                    run_at=moment,
                    started_at=moment,
                    finished_at=moment + timedelta(seconds=40),
                    result={"as_of": moment.date().isoformat()},
                )
            )
    Job.objects.bulk_create(jobs)
    note_made(batch, jobs)
    for job in jobs:
        Job.objects.filter(pk=job.pk).update(created_at=job.run_at)
