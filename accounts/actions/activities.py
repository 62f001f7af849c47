"""What people write to an account's timeline."""

from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import LOGGABLE, Account, Activity, Contact, Verb, Visibility
from accounts.tidy import tidy_text
from accounts.windows import check_day
from kam.lib.errors import InvalidInput
from kam.users.models import User

MAX_TEXT = 20_000
MAX_MINUTES = 24 * 60
MAX_DETAIL = 500


@transaction.atomic
def log_activity(
    account: Account, *, values: dict[str, Any], by: User, about: models.Model | None = None
) -> Activity:
    """Log a note, call, meeting, mail, visit or engagement. The entry is the audit row itself, never edited.

    ``values``: ``verb``, ``body`` and optionally ``contact``, ``minutes``, ``occurred_at``, ``visibility``, and of an
    engagement the ``people`` who were there and what it ``brought``.
    ``about`` is what it was about where that is more than the account.
    Raises InvalidInput for an empty text, a day that has not come, or a contact of another account.
    """
    verb = values.get("verb", Verb.NOTE)
    if verb not in LOGGABLE:
        raise InvalidInput(
            "unknown_verb", gettext_noop("There is no kind “%(name)s”."), {"name": verb}, "verb"
        )
    visibility = values.get("visibility") or Visibility.INTERNAL
    if visibility not in Visibility.values:
        raise InvalidInput(
            "unknown_visibility",
            gettext_noop("There is no kind “%(name)s”."),
            {"name": visibility},
            "visibility",
        )
    body = _body(values.get("body", ""), verb)
    subject = about or account
    return Activity.objects.create(
        account=account,
        verb=verb,
        actor=by,
        subject_type=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        subject_label=str(subject)[:200],
        occurred_at=_moment(values.get("occurred_at")),
        contact=_contact(account, values.get("contact")),
        minutes=_minutes(values.get("minutes")),
        body=body,
        details=_details(values),
        visibility=visibility,
    )


def _details(values: dict[str, Any]) -> dict[str, str]:
    found = {name: tidy_text(values.get(name) or "") for name in ("people", "brought")}
    if long := [name for name, text in found.items() if len(text) > MAX_DETAIL]:
        message = gettext_noop("The text has at most %(max)s characters.")
        raise InvalidInput("too_long", message, {"max": MAX_DETAIL}, long[0])
    return {name: text for name, text in found.items() if text}


def _body(text: str, verb: str) -> str:
    body = tidy_text(text, lines=True)
    if not body:
        raise InvalidInput("no_text", gettext_noop("Write what happened."), field="body")
    if len(body) > MAX_TEXT:
        raise InvalidInput(
            "too_long", gettext_noop("The text has at most %(max)s characters."), {"max": MAX_TEXT}, "body"
        )
    return body


def _moment(moment: Any) -> Any:
    now = timezone.now()
    if moment is None:
        return now
    if moment > now + timedelta(days=1):
        raise InvalidInput(
            "not_yet", gettext_noop("That day has not come. Plan it as a task."), field="occurred_at"
        )
    check_day(moment.date(), "occurred_at")
    return moment


def _contact(account: Account, contact: Contact | None) -> Contact | None:
    if contact is not None and contact.account_id != account.pk:
        raise InvalidInput(
            "foreign_contact", gettext_noop("This person belongs to another account."), field="contact"
        )
    return contact


def _minutes(minutes: int | None) -> int | None:
    if minutes is not None and not 1 <= minutes <= MAX_MINUTES:
        raise InvalidInput(
            "bad_minutes", gettext_noop("Minutes lie between 1 and %(max)s."), {"max": MAX_MINUTES}, "minutes"
        )
    return minutes
