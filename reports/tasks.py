"""The job kinds of this room; each calls one action."""

from typing import Any

from django.utils.translation import gettext_noop

from kam.integrations.jobs import JobRun, job_kind
from kam.integrations.schedule import from_rows
from reports.actions import build_report, deliver, start_due_reports
from reports.demo.actions import remove_demo
from reports.models import Report, ReportDelivery


@job_kind("reports.build", gettext_noop("Report"))
def build(job: JobRun) -> dict[str, Any]:
    report = Report.objects.select_related("account", "previous", "created_by").get(pk=job.payload["report"])
    return build_report(report, tell=job.report)


@job_kind("reports.demo_remove", gettext_noop("Remove demo company"))
def demo_remove(run: JobRun) -> dict[str, Any]:
    return remove_demo(by=run.by)


@job_kind("reports.deliver", gettext_noop("Deliver report"))
def deliver_report(run: JobRun) -> dict[str, Any]:
    deliveries = ReportDelivery.objects.select_related("schedule__account", "report")
    return deliver(deliveries.get(pk=run.payload["delivery"]), tell=run.report)


from_rows(start_due_reports)
