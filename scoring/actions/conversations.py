"""Telling a customer that it is a key account: due after the approval, done once it is written down."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from accounts.actions.activities import MAX_TEXT, log_activity
from accounts.actions.next_steps import complete_task, create_task
from accounts.actions.timeline import differences, record
from accounts.models import Contact, Task
from accounts.tidy import tidy_text
from accounts.windows import check_day
from kam.lib import formatting
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import check_version, save_changes
from kam.users.models import User
from scoring.models import Decision, PromotionConversation

# Long enough to find a date with the customer, short enough that it does not hear it from somebody else.
WITHIN = timedelta(days=14)
LONGEST_TITLE = 200
Kind = PromotionConversation.Kind


def open_conversation(decision: Decision, *, by: User | None) -> PromotionConversation:
    """Put the conversation on the KAM's list, in the KAM's language. Called by the approval."""
    due = (decision.valid_from or timezone.localdate()) + WITHIN
    conversation = PromotionConversation.objects.create(decision=decision, due_on=due)
    kam = decision.kam
    with translation.override((kam.language if kam else "") or settings.LANGUAGE_CODE):
        words = {"name": decision.account.display_name, "day": formatting.date(decision.valid_from)}
        title = gettext("Tell %(name)s what being a key account means, and hear what they expect") % words
        reason = gettext("Key account since %(day)s; nobody has written down that the customer knows") % words
    values = {"title": title[:LONGEST_TITLE], "reason": reason, "due_on": due, "assignee": kam}
    create_task(decision.account, values=values, by=by, key=conversation_key(decision))
    return conversation


@transaction.atomic
def hold_conversation(
    decision: Decision, *, values: dict[str, Any], by: User, expected_version: int | None = None
) -> PromotionConversation:
    """Write down that the customer was told, and tick the task off; a second time corrects the first.

    ``values``: ``held_on``, ``kind``, ``contacts`` and what the customer ``said``. The first time stands on the
    timeline as the conversation itself, a correction as a change. Raises InvalidInput, Conflict, and DomainError for
    a decision that is not in force.
    """
    if Decision.objects.select_for_update().get(pk=decision.pk).state != Decision.State.APPROVED:
        message = gettext_noop("Only a current key account is told what it means to be one.")
        raise DomainError("not_current", message)
    conversation, _made = PromotionConversation.objects.get_or_create(decision=decision)
    check_version(conversation, expected_version)
    clean = _clean(values)
    contacts = _contacts(decision, values.get("contacts") or ())
    changed = _changes(conversation, clean, contacts)
    if not changed:
        return conversation
    if conversation.is_held:
        record(
            "decision.conversation_corrected", by=by, account=decision.account, subject=decision, **changed
        )
    else:
        clean |= {"held_by": by, "activity": _log(decision, clean, contacts, by)}
    conversation = save_changes(conversation, clean, expected_version=expected_version)
    conversation.contacts.set(contacts)
    close_conversation_task(decision, by=by)
    return conversation


def close_conversation_task(decision: Decision, *, by: User) -> None:
    """Tick the open task of a conversation off, if there is one."""
    for task in Task.objects.open().filter(key=conversation_key(decision)).select_related("account"):
        complete_task(task, by=by)


def conversation_key(decision: Decision) -> str:
    """Return the key that lets a decision have one open task about its conversation."""
    return f"decision:{decision.pk}:conversation"


def conversation_decision(key: str) -> str:
    """Return the id of the decision whose conversation a task's key is about; nothing for any other task."""
    kind, _colon, rest = key.partition(":")
    decision, _colon, what = rest.partition(":")
    return decision if (kind, what) == ("decision", "conversation") else ""


def ticked_task(conversation: PromotionConversation | None) -> Task | None:
    """Return the task of an open conversation if somebody ticked it off: then what was said is still missing."""
    if conversation is None or conversation.is_held:
        return None
    rows = Task.objects.filter(key=conversation_key(conversation.decision)).select_related("done_by")
    newest = rows.order_by("-created_at", "-pk").first()
    return newest if newest and newest.done_at else None


def names_of(conversation: PromotionConversation) -> list[str]:
    """Return who was there, in the order of their names."""
    return [str(contact) for contact in conversation.contacts.all()]


def _changes(
    conversation: PromotionConversation, clean: dict[str, Any], contacts: list[Contact]
) -> dict[str, dict[str, Any]]:
    changed = differences(conversation, clean)
    there, now = names_of(conversation), [str(contact) for contact in contacts]
    if there != now:
        changed = {
            "before": {**changed.get("before", {}), "contacts": there},
            "after": {**changed.get("after", {}), "contacts": now},
        }
    return changed


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    held_on, said = values.get("held_on"), tidy_text(values.get("said") or "", lines=True)
    if held_on is None or check_day(held_on, "held_on") > timezone.localdate():
        message = gettext_noop("Say on which day you talked; it cannot lie ahead.")
        raise InvalidInput("bad_day", message, field="held_on")
    if not said:
        raise InvalidInput("said_nothing", gettext_noop("Write down what the customer said."), field="said")
    if len(said) > MAX_TEXT:
        message = gettext_noop("The text has at most %(max)s characters.")
        raise InvalidInput("too_long", message, {"max": MAX_TEXT}, "said")
    kind = values.get("kind") or Kind.MEETING
    if kind not in Kind.values:
        message = gettext_noop("There is no kind “%(name)s”.")
        raise InvalidInput("unknown_kind", message, {"name": str(kind)[:40]}, "kind")
    return {"held_on": held_on, "kind": str(kind), "said": said}


def _contacts(decision: Decision, chosen: Any) -> list[Contact]:
    if any(contact.account_id != decision.account_id for contact in chosen):
        message = gettext_noop("This person belongs to another account.")
        raise InvalidInput("foreign_contact", message, field="contacts")
    found = list(decision.account.contacts.filter(pk__in=[contact.pk for contact in chosen]))
    if not found:
        raise InvalidInput("nobody", gettext_noop("Say with whom you talked."), field="contacts")
    return found


def _log(decision: Decision, clean: dict[str, Any], contacts: list[Contact], by: User) -> Any:
    values = {"verb": clean["kind"], "body": clean["said"], "contact": contacts[0]}
    values |= {"people": ", ".join(map(str, contacts[1:]))[:500], "occurred_at": _moment(clean["held_on"])}
    return log_activity(decision.account, values=values, by=by, about=decision)


def _moment(day: date) -> datetime:
    """Return noon of a day, or now where that is earlier: what was told today was not told later today."""
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    return min(noon, timezone.now())
