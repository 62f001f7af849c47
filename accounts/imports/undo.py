"""The way back: lines go, replaced values return, what the import created goes unless somebody uses it now."""

from collections.abc import Callable
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.actions.tree import ancestors, refresh_tops
from accounts.imports.account_writing import write_values
from accounts.imports.sales import ACCOUNTS_A_STEP, accounts_of
from accounts.imports.timeline import VERBS
from accounts.imports.undo_people import remove_rows, take_people, used_rows
from accounts.imports.writing import database_for_bulk, delete_lines
from accounts.merging.chain import lives_on_as
from accounts.models import Account, AccountReference, Activity, Offering, OfferingReference, SalesLine
from accounts.rollup import refresh_rollups
from kam.integrations.jobs import JobRun
from kam.integrations.models import ImportBatch, ImportedRow
from kam.lib.bulk import among

ROWS_A_STEP = 2_000
SHOWN = 100
TAKING_BACK = gettext_noop("Taking back: %(accounts)s accounts done")
IN_USE = gettext_noop("in use since the import")
CHANGED = gettext_noop("changed since the import")


class Undo:
    """Takes one import back, a step of accounts at a time; running it again goes on where it stopped."""

    def __init__(self, batch: ImportBatch, run: JobRun | None = None) -> None:
        self.batch, self.run = batch, run
        self.kept: list[dict[str, str]] = []
        self.counts = {"lines_removed": 0, "lines_restored": 0, "accounts_removed": 0, "accounts_restored": 0}
        self.counts |= {"contacts_removed": 0, "contacts_restored": 0, "offerings_removed": 0, "kept": 0}
        self._undone: dict[str, bool] = {}
        if run:
            self.counts |= run.cursor.get("counts", {})
            self.kept = run.cursor.get("kept", [])

    def take_back(self) -> dict[str, Any]:
        """Return what was removed, restored and kept."""
        with database_for_bulk():
            self._take_back()
        return self.counts | {"kept_rows": self.kept}

    def _take_back(self) -> None:
        ids = iter(accounts_of(self.batch))
        done = 0
        while step := list(islice(ids, ACCOUNTS_A_STEP)):
            with transaction.atomic():
                self._take_lines(step)
                self._checkpoint()
            done += len(step)
            if self.run:
                self.run.report(min(90, 5 + done / 50), TAKING_BACK, accounts=done)
        self._each_step(self._take_people, table="contact")
        self._each_step(self._restore_accounts, table="account", before__isnull=False)
        while self._remove_accounts():
            pass  # those above the removed ones are free now
        self._each_step(self._keep_accounts, table="account")
        self._each_step(self._take_offerings, table="offering")

    def _each_step(self, take: Callable[[list[ImportedRow]], None], **which: Any) -> None:
        """Do something with the notes of a kind, a step in each transaction; what is done has no note left."""
        notes = ImportedRow.objects.filter(batch=self.batch, **which).order_by("pk")
        while step := list(notes[:ROWS_A_STEP]):
            with transaction.atomic():
                take(step)
                ImportedRow.objects.filter(pk__in=among((note.pk for note in step), int)).delete()
                self._checkpoint()

    def _checkpoint(self) -> None:
        if self.run:
            self.run.checkpoint(counts=self.counts, kept=self.kept)

    def _take_lines(self, account_ids: list[UUID]) -> None:
        touched = {*account_ids, *self._restore_lines(account_ids)}
        self.counts["lines_removed"] += delete_lines(self.batch, account_ids)
        refresh_rollups(sorted(touched))

    def _restore_lines(self, account_ids: list[UUID]) -> set[UUID]:
        """Give lines of these accounts their former values back, and return the accounts that they go to."""
        notes = ImportedRow.objects.filter(batch=self.batch, table="sales_line")
        if not notes.exists():
            return set()
        mine = SalesLine.objects.filter(batch=self.batch, account__in=account_ids).order_by("pk")
        ids = {str(pk) for pk in mine.values_list("pk", flat=True)}
        touched: set[UUID] = set()
        for note in list(notes.iterator()):
            if note.row_id in ids:
                touched |= self._restore_line(note)
        return touched

    def _restore_line(self, note: ImportedRow) -> set[UUID]:
        before: dict[str, Any] = note.before or {}
        note.delete()
        if self._is_undone(
            before["batch_id"]
        ):  # the import that had brought the line is gone as well, and so goes the line
            return set()
        # The account that the line came from may have been merged since: it goes where that one lives on.
        before |= {"account_id": str(lives_on_as(UUID(before["account_id"])))}
        self.counts["lines_restored"] += SalesLine.objects.filter(pk=note.row_id).update(**before)
        return {UUID(before["account_id"])}

    def _is_undone(self, batch_id: str) -> bool:
        if batch_id not in self._undone:
            found = ImportBatch.objects.filter(pk=batch_id, state=ImportBatch.State.UNDONE)
            self._undone[batch_id] = found.exists()
        return self._undone[batch_id]

    def _take_people(self, notes: list[ImportedRow]) -> None:
        taken = take_people(notes)
        self.counts["contacts_removed"] += taken.removed
        self.counts["contacts_restored"] += taken.restored
        for contact in taken.kept:
            self._keep("contact", contact, CHANGED if contact.version != 1 else IN_USE)

    def _remove_accounts(self) -> int:
        """Remove the accounts that the import created and nobody uses, and return how many there were.

        An account with others below it is in use; once they are gone, the next call removes it.
        """
        created = ImportedRow.objects.filter(batch=self.batch, table="account", before__isnull=True)
        removed = last = 0
        while step := list(created.filter(pk__gt=last).order_by("pk")[:ROWS_A_STEP]):
            last = step[-1].pk
            with transaction.atomic():
                removed += self._remove_free(step)
                self._checkpoint()
        return removed

    def _remove_free(self, notes: list[ImportedRow]) -> int:
        ids = [UUID(note.row_id) for note in notes]
        # Derived rows and the import's own traces are no use.
        own = {AccountReference: Q(source=self.batch.source), Activity: Q(verb__in=VERBS)}
        used = used_rows(Account, ids, own)
        known = dict(Account.objects.filter(pk__in=among(ids)).values_list("pk", "version"))
        free = {pk for pk, version in known.items() if version == 1 and pk not in used}
        remove_rows(Account, list(free), own)
        gone = [note.pk for note, pk in zip(notes, ids, strict=True) if pk in free or pk not in known]
        ImportedRow.objects.filter(pk__in=among(gone, int)).delete()
        self.counts["accounts_removed"] += len(free)
        return len(free)

    def _keep_accounts(self, notes: list[ImportedRow]) -> None:
        for account in Account.objects.filter(pk__in=[note.row_id for note in notes]):
            self._keep("account", account, CHANGED if account.version != 1 else IN_USE)

    def _restore_accounts(self, notes: list[ImportedRow]) -> None:
        """Give accounts their former values back; a field that somebody has changed since keeps its value."""
        by_id = {UUID(note.row_id): note for note in notes}
        given = [note.after["external_id"] for note in notes if note.after.get("external_id")]
        references = AccountReference.objects.filter(source=self.batch.source, external_id__in=given)
        references.filter(account__in=by_id).delete()
        restored = []
        for account in Account.objects.filter(pk__in=by_id):
            before, after = by_id[account.pk].before or {}, by_id[account.pk].after
            mine = {
                name: value
                for name, value in before.items()
                if _as_noted(account, name) == after.get(name) and _is_possible(account, name, value)
            }
            if len(mine) < len(before):
                self._keep("account", account, CHANGED)
            if mine:
                _set_values(account, mine)
                restored.append(account)
        write_values(restored, {name for note in notes for name in note.before or {}})
        self.counts["accounts_restored"] += len(restored)

    def _take_offerings(self, notes: list[ImportedRow]) -> None:
        created = [UUID(note.row_id) for note in notes if note.before is None]
        # Their lines have no index by offering: all of them are looked at once.
        own = {OfferingReference: Q(), SalesLine: Q()}
        used = used_rows(Offering, created, own) | self._sold
        unchanged = Offering.objects.filter(pk__in=among(created), version=1)
        free = [pk for pk in unchanged.values_list("pk", flat=True) if pk not in used]
        self.counts["offerings_removed"] += remove_rows(Offering, free, {OfferingReference: Q()})
        for offering in Offering.objects.filter(pk__in=among(created)):
            self._keep("offering", offering, IN_USE if offering.version == 1 else CHANGED)

    @cached_property
    def _sold(self) -> set[UUID]:
        """The offerings that have lines left; one pass, because lines are not indexed by offering."""
        lines = SalesLine.objects.filter(offering__isnull=False).order_by()
        return set(lines.values_list("offering_id", flat=True).distinct())

    def _keep(self, table: str, row: models.Model, reason: str) -> None:
        self.counts["kept"] += 1
        if len(self.kept) < SHOWN:
            self.kept.append({"table": table, "id": str(row.pk), "label": str(row)[:120], "reason": reason})


def _as_noted(account: Account, name: str) -> Any:
    value = getattr(account, name)
    return value if value is None or isinstance(value, int) else str(value)


def _is_possible(account: Account, name: str, value: Any) -> bool:
    """Say whether a former value can stand again: a parent that is gone, or stands below by now, cannot."""
    if name != "parent_id" or value is None:
        return True
    parent = Account.objects.filter(pk=value).first()
    return parent is not None and account.pk not in {parent.pk, *ancestors(parent)}


def _field(name: str) -> "models.Field[Any, Any]":
    return Account._meta.get_field(name)  # type: ignore[return-value]  # a column, and no relation from elsewhere


def _set_values(account: Account, values: dict[str, Any]) -> None:
    """Set former values, the version among them unless somebody has changed the account since."""
    for name, value in ({"version": account.version + 1} | values).items():
        setattr(account, name, _field(name).to_python(value))
    if "parent_id" in values:
        Account.objects.filter(pk=account.pk).update(parent_id=account.parent_id)
        refresh_tops(account)
