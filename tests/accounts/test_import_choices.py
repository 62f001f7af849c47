"""A row that fits several accounts: somebody says which one it means."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.actions import imports
from accounts.models import Account
from kam.integrations import jobs
from kam.integrations.models import ImportBatch
from kam.lib.errors import DomainError, InvalidInput
from tests.accounts.test_import_sales import run
from tests.factories import make_account

pytestmark = pytest.mark.django_db
FILE = "Firma;Domain;Branche\nMüller GmbH;mueller.example;Stahl\nMeier AG;meier.example;Holz\n"


@pytest.fixture
def twins() -> list[Account]:
    return [make_account(f"Müller {name}", domain="mueller.example", city="Köln") for name in ("Nord", "Süd")]


@pytest.fixture
def batch(twins: list[Account]) -> ImportBatch:
    file, options = ContentFile(FILE.encode(), name="a.csv"), {"match": "domain"}
    batch = imports.receive_file(file, by=None, kind="accounts", options=options)
    run(imports.CHECK, batch)
    batch.refresh_from_db()
    return batch


def chosen(batch: ImportBatch, choices: dict[str, str]) -> dict[str, Any]:
    job = imports.choose_matches(batch, choices=choices, by=None)
    jobs.run(job.pk)
    batch.refresh_from_db()
    return batch.counts


def test_the_chosen_account_is_updated(batch: ImportBatch, twins: list[Account]) -> None:
    assert batch.counts["rejected"] == 1
    counts = chosen(batch, {"2": str(twins[1].pk)})
    assert (counts["changed"], counts["new"], counts["rejected"]) == (1, 1, 0)
    run(imports.COMMIT, batch)
    assert Account.objects.filter(domain="mueller.example").order_by("industry").last() == twins[1]
    assert Account.objects.count() == 3


def test_none_of_them_can_be_meant(batch: ImportBatch) -> None:
    assert chosen(batch, {"2": "new"})["new"] == 2


def test_a_choice_can_be_taken_back(batch: ImportBatch) -> None:
    chosen(batch, {"2": "new"})
    assert chosen(batch, {"2": ""})["rejected"] == 1


def test_an_account_that_does_not_fit_is_not_taken(batch: ImportBatch) -> None:
    assert chosen(batch, {"2": str(make_account("Other").pk)})["rejected"] == 1


@pytest.mark.parametrize("choices", [{"x": "new"}, {"2": "old"}, {"2": "' OR 1=1"}])
def test_what_is_no_choice_is_refused(batch: ImportBatch, choices: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        imports.choose_matches(batch, choices=choices, by=None)


def test_an_import_that_is_done_is_past_choosing(batch: ImportBatch) -> None:
    run(imports.COMMIT, batch)
    batch.refresh_from_db()
    with pytest.raises(DomainError):
        imports.choose_matches(batch, choices={"2": "new"}, by=None)


def test_the_page_asks_and_takes_the_answer(
    batch: ImportBatch, twins: list[Account], sign_in: Any, dana: Any
) -> None:
    client = sign_in(dana)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert all(f'value="{twin.pk}"' in page for twin in twins)
    client.post(f"/imports/{batch.pk}/matches/", {"row_2": str(twins[0].pk)})
    batch.refresh_from_db()
    assert batch.options["choices"] == {"2": str(twins[0].pk)}


def test_accounts_called_alike_are_told_apart(sign_in: Any, dana: Any) -> None:
    made = [
        make_account("Müller GmbH", domain="mueller.example", external_id=number) for number in ("", "K7")
    ]
    file, options = ContentFile(FILE.encode(), name="a.csv"), {"match": "domain"}
    batch = imports.receive_file(file, by=None, kind="accounts", options=options)
    run(imports.CHECK, batch)
    page = sign_in(dana).get(f"/imports/{batch.pk}/", headers={"Accept-Language": "en"}).content.decode()
    labels = dict(re.findall(r'<option value="([^"]{36})">([^<]+)</option>', page))
    assert labels[str(made[1].pk)] == "Müller GmbH · mueller.example · K7"
    assert labels[str(made[0].pk)].startswith("Müller GmbH · mueller.example · created ")


def test_the_page_asks_for_rows_far_down_by_the_number_they_have(
    twins: list[Account], sign_in: Any, dana: Any
) -> None:
    far = "".join(f"Firma {number};f{number}.example;Holz\n" for number in range(1200))
    content = f"{FILE.splitlines()[0]}\n{far}{FILE.splitlines()[1]}\n"
    batch = imports.receive_file(
        ContentFile(content.encode(), name="a.csv"), by=None, kind="accounts", options={"match": "domain"}
    )
    run(imports.CHECK, batch)
    client = sign_in(dana)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "1.202" not in page
    (name,) = re.findall(r'<select class="in" name="(row_[^"]+)"', page)
    client.post(f"/imports/{batch.pk}/matches/", {name: str(twins[0].pk)})
    batch.refresh_from_db()
    assert batch.options["choices"] == {"1202": str(twins[0].pk)}


def test_the_api_names_the_candidates_and_takes_the_answer(
    batch: ImportBatch, twins: list[Account], api: Any, dana: Any
) -> None:
    client, url = api(dana), f"/api/v1/imports/{batch.pk}/"
    ambiguous = client.get(url).json()["ambiguous"]
    assert (ambiguous[0]["row"], set(ambiguous[0]["accounts"])) == (2, {str(twin.pk) for twin in twins})
    answer = client.post(f"{url}matches/", {"choices": {"2": str(twins[0].pk)}}, format="json")
    assert answer.status_code == 202
    jobs.run(answer.json()["job"])
    assert client.get(url).json()["counts"]["changed"] == 1
