"""Merges over the API."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.actions.merges import merge_accounts
from accounts.models import Account
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
URL = "/api/v1/merges/"


@pytest.fixture
def both(dana: Any) -> tuple[Account, Account]:
    target, source = make_account("A GmbH", external_id="K-1"), make_account("B AG", external_id="K-2")
    make_contact(source)
    return target, source


def body(target: Account, *sources: Account, **values: Any) -> dict[str, Any]:
    return {"target": str(target.pk), "sources": [str(source.pk) for source in sources], **values}


def post(client: Any, url: str, data: Any = None) -> Any:
    return client.post(url, data, content_type="application/json")


def test_a_dry_run_says_what_would_happen_and_writes_nothing(sign_in: Any, dana: Any, both: Any) -> None:
    answer = post(sign_in(dana), URL, body(*both, dry_run=True, choices={"name": "source"}))
    found = answer.json()["previews"][0]
    assert (answer.status_code, found["possible"], found["choices"]["name"]["winner"]) == (
        200,
        True,
        "source",
    )
    assert {row["key"]: row["source"] for row in found["counts"]}["accounts.contact.account"] == 1
    assert Account.objects.count() == 2


def test_it_merges_and_takes_apart(sign_in: Any, dana: Any, both: Any) -> None:
    client = sign_in(dana)
    answer = post(client, URL, body(*both))
    merge = answer.json()["merges"][0]
    assert (answer.status_code, merge["state"]) == (201, "merged")
    assert client.get(URL, {"account": both[1].pk}).json()["results"][0]["id"] == merge["id"]
    undone = post(client, f"{URL}{merge['id']}/undo/")
    assert (undone.status_code, undone.json()["state"]) == (200, "undone")
    assert post(client, f"{URL}{merge['id']}/undo/").status_code == 409


def test_several_are_merged_all_or_none(sign_in: Any, dana: Any, both: Any) -> None:
    third = make_account()
    client = sign_in(dana)
    assert post(client, URL, body(both[0], third, both[0])).status_code == 409
    assert Account.objects.count() == 3
    assert post(client, URL, body(both[0], third, both[1])).status_code == 201
    assert Account.objects.get() == both[0]


def test_old_ids_resolve(sign_in: Any, dana: Any, both: Any, charlie: Any) -> None:
    target, source = both
    merge_accounts(target, source, by=dana)
    client = sign_in(dana)
    answer = client.get(f"/api/v1/accounts/{source.pk}/")
    assert (answer.status_code, answer["Location"]) == (308, f"/api/v1/accounts/{target.pk}/")
    assert client.get("/api/v1/accounts/by-external/file/K-2/").json()["id"] == str(target.pk)
    made = post(client, "/api/v1/contacts/", {"account": str(source.pk), "last_name": "Neu"})
    assert (made.status_code, made.json()["account"]) == (201, str(target.pk))
    assert sign_in(charlie).get(f"/api/v1/accounts/{source.pk}/").status_code == 404


def test_who_does_not_see_both_cannot_merge_them(sign_in: Any, alice: Any) -> None:
    mine, foreign = make_account(owner=alice), make_account()
    assert post(sign_in(alice), URL, body(mine, foreign)).status_code == 422
    assert Account.objects.count() == 2


def test_a_viewer_merges_nothing(sign_in: Any, rita: Any, both: Any) -> None:
    assert post(sign_in(rita), URL, body(*both)).status_code == 403


def test_an_unknown_field_is_named(sign_in: Any, dana: Any, both: Any) -> None:
    answer = post(sign_in(dana), URL, body(*both, choices={"key_since": "source"}))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")


def test_the_admin_panel_lists_merges(sign_in: Any, dana: Any, both: Any) -> None:
    merge = merge_accounts(*both, by=dana)
    client = sign_in(dana)
    assert "B AG" in client.get(reverse("admin:accounts_accountmerge_changelist")).content.decode()
    assert client.get(reverse("admin:accounts_accountmerge_change", args=[merge.pk])).status_code == 200
