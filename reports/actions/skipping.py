"""Building a report without a section that cannot be built; why it is missing stands in the report."""

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.tidy import tidy_text
from kam.integrations.jobs import enqueue
from kam.lib.errors import DomainError, InvalidInput
from kam.users.models import User
from reports.models import Report

LONGEST = 200


@transaction.atomic
def skip_section(report: Report, *, section: str, reason: str, by: User) -> Report:
    """Leave a section out of a report that is not built yet, and build it again.

    Raises DomainError for a report that is built or being built, InvalidInput without a reason, for a section
    that is not one of the report's, and for the last one.
    """
    if report.is_built:
        raise DomainError(
            "report_is_built", gettext_noop("The report is built; its sections are what they are.")
        )
    if report.job is not None and not report.job.is_over:
        raise DomainError("report_not_ready", gettext_noop("The report is still being built."))
    text = tidy_text(reason)[:LONGEST]
    if not text:
        message = gettext_noop("Say why the section is left out: the reason stands in the report.")
        raise InvalidInput("no_reason", message, field="reason")
    left = [code for code in report.sections if code != section]
    if len(left) == len(report.sections):
        message = gettext_noop("The report has no section “%(name)s”.")
        raise InvalidInput("unknown_section", message, {"name": section[:80]}, "section")
    if not left:
        message = gettext_noop("It is the only section: a report without sections says nothing.")
        raise InvalidInput("no_sections", message, field="section")
    report.sections, report.skipped = left, {**report.skipped, section: text}
    report.job = enqueue("reports.build", {"report": str(report.pk)}, by=by, key=f"reports.build:{report.pk}")
    report.save(update_fields=["sections", "skipped", "job", "updated_at"])
    record(
        "report.section_skipped", by=by, account=report.account, subject=report, section=section, reason=text
    )
    return report
