"""The yearly review: reminded once, answered with «keep» or «end»."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.actions.next_steps import create_task
from accounts.actions.timeline import record
from accounts.models import Task
from kam.lib import formatting
from kam.lib.versions import save_changes
from kam.users.models import Role, User
from scoring.actions.decisions import (
    a_year_later,
    close_reminder,
    no_longer_qualifying,
    refuse_decided,
    require,
    review_key,
)
from scoring.models import Decision, Score

# So long before the day a review is put on somebody's list.
AHEAD = timedelta(days=14)


def remind_reviews(today: date | None = None) -> dict[str, Any]:
    """Open a next step for every review that is near or overdue; at most one is open for each decision."""
    today = today or timezone.localdate()
    due = Decision.objects.current().filter(review_on__lte=today + AHEAD).for_list()
    opened = sum(_remind(decision) for decision in due)
    return {"as_of": today.isoformat(), "reviews": len(due), "opened": opened}


def exceptions(user: User) -> list[tuple[Score, Decision | None]]:
    """Return the key accounts beyond the exit line of the run people look at, each with its decision."""
    scores = no_longer_qualifying(user)
    current = Decision.objects.current().filter(account__in=[score.account_id for score in scores])
    by_account = {decision.account_id: decision for decision in current}
    return [(score, by_account.get(score.account_id)) for score in scores]


@transaction.atomic
def keep_decision(decision: Decision, *, by: User, reason: str) -> Decision:
    """Confirm a key account for another year, with the reason on record."""
    refuse_decided(decision, Decision.State.APPROVED)
    require("reason", reason.strip())
    before = decision.review_on
    start = max(timezone.localdate(), before or timezone.localdate())
    decision = save_changes(decision, {"review_on": a_year_later(start)}, expected_version=None)
    record(
        "decision.reviewed",
        by=by,
        account=decision.account,
        subject=decision,
        reason=reason.strip(),
        before={"review_on": before},
        after={"review_on": decision.review_on},
    )
    close_reminder(decision, by=by)
    return decision


@transaction.atomic
def _remind(decision: Decision) -> int:
    key, who = review_key(decision), _reviewer(decision)
    if Task.objects.open().filter(key=key).exists():
        return 0
    with translation.override((who.language if who else "") or settings.LANGUAGE_CODE):
        words = {"day": formatting.date(decision.review_on), "since": formatting.date(decision.valid_from)}
        values = {
            "title": gettext("Review the key account: keep or end?"),
            "reason": gettext("Key account since %(since)s, review due on %(day)s") % words,
            "due_on": decision.review_on,
            "assignee": who,
        }
    create_task(decision.account, values=values, by=None, key=key)
    return 1


def _reviewer(decision: Decision) -> User | None:
    """Who decided reviews; when that person is gone or leads no more, the KAM prepares it."""
    decider = decision.decided_by
    if decider is not None and decider.is_active and decider.role == Role.LEADER:
        return decider
    return decision.kam if decision.kam is not None and decision.kam.is_active else None
