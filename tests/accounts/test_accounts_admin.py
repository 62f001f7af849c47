"""The admin panel calls the same actions."""

from typing import Any

import pytest

from accounts.models import Account, Activity, Contact, Offering
from tests.factories import make_contact, make_offering

DATA = {"name": "Größe AG", "currency": "EUR", "status": "active"}


def test_it_creates_and_changes_an_account_through_the_action(sign_in: Any, dana: Any) -> None:
    client = sign_in(dana)
    client.post("/admin/accounts/account/add/", DATA)
    account = Account.objects.get()
    client.post(f"/admin/accounts/account/{account.pk}/change/", DATA | {"city": "Bonn"})
    account.refresh_from_db()
    assert (account.city, account.sort_key) == ("Bonn", "groesse")
    assert [a.verb for a in Activity.objects.order_by("id")] == ["account.created", "account.updated"]


@pytest.mark.parametrize(
    "change", [{"vat_id": "DE1"}, {"latitude": "50"}, {"name": ""}, {"domain": "x y"}, {"parent": "no id"}]
)
def test_a_refusal_stands_on_the_form(sign_in: Any, dana: Any, change: Any) -> None:
    assert sign_in(dana).post("/admin/accounts/account/add/", DATA | change).status_code == 200
    assert not Account.objects.exists()


def test_an_account_in_the_address_that_is_none_is_left_out(sign_in: Any, dana: Any) -> None:
    assert sign_in(dana).get("/admin/accounts/contact/add/?account=0").status_code == 200


def test_it_keeps_people_and_offerings(sign_in: Any, dana: Any, account: Any) -> None:
    client, contact, offering = sign_in(dana), make_contact(account), make_offering("P-1")
    client.post(f"/admin/accounts/contact/{contact.pk}/change/", {"last_name": "Neu"})
    client.post("/admin/accounts/contact/add/", {"account": account.pk, "last_name": "Ganz Neu"})
    client.post(
        f"/admin/accounts/offering/{offering.pk}/change/", {"code": "P-2", "name": "N", "kind": "goods"}
    )
    answer = client.post("/admin/accounts/offering/add/", {"code": "P-2", "name": "N", "kind": "goods"})
    assert set(Contact.objects.values_list("last_name", flat=True)) == {"Neu", "Ganz Neu"}
    assert (Offering.objects.get().code, answer.status_code) == ("P-2", 200)


def test_it_searches_folded(sign_in: Any, dana: Any, account: Any) -> None:
    page = sign_in(dana).get("/admin/accounts/account/?q=MUELLER GmbH").content.decode()
    assert account.name in page


def test_it_deletes_nothing(sign_in: Any, dana: Any, account: Any) -> None:
    assert (
        sign_in(dana).post(f"/admin/accounts/account/{account.pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
