"""Creating, editing, handing over: the forms, and what happens when two people edit at once."""

import re
from typing import Any

import pytest

from accounts.actions.accounts import update_account
from accounts.actions.contacts import create_contact, update_contact
from accounts.models import Account, AccountTeamMember, Contact
from tests.factories import make_account, make_contact, make_line, make_user

ENGLISH = {"Accept-Language": "en"}


def filled(page: Any) -> dict[str, str]:
    """Return what a browser would send for the form as it stands."""
    form = page.context["form"]
    data = {}
    for field in form:
        value = field.value()
        data[field.html_name] = "" if value is None else str(value)
        if field.field.show_hidden_initial:
            data[field.html_initial_name] = data[field.html_name]
    return data


def test_it_creates_an_account(sign_in: Any, alice: Any) -> None:
    answer = sign_in(alice).post(
        "/accounts/new/", {"name": "Größe AG", "currency": "eur", "status": "active"}
    )
    account = Account.objects.get()
    assert (answer["Location"], account.owner, account.currency) == (f"/accounts/{account.pk}/", alice, "EUR")


def test_a_company_that_may_exist_is_shown_first(sign_in: Any, account: Any, alice: Any) -> None:
    client, data = sign_in(alice), {"name": "Mueller Maschinenbau AG", "currency": "EUR", "status": "active"}
    assert account.name in client.post("/accounts/new/", data).content.decode()
    assert Account.objects.count() == 1
    client.post("/accounts/new/", data | {"anyway": "1"})
    assert Account.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"domain": "no domain"}, "domain"),
        ({"vat_id": "DE1"}, "vat_id"),
        ({"currency": "E"}, "currency"),
        ({"employees": "-1"}, "employees"),
        ({"employees": "9" * 30}, "employees"),
        ({"employees": str(2**31)}, "employees"),
        ({"payment_terms_days": str(2**15)}, "payment_terms_days"),
        ({"latitude": "91"}, "latitude"),
        ({"latitude": "50"}, "longitude"),
        ({"status": "lost"}, "status"),
        ({"parent": "unknown"}, "parent"),
        ({"name": "x\x00"}, "name"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_bad_input_stands_at_its_field(sign_in: Any, alice: Any, change: Any, field: str) -> None:
    data = {
        "name": "A",
        "currency": "EUR",
        "status": "active",
        "longitude": "7" if "91" in change.values() else "",
    }
    answer = sign_in(alice).post("/accounts/new/", data | change)
    assert (answer.status_code, field in answer.context["form"].errors) == (200, True)
    assert not Account.objects.exists()


def test_a_parent_is_found_by_name_or_number(sign_in: Any, account: Any, alice: Any) -> None:
    top = make_account("Holding SE", owner=alice, external_id="C-7")
    for typed in ("holding", "C-7", str(top.pk)):
        client = sign_in(alice)
        client.post(
            "/accounts/new/", {"name": f"Sub {typed}", "currency": "EUR", "status": "active", "parent": typed}
        )
    assert top.children.count() == 3


def test_several_parents_that_fit_are_named(sign_in: Any, alice: Any) -> None:
    for _turn in range(2):
        make_account("Same GmbH", owner=alice)
    data = {"name": "A", "currency": "EUR", "status": "active", "parent": "Same"}
    answer = sign_in(alice).post("/accounts/new/", data)
    assert "parent" in answer.context["form"].errors


def test_it_suggests_only_what_a_person_sees(sign_in: Any, account: Any, alice: Any, charlie: Any) -> None:
    make_account("Müller Geheim", owner=charlie)
    page = sign_in(alice).get("/accounts/suggest/?parent=mueller").content.decode()
    assert (account.name in page, "Geheim" in page) == (True, False)


def test_it_saves_what_was_changed(sign_in: Any, account: Any, bob: Any) -> None:
    client = sign_in(bob)
    data = filled(client.get(f"/accounts/{account.pk}/edit/")) | {"city": "Bonn"}
    assert client.post(f"/accounts/{account.pk}/edit/", data).status_code == 302
    account.refresh_from_db()
    assert (account.city, account.version) == ("Bonn", 2)


def test_two_editors_see_before_theirs_and_yours(sign_in: Any, account: Any, alice: Any, bob: Any) -> None:
    client = sign_in(alice)
    data = filled(client.get(f"/accounts/{account.pk}/edit/")) | {"city": "Aachen", "street": "Weg 1"}
    update_account(Account.objects.get(), values={"city": "Bonn", "industry": "Presses"}, by=bob)
    answer = client.post(f"/accounts/{account.pk}/edit/", data, headers=ENGLISH)
    rows = {row.name: row for row in answer.context["rows"] if row.is_changed}
    assert answer.status_code == 409
    assert (rows["city"].before, rows["city"].theirs, rows["city"].yours, rows["city"].choice) == (
        "Köln",
        "Bonn",
        "Aachen",
        "",
    )
    assert (rows["industry"].choice, rows["street"].choice, len(rows)) == ("theirs", "yours", 3)
    assert "Bob Berger" in answer.content.decode()
    assert Account.objects.get().city == "Bonn"


def test_the_choice_is_saved_field_by_field(sign_in: Any, account: Any, alice: Any, bob: Any) -> None:
    client, address = sign_in(alice), f"/accounts/{account.pk}/edit/"
    data = filled(client.get(address)) | {"city": "Aachen", "street": "Weg 1"}
    update_account(Account.objects.get(), values={"city": "Bonn", "industry": "Presses"}, by=bob)
    page = client.post(address, data).content.decode()
    pairs = re.findall(r'<textarea name="([^"]+)" hidden>([^<]*)</textarea>', page)
    again = dict(pairs) | {"version": re.search(r'name="version" value="(\d+)"', page)[1]}
    again |= {"choose-city": "theirs", "choose-industry": "theirs", "choose-street": "yours"}
    assert client.post(address, again).status_code == 302
    account.refresh_from_db()
    assert (account.city, account.industry, account.street) == ("Bonn", "Presses", "Weg 1")


def test_an_outsider_and_a_viewer_edit_nothing(sign_in: Any, account: Any, charlie: Any, rita: Any) -> None:
    address = f"/accounts/{account.pk}/edit/"
    assert [sign_in(person).get(address).status_code for person in (charlie, rita)] == [404, 403]


def test_it_archives_reactivates_and_deletes(sign_in: Any, account: Any, alice: Any) -> None:
    client = sign_in(alice)
    client.post(f"/accounts/{account.pk}/archive/")
    assert Account.objects.get().status == "inactive"
    client.post(f"/accounts/{account.pk}/reactivate/")
    client.post(f"/accounts/{account.pk}/delete/")
    assert not Account.objects.exists()


def test_an_account_with_sales_says_why_it_stays(sign_in: Any, account: Any, alice: Any) -> None:
    make_line(account)
    answer = sign_in(alice).post(f"/accounts/{account.pk}/delete/", follow=True, headers=ENGLISH)
    assert "Archive it instead" in answer.content.decode()


def test_a_handover_changes_hands(sign_in: Any, account: Any, alice: Any, charlie: Any, team: Any) -> None:
    data = {"owner": charlie.pk, "team": team.pk, "keep_former": "on", "note": "Likes calls", "version": 1}
    answer = sign_in(alice).post(f"/accounts/{account.pk}/handover/", data)
    assert answer.status_code == 302
    assert Account.objects.get().owner == charlie


def test_a_handover_out_of_reach_stays_on_the_form(
    sign_in: Any, account: Any, alice: Any, charlie: Any
) -> None:
    answer = sign_in(alice).post(f"/accounts/{account.pk}/handover/", {"owner": charlie.pk, "version": 1})
    assert (answer.status_code, Account.objects.get().owner) == (200, alice)


def test_a_seller_hands_nothing_over(sign_in: Any, account: Any, team: Any) -> None:
    seller = make_user(role="sales")
    team.members.add(seller)
    assert sign_in(seller).get(f"/accounts/{account.pk}/handover/").status_code == 403


def test_the_team_is_kept_line_by_line(
    sign_in: Any, account: Any, alice: Any, bob: Any, charlie: Any
) -> None:
    AccountTeamMember.objects.create(account=account, user=charlie, function="sales")
    lines = [("", ""), (bob.pk, "service"), ("", "")]
    data: dict[str, Any] = {"form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 1}
    for number, (user, function) in enumerate(lines):
        data |= {f"form-{number}-user": user, f"form-{number}-function": function}
    assert sign_in(alice).post(f"/accounts/{account.pk}/team/", data).status_code == 302
    assert list(account.team_members.values_list("user", "function")) == [(bob.pk, "service")]


def test_half_a_line_is_refused(sign_in: Any, account: Any, alice: Any, bob: Any) -> None:
    data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "form-0-user": bob.pk, "form-0-function": ""}
    assert sign_in(alice).post(f"/accounts/{account.pk}/team/", data).status_code == 200
    assert sign_in(alice).post(f"/accounts/{account.pk}/team/", {}).status_code == 200


def test_a_person_is_added_changed_and_deleted(sign_in: Any, account: Any, bob: Any) -> None:
    client = sign_in(bob)
    data = {"last_name": "Ehrsam", "emails": "A@example.com\nb@example.com", "work": "+49 221 123456"}
    client.post(f"/accounts/{account.pk}/contacts/new/", data)
    contact = Contact.objects.get()
    assert [row.address for row in contact.emails.all()] == ["a@example.com", "b@example.com"]
    address = f"/accounts/contacts/{contact.pk}/"
    client.post(address, filled(client.get(address)) | {"emails": "b@example.com", "left_on": "2026-01-01"})
    contact.refresh_from_db()
    assert (contact.emails.count(), contact.phones.count(), str(contact.left_on)) == (1, 1, "2026-01-01")
    assert "Ehrsam" in client.get(f"/accounts/{account.pk}/contacts/").content.decode()
    client.post(f"{address}delete/")
    assert not Contact.objects.exists()


def test_two_editors_of_a_person_compare(sign_in: Any, account: Any, alice: Any, bob: Any) -> None:
    contact = create_contact(account, values={"last_name": "Ehrsam", "emails": ["a@example.com"]}, by=bob)
    client, address = sign_in(alice), f"/accounts/contacts/{contact.pk}/"
    data = filled(client.get(address)) | {"emails": "mine@example.com"}
    update_contact(contact, values={"emails": ["theirs@example.com"]}, by=bob)
    answer = client.post(address, data)
    row = next(row for row in answer.context["rows"] if row.is_changed)
    assert (answer.status_code, row.before, row.theirs, row.yours) == (
        409,
        "a@example.com",
        "theirs@example.com",
        "mine@example.com",
    )


@pytest.mark.parametrize(
    "change", [{"last_name": ""}, {"emails": "x"}, {"work": "1"}, {"left_on": "soon"}, {"language": "fr"}]
)
def test_a_bad_person_comes_back_with_the_error(sign_in: Any, account: Any, bob: Any, change: Any) -> None:
    answer = sign_in(bob).post(f"/accounts/{account.pk}/contacts/new/", {"last_name": "A"} | change)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert not Contact.objects.exists()


def test_an_outsider_does_not_find_a_person(sign_in: Any, account: Any, charlie: Any, rita: Any) -> None:
    address = f"/accounts/contacts/{make_contact(account).pk}/"
    assert [sign_in(person).get(address).status_code for person in (charlie, rita)] == [404, 403]
