"""Writing the timeline: one Activity for every business change."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from accounts.models import Account, Activity, Visibility
from kam.users.models import User


def record(
    verb: str,
    *,
    by: User | None,
    account: Account | None = None,
    subject: models.Model | None = None,
    **details: Any,
) -> Activity:
    """Write what happened: ``verb`` is «object.verb», ``details`` holds ``before`` and ``after`` of a change.

    Call it inside the transaction of the change itself, so that neither stands without the other.
    """
    entry = entry_of(verb, by=by, account=account, subject=subject, **details)
    entry.save(force_insert=True)
    return entry


def entry_of(
    verb: str,
    *,
    by: User | None,
    account: Account | None = None,
    subject: models.Model | None = None,
    **details: Any,
) -> Activity:
    """Return the entry unsaved, for an action that writes many at once."""
    return Activity(
        account=account,
        verb=verb,
        actor=by,
        subject_type=subject._meta.model_name or "" if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=str(subject)[:200] if subject is not None else "",
        details={key: plain(value) for key, value in details.items()},
        visibility=Visibility.INTERNAL,
    )


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: amounts as strings, dates in ISO form, rows as their label."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, models.Model):
        return str(value)
    return value


def differences(row: models.Model, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return ``{"before": …, "after": …}`` of the fields that ``values`` changes on ``row``, or nothing."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return {}
    return {
        "before": {name: plain(getattr(row, name)) for name in changed},
        "after": {n: plain(v) for n, v in changed.items()},
    }
