"""Check-ins: where a goal stands, how sure its owner is, and why it is behind."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from accounts.tidy import tidy_text, tidy_values
from goals.actions.metrics import add_measurement, touch
from goals.actions.settling import settle_goal
from goals.models import Goal, Measurement
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import User

WORDS = 300


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What was said about a goal; None and "" mean: nothing said about that.

    ``value`` is for a typed metric, ``verdict`` for a goal in words. ``note`` stands beside the value and is the
    cause as well where no ``cause`` was given.
    """

    value: Decimal | None = None
    on: date | None = None
    note: str = ""
    verdict: str | None = None
    confidence: str | None = None
    cause: str | None = None
    status_text: str | None = None


@transaction.atomic
def check_in(goal: Goal, said: CheckIn, *, by: User | None) -> Measurement | None:
    """Say where a goal stands and return the value measured, if there is one.

    Raises InvalidInput when nothing was said, and for a value where the goal has no metric.
    """
    if goal.closed_at:
        raise DomainError("goal_closed", gettext_noop("The goal is closed. Reopen it first."))
    values = _values(goal, said)
    if said.value is None and said.verdict is None and not any(values.values()):
        raise InvalidInput(
            "nothing_said", gettext_noop("Give a value, a judgement or a note."), field="value"
        )
    row = None
    if said.value is not None:
        row = _measure(goal, said, by)
    clean = tidy_values(Goal, values)
    changed = differences(goal, clean)
    save_changes(goal, clean | {"checked_in_at": timezone.now()}, expected_version=None)
    if changed:
        record("goal.checked_in", by=by, account=goal.account, subject=goal, **changed)
        settle_goal(goal)
    touch(goal)
    return row


def _measure(goal: Goal, said: CheckIn, by: User | None) -> Measurement:
    if goal.metric is None or said.value is None:
        raise InvalidInput("no_metric", gettext_noop("This goal has no metric."), field="value")
    note = tidy_text(said.note) or tidy_text(said.status_text or "")
    row, _made = add_measurement(
        goal.metric, value=said.value, on=said.on or timezone.localdate(), by=by, note=note
    )
    return row


def _values(goal: Goal, said: CheckIn) -> dict[str, Any]:
    """Return the goal's fields that change; a judgement is for goals that no metric measures."""
    values: dict[str, Any] = {}
    if said.verdict is not None and goal.metric_id is None:
        values["verdict"] = said.verdict
    if note := tidy_text(said.note):
        values["cause"] = note[:WORDS]
    for name in ("cause", "status_text"):
        text = getattr(said, name)
        if text is not None:
            values[name] = tidy_text(text)[:WORDS]
    if said.confidence is not None:
        values["confidence"] = said.confidence
    return values
