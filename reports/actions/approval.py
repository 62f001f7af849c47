"""Approving a customer's report as it stands, and taking that back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from kam.lib.errors import DomainError
from kam.users.models import User
from reports.models import Report


@transaction.atomic
def approve_report(report: Report, *, note: str = "", by: User) -> Report:
    """Say that a customer may have exactly this version; approving twice changes nothing.

    Raises DomainError for an internal report, one that is being built, and one whose messages were changed
    since it was read.
    """
    if report.audience != Report.Audience.CUSTOMER:
        message = gettext_noop("An internal report stays inside. Build the version for the customer first.")
        raise DomainError("report_is_internal", message)
    if not report.is_built:
        raise DomainError("report_not_ready", gettext_noop("The report is still being built."))
    if report.is_approved:
        return report
    values = {
        "approved_at": timezone.now(),
        "approved_by": by,
        "approval_note": " ".join(note.split())[:300],
        "approved_digest": report.snapshot_digest,
    }
    # Only what was read is approved: somebody may be wording a message at this moment.
    unchanged = Report.objects.filter(pk=report.pk, snapshot_digest=report.snapshot_digest)
    if not unchanged.update(**values, updated_at=timezone.now()):
        message = gettext_noop("The report was changed meanwhile. Read it again before you approve it.")
        raise DomainError("report_changed", message)
    for name, value in values.items():
        setattr(report, name, value)
    record("report.approved", by=by, account=report.account, subject=report, note=report.approval_note)
    return report


@transaction.atomic
def withdraw_approval(report: Report, *, reason: str = "", by: User) -> Report:
    """Take the approval back: from the next request on no link shows the report."""
    if report.approved_at is None:
        return report
    report.approved_at = report.approved_by = None
    report.approval_note = report.approved_digest = ""
    names = ["approved_at", "approved_by", "approval_note", "approved_digest", "updated_at"]
    report.save(update_fields=names)
    reason = " ".join(reason.split())[:300]
    record("report.approval_withdrawn", by=by, account=report.account, subject=report, reason=reason)
    return report


def refuse_approved(report: Report) -> None:
    """Raise DomainError for a report that was approved as it stands: versions are frozen."""
    if report.is_approved:
        message = gettext_noop(
            "The report is approved as it stands. Withdraw the approval before you change its messages."
        )
        raise DomainError("report_is_approved", message)
