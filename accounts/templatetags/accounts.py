"""Due dates, verbs and addresses as templates show them: ``{% load accounts %}``."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from accounts.models import Account, Engagement, Task, Verb
from accounts.templatetags.timeline import ICONS
from kam.lib import formatting

register = template.Library()
LABELS = dict([*Verb.choices, *Engagement.choices])


@register.filter
def due_tone(task: Task, today: date) -> str:
    """Return the class of a due date: late, today, or nothing."""
    if task.due_on is None or task.due_on > today:
        return ""
    return "late" if task.due_on < today else "today"


@register.filter
def due_text_tone(task: Task, today: date) -> str:
    return {"late": "neg", "today": "pos", "": ""}[due_tone(task, today)]


@register.filter
def due_icon(task: Task, today: date) -> str:
    return {"late": "late", "today": "today", "": "cal"}[due_tone(task, today)]


@register.filter
def due_words(due_on: date, today: date) -> str:
    """Return "2 days overdue", "today", or the day."""
    late = (today - due_on).days
    if late > 0:
        return ngettext("%(count)d day overdue", "%(count)d days overdue", late) % {"count": late}
    return gettext("today") if late == 0 else formatting.short_date(due_on)


@register.filter
def first_open(tasks: Iterable[Task]) -> Task | None:
    return next((task for task in tasks if task.done_at is None), None)


@register.filter
def verb_label(verb: str) -> str:
    return str(LABELS.get(verb, verb))


@register.filter
def verb_icon(verb: Any) -> str:
    return ICONS.get(str(verb), "note")


@register.filter
def tone(change: float) -> str:
    """Return the class of a change: pos, neg, or nothing."""
    return "pos" if change > 0 else "neg" if change < 0 else ""


@register.filter
def dial(number: str) -> str:
    """Return a phone number as a ``tel:`` address wants it."""
    return re.sub(r"[^0-9+]", "", number)


@register.filter
def parent_seen(account: Account, user: Any) -> bool:
    """Say whether the person sees the parent; who sees everything costs no query."""
    return user.sees_everything or Account.objects.visible_to(user).filter(pk=account.parent_id).exists()


@register.filter
def without(query: QueryDict, name: str) -> str:
    """Return the query string without one parameter and without the place in the list."""
    rest = pairs_without(query, name)
    return f"?{urlencode(rest)}" if rest else ""


@register.filter
def pairs_without(query: QueryDict, name: str) -> list[tuple[str, str]]:
    dropped = {name, "cursor"}
    return [(key, value) for key, values in query.lists() if key not in dropped for value in values]


@register.filter
def value_of(mapping: dict[str, Any], key: str) -> Any:
    return mapping[key]


@register.filter
def only_if(value: Any, condition: bool) -> Any:
    return value if condition else ""
