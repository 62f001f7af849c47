"""External ids to accounts and codes to offerings; what nobody knows yet is created, or counted in a dry run."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from accounts.models import Account, AccountReference, Offering, OfferingReference
from kam.integrations.models import ImportBatch, ImportedRow
from kam.lib.bulk import insert_rows
from kam.lib.ids import uuid7
from kam.lib.text import fold

MEMORY = 100_000


class AccountIndex:
    """Finds accounts by the external id of one source."""

    def __init__(self, batch: ImportBatch, currency: str) -> None:
        self._batch, self._currency = batch, currency
        self._known: dict[str, UUID] = {}
        self._unknown: set[int] = set()

    def find(self, external_ids: Iterable[str]) -> dict[str, UUID]:
        """Return {external id: account id} of those that exist."""
        wanted = set(external_ids)
        if len(self._known) > MEMORY:
            self._known.clear()
        missing = wanted - self._known.keys()
        if missing:
            found = AccountReference.objects.filter(source=self._batch.source, external_id__in=missing)
            self._known.update(found.values_list("external_id", "account_id"))
        return self._known

    def count_unknown(self, external_ids: Iterable[str]) -> int:
        """Remember ids that a commit would create accounts for, and return how many there are so far."""
        known = self.find(external_ids)
        self._unknown.update(hash(key) for key in set(external_ids) if key not in known)
        return len(self._unknown)

    def create(self, external_ids: Iterable[str], names: Mapping[str, str]) -> int:
        """Create the accounts that are missing and return how many. Call it inside the piece's transaction."""
        known = self.find(external_ids)
        missing = sorted({key for key in external_ids if key not in known})
        if not missing:
            return 0
        ids = [uuid7() for _ in missing]
        common = Account(currency=self._currency)
        columns: dict[str, list[Any]] = {"id": ids, "name": [names.get(key) or key for key in missing]}
        columns |= {"search_text": [], "sort_key": []}
        for key, common.name in zip(missing, columns["name"], strict=True):
            for column, value in common.search_columns([key]).items():
                columns[column].append(value)
        insert_rows(common, columns)
        references: dict[str, Sequence[Any]] = {
            "id": [uuid7() for _ in missing],
            "external_id": missing,
            "account_id": ids,
        }
        insert_rows(AccountReference(source=self._batch.source), references)
        note_created(self._batch, "account", ids)
        self._known.update(zip(missing, ids, strict=True))
        return len(missing)

    def forget(self) -> None:
        """Forget what was found: the transaction that created some of it was rolled back."""
        self._known.clear()


class OfferingIndex:
    """Finds offerings by the id of one source, else by their code."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch = batch
        self._known: dict[str, UUID | None] = {"": None}

    def find(self, codes: Iterable[str]) -> dict[str, UUID | None]:
        """Return {code: offering id} of those that exist; no code is no offering."""
        if len(self._known) > MEMORY:
            self.forget()
        missing = set(codes) - self._known.keys()
        if missing:
            self._known.update(Offering.objects.filter(code__in=missing).values_list("code", "pk"))
            references = OfferingReference.objects.filter(source=self._batch.source, external_id__in=missing)
            self._known.update(references.values_list("external_id", "offering_id"))
        return self._known

    def create(self, codes: Iterable[str]) -> None:
        """Create the offerings that are missing; their names follow when the whole file has been seen."""
        known = self.find(codes)
        missing = sorted({code for code in codes if code not in known})
        ids = [uuid7() for _ in missing]
        columns: dict[str, Sequence[Any]] = {
            "id": ids,
            "code": missing,
            "name": missing,
            "search_text": [fold(code) for code in missing],
        }
        insert_rows(Offering(), columns)
        note_created(self._batch, "offering", ids)
        self._known.update(zip(missing, ids, strict=True))

    def forget(self) -> None:
        self._known = {"": None}


def note_created(
    batch: ImportBatch, table: str, ids: Iterable[Any], after: Sequence[dict[str, Any]] | None = None
) -> None:
    """Write down what an undo has to remove."""
    columns: dict[str, Sequence[Any]] = {"row_id": [str(key) for key in ids]}
    insert_rows(ImportedRow(batch=batch, table=table), columns | ({"after": after} if after else {}))


def note_changed(
    batch: ImportBatch, table: str, changes: Iterable[tuple[Any, dict[str, Any], dict[str, Any]]]
) -> None:
    """Write down (row id, before, after) of what an undo has to restore.

    A row that the batch touched before keeps its first note: that one knows the values before the import.
    """
    notes = list(changes)
    columns: dict[str, list[Any]] = {
        "row_id": [str(key) for key, _before, _after in notes],
        "before": [before for _key, before, _after in notes],
        "after": [after for _key, _before, after in notes],
    }
    insert_rows(ImportedRow(batch=batch, table=table), columns, or_ignore=True)


def name_offerings(batch: ImportBatch, names: Mapping[tuple[str, str], int]) -> None:
    """Give the offerings that the batch created their most frequent name, unless somebody changed them."""
    if not names:  # no column of names: the offerings keep their codes
        return
    best: dict[str, tuple[int, str]] = {}
    for (code, name), times in names.items():
        if name and (times, name) > best.get(code, (0, "")):
            best[code] = (times, name)
    created = ImportedRow.objects.filter(batch=batch, table="offering", before__isnull=True).values_list(
        "row_id", flat=True
    )
    ids = [UUID(key) for key in created]
    for start in range(0, len(ids), 500):
        offerings = list(Offering.objects.filter(pk__in=ids[start : start + 500], version=1))
        for offering in offerings:
            offering.name = best.get(offering.code, (0, offering.code))[1][:200]
            offering.search_text = fold(f"{offering.code} {offering.name}")
        Offering.objects.bulk_update(offerings, ["name", "search_text"], batch_size=100)
