"""The conversations in which the demo's customers hear that they are key accounts: most held, some still to come."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

from accounts.models import Task
from goals.actions.promotion import log_promotion_conversation
from kam.users.models import User
from reports.demo import texts
from reports.demo.clock import as_of, at
from scoring.actions.conversations import WITHIN, conversation_key
from scoring.models import Decision, PromotionConversation


def date_conversations(decisions: Sequence[Decision], day: date) -> None:
    """Let the conversations of decisions be due counted from the day of the decision."""
    due = day + WITHIN
    PromotionConversation.objects.filter(decision__in=decisions).update(due_on=due)
    Task.objects.filter(key__in=[conversation_key(decision) for decision in decisions]).update(due_on=due)


def hold_conversations(decisions: Sequence[Decision], day: date) -> None:
    """Log the conversations that followed within days of the decision."""
    for place, decision in enumerate(decisions):
        kind, said = texts.SAID[place % len(texts.SAID)]
        values = {"kind": kind, "said": said, "held_on": day + timedelta(days=place % 5)}
        values["contacts"] = list(decision.account.contacts.all()[: 1 + place % 2])
        moment = at(day + timedelta(days=place % 5), 15)
        with as_of(moment):
            log_promotion_conversation(decision, values=values, by=cast(User, decision.kam))
        _done(decision, moment)


def _done(decision: Decision, moment: datetime) -> None:
    Task.objects.filter(key=conversation_key(decision)).update(done_at=moment)
