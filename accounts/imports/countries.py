"""The country of an account as its sales lines say it: the most frequent one."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from accounts.imports.matching import note_changed
from accounts.models import Account, AccountReference
from kam.integrations.models import ImportBatch, ImportedRow

ACCOUNTS_A_STEP = 500


def fill_countries(batch: ImportBatch, counted: Mapping[tuple[str, str], int]) -> None:
    """Give accounts without a country the one that most of the file's lines name.

    ``counted`` says how often (external id, country) occurs; of equally frequent ones the first by name wins.
    """
    best: dict[str, tuple[int, str]] = {}
    for (external_id, country), times in counted.items():
        if external_id and country:
            best[external_id] = min(best.get(external_id, (0, "")), (-times, country))
    keys = sorted(best, key=str)
    for start in range(0, len(keys), ACCOUNTS_A_STEP):
        _fill(batch, {key: best[key][1] for key in keys[start : start + ACCOUNTS_A_STEP]})


def _fill(batch: ImportBatch, countries: Mapping[str, str]) -> None:
    references = AccountReference.objects.filter(
        source=batch.source, external_id__in=list(countries), account__country=""
    )
    found: dict[UUID, str] = {
        account_id: countries[external_id]
        for external_id, account_id in references.values_list("external_id", "account_id")
    }
    with transaction.atomic():
        for country in sorted(set(found.values())):
            ids = [account_id for account_id, named in found.items() if named == country]
            Account.objects.filter(pk__in=ids, country="").update(country=country)
        created = ImportedRow.objects.filter(batch=batch, table="account", before__isnull=True)
        mine = set(created.filter(row_id__in=map(str, found)).values_list("row_id", flat=True))
        others = {key: country for key, country in found.items() if str(key) not in mine}
        note_changed(
            batch, "account", [(k, {"country": ""}, {"country": country}) for k, country in others.items()]
        )
