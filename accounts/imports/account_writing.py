"""Writing many accounts at once, each with its entry in the timeline and the note that an undo needs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.actions.timeline import plain
from accounts.imports.matching import note_changed, note_created
from accounts.imports.timeline import IMPORTED_ACCOUNT, write_timeline
from accounts.merging.chain import words_of_merged
from accounts.models import Account, AccountReference
from kam.integrations.models import ImportBatch
from kam.lib.bulk import insert_objects, insert_rows, update_objects
from kam.lib.ids import uuid7
from kam.users.models import User

if TYPE_CHECKING:
    from accounts.imports.account_rows import Entry

SEARCHED = ("search_text", "sort_key")


def write_new(batch: ImportBatch, entries: Iterable["Entry"], *, currency: str, by: User | None) -> None:
    """Create the accounts of some entries. Call it inside the piece's transaction."""
    entries = list(entries)
    accounts, histories = [], []
    for entry in entries:
        account = entry.account = Account(id=uuid7(), **({"currency": currency} | entry.values))
        _fold(account, [entry.external_id])
        accounts.append(account)
        after = {name: value for name, value in entry.shown().items() if value not in ("", None)}
        histories.append((account, account, {"after": after}))
    insert_objects(accounts)
    _write_references(batch, zip(accounts, entries, strict=True))
    rows = [{"row": entry.number} for entry in entries]
    note_created(batch, "account", [account.pk for account in accounts], rows)
    write_timeline(batch, IMPORTED_ACCOUNT, histories, by)


def write_changed(batch: ImportBatch, entries: Iterable["Entry"], *, by: User | None) -> None:
    """Write the values of some entries to their accounts. Call it inside the piece's transaction."""
    entries = [entry for entry in entries if entry.changes_account]
    accounts = [entry.account for entry in entries if entry.account is not None]
    words = _further_words(accounts)
    notes, histories = [], []
    for account, entry in zip(accounts, entries, strict=True):
        before = {name: plain(getattr(account, name)) for name in entry.values}
        noted = before | {"version": account.version}
        if entry.is_moved:
            noted["parent_id"] = plain(account.parent_id)
            before["parent"] = entry.former_parent
        for name, value in entry.values.items():
            setattr(account, name, value)
        account.version += 1
        account.updated_at = timezone.now()
        _fold(account, [*words[account.pk], entry.external_id])
        after = {name: plain(value) for name, value in entry.values.items()}
        notes.append(
            (account.pk, noted, after | {"version": account.version, "external_id": entry.external_id})
        )
        histories.append((account, account, {"before": before, "after": entry.shown()}))
    fields = sorted(
        {name for entry in entries for name in entry.values} | {"version", "updated_at", *SEARCHED}
    )
    update_objects(accounts, fields)
    _write_references(batch, zip(accounts, entries, strict=True))
    note_changed(batch, "account", notes)
    write_timeline(batch, IMPORTED_ACCOUNT, histories, by)


def write_values(accounts: Sequence[Account], names: Iterable[str]) -> None:
    """Write fields of accounts whose values are set, with what search compares of them."""
    words = _further_words(accounts)
    for account in accounts:
        _fold(account, words[account.pk])
    update_objects(accounts, {*names, "version", *SEARCHED})


def _fold(account: Account, further_words: Iterable[str]) -> None:
    for column, value in account.search_columns(filter(None, further_words)).items():
        setattr(account, column, value)


def _further_words(accounts: Iterable[Account]) -> dict[Any, list[str]]:
    """Return by account its external ids and the names that it had before a merge."""
    keys = [account.pk for account in accounts]
    found: dict[Any, list[str]] = defaultdict(list)
    references = AccountReference.objects.filter(account__in=keys)
    for account_id, external_id in references.values_list("account_id", "external_id"):
        found[account_id].append(external_id)
    for account_id, words in words_of_merged(keys).items():
        found[account_id] += words
    return found


def _write_references(batch: ImportBatch, pairs: Iterable[tuple[Account, "Entry"]]) -> None:
    named = [(account.pk, entry.external_id) for account, entry in pairs if entry.external_id]
    columns: dict[str, list[Any]] = {
        "id": [uuid7() for _ in named],
        "account_id": [account_id for account_id, _external_id in named],
        "external_id": [external_id for _account_id, external_id in named],
    }
    insert_rows(AccountReference(source=batch.source), columns)
