"""What an account may need next becomes a task, a goal or an opportunity, with the sentence that says why."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions.next_steps import create_task
from accounts.models import Account, Offering, Task
from goals.actions.goals import create_goal
from goals.actions.plans import add_entry
from goals.ahead import (
    FIELDS,
    HALF_A_YEAR,
    KINDS,
    QUARTER,
    Anticipation,
    anticipations,
    key_of,
    order_words,
    saturation_words,
)
from goals.entries import KINDS as ENTRY_KINDS
from goals.models import BetaProgramme, Contract, Goal, Opportunity
from kam.lib.errors import InvalidInput
from kam.users.models import Organisation, User
from kam.users.policy import MANAGERS

OPPORTUNITY_KINDS = {
    "renewal": Opportunity.Kind.RENEWAL,
    "order": Opportunity.Kind.UPSELL,
    "saturation": Opportunity.Kind.UPSELL,
    "beta": Opportunity.Kind.CROSS_SELL,
    "cross-sell": Opportunity.Kind.CROSS_SELL,
}
MISSING = {
    "offering": gettext_noop("Choose an offering."),
    "contract": gettext_noop("Choose a contract."),
    "programme": gettext_noop("Choose a programme."),
}


def act_on(account: Account, asked: Mapping[str, str], *, by: User, today: date) -> Task | Goal | Opportunity:
    """Make a task (or, with ``as``, a goal or an opportunity) of an anticipation; the same again is the same row.

    ``kind`` is cross-sell (the default) or order, both with the offering, renewal with the contract, beta with
    the programme, or saturation. Raises InvalidInput for what there is not, and where the person may not set goals.
    """
    kind = asked.get("kind") or "cross-sell"
    if kind not in KINDS:
        raise InvalidInput("bad_kind", gettext_noop("There is no such anticipation."), field="kind")
    about = _about(account, kind, asked, by)
    expected = _foreseen(account, kind, about, asked, today)
    if asked.get("as") == "goal":
        return _goal(account, expected, by, today)
    if asked.get("as") == "opportunity":
        return _opportunity(account, expected, about, by)
    values = {"title": expected.title[:200], "reason": expected.why[:300], "assignee": by}
    values |= {"due_on": expected.due} if kind == "renewal" else {}
    return create_task(account, values=values, by=by, key=expected.key)


def _about(account: Account, kind: str, asked: Mapping[str, str], by: User) -> Any:
    """Return the offering, contract or programme that is meant, None for the whole account."""
    field = FIELDS.get(kind, "offering")
    if kind == "saturation" or (kind == "order" and not asked.get(field)):
        return None
    rows: dict[str, Any] = {
        "offering": Offering.objects.visible_to(by),
        "contract": account.contracts.all(),
        "programme": BetaProgramme.objects.visible_to(by),
    }
    try:
        found = rows[field].filter(pk=UUID(asked.get(field, ""))).first()
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput(f"no_{field}", MISSING[field], field=field)
    return found


def _foreseen(account: Account, kind: str, about: Any, asked: Mapping[str, str], today: date) -> Anticipation:
    """Return the anticipation as it is computed today, or, where it no longer holds, what the person saw."""
    key = key_of(kind, account, about.pk if about else "")
    for row in anticipations(account, today, Organisation.current().currency):
        if row.key == key:
            return row
    if kind == "saturation":
        title, why = saturation_words()
    elif kind == "order":
        title, why = order_words(about, _day(asked.get("expected", "")))
    elif kind == "renewal":
        title, why = _("Renew %(name)s") % {"name": about}, ""
    elif kind == "beta":
        title, why = _("Invite to the beta programme %(name)s") % {"name": about}, ""
    else:
        title, why = _("Offer %(name)s") % {"name": about}, _("Comparable accounts buy it.")
    return Anticipation(kind, str(about.pk) if about else "", title, why, today + QUARTER, key)


def _goal(account: Account, expected: Anticipation, by: User, today: date) -> Goal:
    if by.role not in MANAGERS:
        raise InvalidInput("no_right", gettext_noop("Only managers set goals. Make it a task instead."))
    values: dict[str, Any] = {"title": expected.title[:200], "why": expected.why, "owner": by}
    values["due_on"] = max(expected.due, today + HALF_A_YEAR)
    return create_goal(account, values=values, by=by, key=expected.key)


def _opportunity(account: Account, expected: Anticipation, about: Any, by: User) -> Opportunity:
    values: dict[str, Any] = {
        "title": expected.title[:200],
        "kind": OPPORTUNITY_KINDS[expected.kind],
        "offering": about if isinstance(about, Offering) else getattr(about, "offering", None),
        "contract": about if isinstance(about, Contract) else None,
        "value": expected.value,
        "expected_on": expected.due,
        "owner": by,
        "reason": expected.why[:300],
    }
    made: Opportunity = add_entry(
        ENTRY_KINDS["opportunities"], account, values=values, by=by, key=expected.key
    )
    return made


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
