"""What is done to reports: ordering, building, wording; approving, sharing; sending by a rhythm."""

from reports.actions.approval import approve_report, withdraw_approval
from reports.actions.reports import (
    STEPS,
    build_report,
    create_report,
    not_ready,
    order_from,
    order_of,
    word_report,
)
from reports.actions.sharing import note_opening, revoke_link, share_report

__all__ = [
    "STEPS",
    "approve_report",
    "build_report",
    "create_report",
    "not_ready",
    "note_opening",
    "order_from",
    "order_of",
    "revoke_link",
    "share_report",
    "withdraw_approval",
    "word_report",
]
