"""Taking an entry out of a plan, and putting it back (undo)."""

from typing import Any

from django.core import serializers
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account, Activity
from goals.entries import KINDS, EntryKind
from kam.lib.errors import DomainError
from kam.users.models import User


@transaction.atomic
def remove_entry(kind: EntryKind, row: Any, *, by: User | None) -> Activity:
    """Take an entry out; the returned timeline entry keeps what it said, so that it can be put back."""
    before = {name: getattr(row, name) for name in kind.fields}
    kept = serializers.serialize("python", [row])[0]["fields"]
    entry = record(f"{kind.verb}.removed", by=by, account=row.account, subject=row, before=before, row=kept)
    row.delete()
    return entry


@transaction.atomic
def restore_entry(removed: Activity, *, by: User | None) -> Any:
    """Put back what a removal took out, as it was; twice is the same. Raises DomainError where it cannot be."""
    kind = removed_kind(removed)
    if kind is None or removed.account is None:
        raise DomainError("nothing_removed", gettext_noop("There is nothing to put back here."))
    if standing := kind.model.objects.filter(pk=removed.subject_id).first():
        return standing
    fields = _still_there(kind.model, removed.details["row"], removed.account)
    data = {"model": kind.model._meta.label_lower, "pk": removed.subject_id, "fields": fields}
    try:
        with transaction.atomic():
            row: Any = next(serializers.deserialize("python", [data])).object
            row.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(
            "taken", gettext_noop("It cannot be put back: another entry stands in its place.")
        ) from error
    record(f"{kind.verb}.restored", by=by, account=removed.account, subject=row)
    return row


def removed_kind(entry: Activity) -> EntryKind | None:
    """Return the kind of entry that the timeline entry took out, None when it took out nothing."""
    verb, _dot, what = entry.verb.partition(".")
    kinds = [kind for kind in KINDS.values() if kind.verb == verb]
    return kinds[0] if kinds and what == "removed" and "row" in entry.details else None


def _still_there(model: Any, fields: dict[str, Any], account: Account) -> dict[str, Any]:
    """Return the fields without references to rows that are gone meanwhile."""
    found = dict(fields) | {"account": account.pk}
    for field in model._meta.fields:
        value = found.get(field.name)
        if field.is_relation and field.null and value is not None:
            known = field.related_model._default_manager.filter(pk=value).exists()
            found[field.name] = value if known else None
    return found
