"""Who has to say what: the open goals whose owner has said nothing for a week, one after the other."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q

from accounts.models import Account
from goals.models import Goal
from goals.status import GoalRow, GoalStatus, goal_rows, goal_status

EVERY_DAYS = 7
BEHIND = ("off_track", "missed")


@dataclass(frozen=True, slots=True)
class Queue:
    """The goals to check in, what wants attention first; ``query`` keeps the choice in addresses."""

    rows: list[GoalRow]
    account: Account | None
    query: str

    def place(self, goal: Goal) -> int:
        """Return the place of a goal, 0 for the first; the end for one that is not in the queue."""
        keys = [row.goal.pk for row in self.rows]
        return keys.index(goal.pk) if goal.pk in keys else len(keys)

    def beside(self, goal: Goal, step: int) -> Goal | None:
        """Return the goal before (-1) or after (1) another in the queue."""
        at = self.place(goal) + step
        return self.rows[at].goal if 0 <= at < len(self.rows) else None


def check_in_queue(user: Any, query: Mapping[str, str], today: date) -> Queue:
    """Return what is to be checked in: the own goals, or with ``account`` all goals of that account."""
    account = _account(user, query.get("account", ""))
    goals = Goal.objects.open().for_list(today).visible_to(user).filter(start_on__lte=today)
    goals = goals.filter(account=account) if account else goals.filter(owner=user)
    said_before = today - timedelta(days=EVERY_DAYS - 1)
    due = Q(checked_in_at__isnull=True) | Q(checked_in_at__date__lt=said_before)
    kept = urlencode({"account": account.pk}) if account else ""
    return Queue(goal_rows(goals.filter(due), today), account, f"?{kept}" if kept else "")


def status_with(goal: Goal, value: Decimal | None, today: date) -> GoalStatus:
    """Return where a goal loaded with its status would stand with a value of today."""
    asked: Any = copy(goal)
    if value is not None:
        asked.current_value, asked.current_on = value, today
    return goal_status(asked, today)


def is_behind(goal: Goal, value: Decimal | None, verdict: str, today: date) -> bool:
    """Say whether a goal is behind with what is being said, so that a cause belongs to it."""
    if goal.metric_id is None:
        return verdict == Goal.Verdict.OFF_TRACK
    return status_with(goal, value, today).state in BEHIND


def _account(user: Any, text: str) -> Account | None:
    try:
        return Account.objects.visible_to(user).filter(pk=UUID(text)).first() if text else None
    except ValueError:
        return None
