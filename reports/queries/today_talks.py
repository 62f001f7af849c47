"""Conversations about key account status that a ticked task makes look done."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, Task
from kam.lib import formatting
from kam.users.models import User
from reports.links import url
from reports.queries.today_items import Item
from scoring.actions.conversations import conversation_key
from scoring.models import PromotionConversation


def untold(user: User, mine: QuerySet[Account], today: date) -> Iterator[Item]:
    """Yield conversations that nobody wrote down and no open task asks for; two queries."""
    concerned = Q(decision__kam=user) | Q(decision__account__in=mine.order_by().values("pk"))
    waiting: Iterable[Any] = (
        PromotionConversation.objects.visible_to(user)
        .filter(concerned, held_on__isnull=True, decision__state="approved")
        .select_related("decision__account")
        .order_by("due_on", "pk")
    )
    talks = {conversation_key(talk.decision): talk for talk in waiting}
    tasks = _newest(talks) if talks else {}
    for key, talk in talks.items():
        task = tasks.get(key)
        if task is None or task.done_at is not None:
            yield _item(talk, task, today)


def _newest(keys: Iterable[str]) -> dict[str | None, Task]:
    rows = Task.objects.filter(key__in=list(keys)).select_related("done_by").order_by("created_at", "pk")
    return {task.key: task for task in rows}


def _item(talk: PromotionConversation, task: Task | None, today: date) -> Item:
    account, late = talk.decision.account, talk.due_on is not None and talk.due_on < today
    return Item(
        icon="talk",
        title=_("Write down what the customer said about key account status"),
        reason=_reason(task),
        action=_("Log the conversation"),
        action_url=url("goals:promotion", pk=talk.decision_id),
        account=account,
        due=formatting.days_from_now(talk.due_on, today) if talk.due_on else "",
        tone="neg" if late else "",
        weight=(45.0 if late else 28.0),
    )


def _reason(task: Task | None) -> str:
    if task is None or task.done_at is None:
        return _("Nobody has written down that the customer knows")
    day = formatting.date(timezone.localdate(task.done_at))
    if task.done_by is None:
        return _("The task was ticked off on %(day)s, but nothing is written down") % {"day": day}
    words = {"day": day, "name": task.done_by}
    return _("The task was ticked off on %(day)s by %(name)s, but nothing is written down") % words
