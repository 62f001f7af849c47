"""Writing many accounts at once, each with its entry in the timeline and the note that an undo needs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils import timezone

from accounts.actions.timeline import plain
from accounts.imports.matching import note_changed, note_created
from accounts.models import Account, AccountReference, Activity
from kam.integrations.models import ImportBatch
from kam.lib.bulk import insert_objects, update_objects
from kam.lib.ids import uuid7
from kam.users.models import User

if TYPE_CHECKING:
    from accounts.imports.accounts import Entry

SEARCHED = ("search_text", "sort_key")


def write_new(batch: ImportBatch, entries: Iterable["Entry"], *, currency: str, by: User | None) -> None:
    """Create the accounts of some entries. Call it inside the piece's transaction."""
    entries = list(entries)
    accounts = []
    for entry in entries:
        account = Account(id=uuid7(), **({"currency": currency} | entry.values))
        _fold(account, [entry.external_id])
        accounts.append(account)
    insert_objects(accounts)
    _write_references(batch, zip(accounts, entries, strict=True))
    note_created(batch, "account", [account.pk for account in accounts])
    after = ({name: value for name, value in e.values.items() if value not in ("", None)} for e in entries)
    _write_timeline(batch, zip(accounts, ({"after": values} for values in after), strict=True), by)


def write_changed(batch: ImportBatch, entries: Iterable["Entry"], *, by: User | None) -> None:
    """Write the values of some entries to their accounts. Call it inside the piece's transaction."""
    entries = list(entries)
    accounts = [entry.account for entry in entries if entry.account is not None]
    ids = _external_ids(accounts)
    notes, histories = [], []
    for account, entry in zip(accounts, entries, strict=True):
        before = {name: plain(getattr(account, name)) for name in entry.values}
        noted = before | {"version": account.version}
        for name, value in entry.values.items():
            setattr(account, name, value)
        account.version += 1
        account.updated_at = timezone.now()
        _fold(account, [*ids.get(account.pk, []), entry.external_id])
        after = {name: plain(value) for name, value in entry.values.items()}
        notes.append(
            (account.pk, noted, after | {"version": account.version, "external_id": entry.external_id})
        )
        histories.append((account, {"before": before, "after": after}))
    fields = sorted(
        {name for entry in entries for name in entry.values} | {"version", "updated_at", *SEARCHED}
    )
    update_objects(accounts, fields)
    _write_references(batch, zip(accounts, entries, strict=True))
    note_changed(batch, "account", notes)
    _write_timeline(batch, histories, by)


def _fold(account: Account, external_ids: Iterable[str]) -> None:
    for column, value in account.search_columns(filter(None, external_ids)).items():
        setattr(account, column, value)


def _external_ids(accounts: Iterable[Account]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    references = AccountReference.objects.filter(account__in=[account.pk for account in accounts])
    for account_id, external_id in references.values_list("account_id", "external_id"):
        found.setdefault(account_id, []).append(external_id)
    return found


def _write_references(batch: ImportBatch, pairs: Iterable[tuple[Account, "Entry"]]) -> None:
    references = [
        AccountReference(account=account, source=batch.source, external_id=entry.external_id)
        for account, entry in pairs
        if entry.external_id
    ]
    insert_objects(references)


def _write_timeline(
    batch: ImportBatch, changes: Iterable[tuple[Account, dict[str, Any]]], by: User | None
) -> None:
    activities = [
        Activity(
            account=account,
            verb="account.imported",
            actor=by,
            subject_type=_kind(account),
            subject_id=str(account.pk),
            subject_label=str(account)[:200],
            details=plain(details | {"import": str(batch.pk)}),
        )
        for account, details in changes
    ]
    insert_objects(activities)


def _kind(row: Model) -> str:
    return row._meta.model_name or ""
