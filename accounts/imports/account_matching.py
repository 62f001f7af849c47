"""Which accounts a row of an account file can mean."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from accounts.merging.chain import Fit, fits, formers
from accounts.models import Account, AccountReference
from kam.integrations.models import ImportBatch, ImportedRow
from kam.lib.text import fold, fold_name


class Keyed(Protocol):
    """What matching needs of a row: the value to match by, and the id that the source gives."""

    key: str
    external_id: str


class Candidates:
    """The accounts that the rows of a piece can mean, by match key and by external id.

    A key that fits an account that was merged means the one it lives on in.
    """

    def __init__(self, by_key: Mapping[str, list[Fit]], by_id: Mapping[str, Account]) -> None:
        self._by_key, self._by_id = by_key, by_id

    def fitting(self, key: str) -> list[Fit]:
        return self._by_key.get(key, [])

    def holder(self, external_id: str) -> Account | None:
        """Return the account that the source knows by this id."""
        return self._by_id.get(external_id) if external_id else None

    def ids(self) -> set[UUID]:
        found = {fit.account.pk for fitting in self._by_key.values() for fit in fitting}
        return found | {account.pk for account in self._by_id.values()}

    def without(self, ids: Collection[UUID]) -> "Candidates":
        """Return the same without some accounts."""
        by_key = {
            key: [f for f in fitting if f.account.pk not in ids] for key, fitting in self._by_key.items()
        }
        return Candidates(by_key, {key: a for key, a in self._by_id.items() if a.pk not in ids})


def match_key(match: str, external_id: str, values: Mapping[str, Any]) -> str:
    """Return the text to match by, empty when the row lacks it."""
    if match == "external_id":
        return external_id
    if match == "name_city":
        name, city = str(values.get("name") or ""), str(values.get("city") or "")
        return f"{fold_name(name)[:200]}|{fold(city)}" if name else ""
    return str(values.get(match) or "")


def find_candidates(
    match: str, source: str, rows: Iterable[Keyed], *, before: ImportBatch | None = None
) -> Candidates:
    """Return the accounts for the rows of a piece, in a few queries whatever their number.

    With ``before`` the accounts that this import created are left out, as if it had not begun.
    """
    found = _find(match, source, list(rows))
    return found.without(_created_by(before, found.ids())) if before else found


def _created_by(batch: ImportBatch, ids: Iterable[UUID]) -> set[UUID]:
    created = ImportedRow.objects.filter(batch=batch, table="account", before__isnull=True)
    return {UUID(pk) for pk in created.filter(row_id__in=map(str, ids)).values_list("row_id", flat=True)}


def _find(match: str, source: str, rows: Collection[Keyed]) -> Candidates:
    ids = {row.external_id for row in rows if row.external_id}
    found_ids = AccountReference.objects.filter(source=source, external_id__in=ids)
    references = list(found_ids.select_related("account"))
    by_id = {reference.external_id: reference.account for reference in references}
    if match == "external_id":
        before = formers(references)
        led = {each.external_id: [Fit(each.account, before.get(each.pk))] for each in references}
        return Candidates(led, by_id)
    keys = {row.key for row in rows}
    if match == "name_city":
        found = Account.everything.filter(sort_key__in={key.partition("|")[0] for key in keys})
    else:
        found = Account.everything.having(match, keys)
    by_key: dict[str, dict[UUID, Fit]] = defaultdict(dict)
    # Merged ones come first: an account that fits by itself as well does so.
    for account, fit in fits(found):
        key = f"{account.sort_key}|{fold(account.city)}" if match == "name_city" else getattr(account, match)
        by_key[key][fit.account.pk] = fit
    return Candidates({key: list(fitting.values()) for key, fitting in by_key.items()}, by_id)
