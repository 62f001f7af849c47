"""What an account may need next becomes a task or a goal, with the sentence that says why."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions.next_steps import create_task
from accounts.models import Account, Offering, Task
from goals.actions.goals import create_goal
from goals.models import Goal
from kam.lib import formatting
from kam.lib.errors import InvalidInput
from kam.users.models import User
from kam.users.policy import MANAGERS

KINDS = ("cross-sell", "order", "saturation")
HALF_A_YEAR = timedelta(days=182)


def act_on(account: Account, asked: Mapping[str, str], *, by: User, today: date) -> Task | Goal:
    """Make a task (or, with ``as=goal``, a goal) of an anticipation; the same one again is the same task.

    ``kind`` is cross-sell (the default) or order, both with the offering, or saturation. Raises InvalidInput
    for an unknown kind or offering, and where the person may not set goals.
    """
    kind = asked.get("kind") or KINDS[0]
    if kind not in KINDS:
        raise InvalidInput("bad_kind", gettext_noop("There is no such anticipation."), field="kind")
    offering = _offering(asked.get("offering", ""), by) if kind != "saturation" else None
    title, why = _words(kind, offering, asked.get("expected", ""))
    if asked.get("as") == "goal":
        if by.role not in MANAGERS:
            raise InvalidInput("no_right", gettext_noop("Only managers set goals. Make it a task instead."))
        values: dict[str, Any] = {"title": title, "why": why, "owner": by, "due_on": today + HALF_A_YEAR}
        return create_goal(account, values=values, by=by)
    key = f"{kind}:{account.pk}:{offering.pk if offering else 'all'}"
    return create_task(account, values={"title": title, "reason": why, "assignee": by}, by=by, key=key)


def _offering(text: str, by: User) -> Offering:
    try:
        found = Offering.objects.visible_to(by).filter(pk=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput("no_offering", gettext_noop("Choose an offering."), field="offering")
    return found


def _words(kind: str, offering: Offering | None, expected: str) -> tuple[str, str]:
    if kind == "saturation":
        return _("Propose larger orders, a new offering or a beta test"), _(
            "Units are still up, but the share of wallet is at its ceiling."
        )
    if kind == "order":
        day = _day(expected)
        why = _("By its own rhythm the next order was expected on %(day)s.") % {"day": day} if day else ""
        return _("Ask about the next order of %(name)s") % {"name": offering}, why
    return _("Offer %(name)s") % {"name": offering}, _("Comparable accounts buy it.")


def _day(text: str) -> str:
    try:
        return formatting.date(date.fromisoformat(text))
    except ValueError:
        return ""
