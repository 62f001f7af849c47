"""What is done to reports: ordering, building, wording; approving, sharing; sending by a rhythm."""

from reports.actions.approval import approve_report, withdraw_approval
from reports.actions.reports import (
    STEPS,
    build_report,
    check_account,
    create_report,
    not_ready,
    order_from,
    order_of,
    word_report,
)
from reports.actions.schedules import (
    Rhythm,
    deliver,
    end_schedule,
    mail_again,
    mark_seen,
    pause_schedule,
    schedule_report,
    start_due_reports,
)
from reports.actions.sharing import note_opening, revoke_link, share_report
from reports.actions.skipping import skip_section

__all__ = [
    "STEPS",
    "Rhythm",
    "approve_report",
    "build_report",
    "check_account",
    "create_report",
    "deliver",
    "end_schedule",
    "mail_again",
    "mark_seen",
    "not_ready",
    "note_opening",
    "order_from",
    "order_of",
    "pause_schedule",
    "revoke_link",
    "schedule_report",
    "share_report",
    "skip_section",
    "start_due_reports",
    "withdraw_approval",
    "word_report",
]
