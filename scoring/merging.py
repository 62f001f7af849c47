"""What a merge of two accounts does with ratings, estimates, decisions and scores."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.merging.record import MergeRecord
from accounts.merging.rules import Case, MergeRule, Relation, register
from accounts.models import Task
from scoring.actions.decisions import review_key
from scoring.models import Decision

State = Decision.State


def decided_twice(case: Case, relation: Relation) -> QuerySet[Any]:
    """Return decisions in force or open that cannot stand beside each other; of either account.

    One approved decision is in force, and beside it no proposal is open.
    """
    here, there = relation.of(case.target), relation.of(case.source)
    approved, proposed = {"state": State.APPROVED}, {"state": State.PROPOSED}
    if here.filter(**approved).exists():
        return there.filter(state__in=[State.APPROVED, State.PROPOSED])
    if there.filter(**approved).exists():
        return (here | there).filter(**proposed)
    return there.filter(**proposed) if here.filter(**proposed).exists() else there.none()


def close_decision(case: Case, decision: Any, record: MergeRecord) -> None:
    """End what was in force, decline what was open; the texts stay as they were."""
    if decision.state == State.APPROVED:
        record.change(decision, state=State.ENDED, ended_on=case.today, review_on=None)
        for task in Task.objects.open().filter(key=review_key(decision)):
            record.change(task, done_at=timezone.now())
    else:
        record.change(decision, state=State.DECLINED)


register(
    scoring__score__account=MergeRule(
        "stay", gettext_noop("Earlier runs stay as they were; the next one knows one account.")
    ),
    scoring__decision__account=MergeRule(
        words=gettext_noop(
            "The decision about the account that stays holds; the other ends, open proposals close."
        ),
        collides=decided_twice,
        settle=close_decision,
    ),
    scoring__blindlist_accounts__account=MergeRule(
        words=gettext_noop("A list that names both names the one that stays.")
    ),
    scoring__accountestimate__account=MergeRule(),
    scoring__rating__account=MergeRule(
        words=gettext_noop("Where one person rated both, the rating of the account that stays counts.")
    ),
)
