"""The names and ids of an account that was merged lead to the one it lives on in: search, filters, imports."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.actions import imports
from accounts.actions.accounts import update_account
from accounts.actions.merges import merge_accounts, undo_merge
from accounts.actions.references import write_references
from accounts.models import Account
from reports.queries.search import search
from tests.accounts.test_import_accounts import bring_in
from tests.accounts.test_import_sales import tally
from tests.factories import make_account, make_contact, make_goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(dana: Any) -> Account:
    """Zeta GmbH in Ulm, which Altmark AG in Köln was merged into."""
    target = make_account("Zeta GmbH", city="Ulm", domain="zeta.example", vat_id="DE811569869", owner=dana)
    source = make_account(
        "Altmark AG", city="Köln", domain="altmark.example", vat_id="DE129273398", owner=dana
    )
    merge_accounts(target, source, by=dana)
    target.refresh_from_db()
    return target


def merged() -> Account:
    return Account.everything.get(merged_into__isnull=False)


@pytest.mark.parametrize("words", ["Altmark", "altmark.example", "DE129273398"])
def test_search_finds_it_by_what_the_merged_account_was_called(one: Account, words: str) -> None:
    assert list(Account.objects.search(words)) == [one]


def test_search_still_does_after_a_change_and_no_more_after_an_undo(one: Account, dana: Any) -> None:
    update_account(one, values={"city": "Bonn"}, by=dana)
    assert list(Account.objects.search("altmark bonn")) == [one]
    source = merged()
    undo_merge(one.merges.get(), by=dana)
    assert list(Account.objects.search("altmark")) == [source]


def test_what_was_merged_twice_is_found_in_the_end(one: Account, dana: Any) -> None:
    last = make_account("Omega SE")
    merge_accounts(last, one, by=dana)
    assert list(Account.objects.search("altmark")) == [last]


def test_the_hit_says_what_it_was_called(one: Account, dana: Any, sign_in: Any) -> None:
    assert search(dana, "altmark")[0].hits[0].note.startswith("vormals Altmark AG")
    assert "vormals" not in search(dana, "zeta")[0].hits[0].note
    client = sign_in(dana)
    assert "vormals Altmark AG" in client.get(reverse("accounts:list"), {"q": "altmark"}).content.decode()
    assert "vormals" not in client.get(reverse("accounts:list"), {"q": "zeta"}).content.decode()
    assert "vormals Altmark AG" in client.get(reverse("accounts:suggest"), {"q": "altmark"}).content.decode()


def test_the_api_says_what_it_was_called(one: Account, dana: Any, api: Any) -> None:
    client = api(dana)
    row = client.get("/api/v1/accounts/?q=altmark").json()["results"][0]
    assert (row["id"], row["formerly"]) == (str(one.pk), "Altmark AG")
    assert client.get("/api/v1/accounts/?q=zeta").json()["results"][0]["formerly"] is None
    assert client.get(f"/api/v1/accounts/{one.pk}/").json()["formerly"] is None


def test_filters_take_the_id_of_the_merged_account(one: Account, dana: Any, api: Any) -> None:
    contact, goal, child = make_contact(one), make_goal(one), make_account(parent=one, ultimate_parent=one)
    old, client = merged().pk, api(dana)

    def ids(path: str) -> list[str]:
        return [row["id"] for row in client.get(f"/api/v1/{path}={old}").json()["results"]]

    assert ids("contacts/?account") == [str(contact.pk)]
    assert ids("goals/?account") == [str(goal.pk)]
    assert ids("accounts/?parent") == [str(child.pk)]
    assert set(ids("accounts/?group")) == {str(one.pk), str(child.pk)}
    # A merge is looked for by either of the two.
    assert len(ids("merges/?account")) == 1


@pytest.mark.parametrize(
    "path", ["tasks", "activities", "reports", "decisions", "ratings", "account-estimates", "opportunities"]
)
def test_every_list_takes_it(one: Account, dana: Any, api: Any, path: str) -> None:
    assert api(dana).get(f"/api/v1/{path}/?account={merged().pk}").status_code == 200


FILE = "Firma;Ort;Branche;Domain;USt-IdNr\n{name};{city};Stahl;{domain};\n"


@pytest.mark.parametrize("match", ["name_city", "domain"])
def test_an_import_finds_it_and_keeps_what_the_merge_decided(one: Account, match: str) -> None:
    text = FILE.format(name="Altmark AG", city="Köln", domain="altmark.example")
    result = bring_in(text, match=match)
    assert tally(result)[:4] == (1, 0, 0, 1)
    one.refresh_from_db()
    assert (one.name, one.city, one.domain, one.industry) == ("Zeta GmbH", "Ulm", "zeta.example", "Stahl")
    assert list(Account.objects.search("altmark")) == [one]
    assert tally(bring_in(text, match=match))[:4] == (1, 0, 1, 0)


def test_the_dry_run_says_by_which_name_a_row_fits(one: Account, sign_in: Any, dana: Any) -> None:
    bring_in(FILE.format(name="Altmark AG", city="Köln", domain=""), kind=imports.CHECK, match="name_city")
    batch = imports.ImportBatch.objects.get()
    assert "vormals Altmark AG" in sign_in(dana).get(f"/imports/{batch.pk}/").content.decode()


def test_an_import_does_not_guess_between_it_and_another_of_the_name(one: Account) -> None:
    make_account("Altmark GmbH", city="Köln")
    result = bring_in(FILE.format(name="Altmark AG", city="Köln", domain=""), match="name_city")
    assert result["rejected"] == 1
    names = imports.ImportBatch.objects.get().problems[0]["params"]["names"]
    assert "Altmark AG → Zeta GmbH (Ulm)" in names and "Altmark GmbH (Köln)" in names


def test_two_rows_of_what_is_one_account_now_are_named(one: Account) -> None:
    text = "Firma;Ort;Branche\nZeta GmbH;Ulm;Holz\nAltmark AG;Köln;Stahl\n"
    result = bring_in(text, match="name_city")
    one.refresh_from_db()
    assert (result["changed"], result["rejected"], one.industry) == (1, 1, "Holz")
    assert imports.ImportBatch.objects.get().problems[0]["code"] == "twice"


def test_an_import_finds_it_by_the_id_of_the_merged_account(dana: Any) -> None:
    target, source = make_account("Zeta GmbH", external_id="1"), make_account("Altmark AG", external_id="2")
    merge_accounts(target, source, by=dana)
    bring_in("Kundennr;Branche\n2;Stahl\n", match="external_id")
    target.refresh_from_db()
    assert (target.industry, Account.objects.count()) == ("Stahl", 1)


@pytest.fixture
def two_ids(dana: Any) -> Account:
    """Zeta GmbH with the id 1, which Altmark AG with the id 2 was merged into."""
    target, source = make_account("Zeta GmbH", external_id="1"), make_account("Altmark AG", external_id="2")
    merge_accounts(target, source, by=dana)
    return target


@pytest.mark.parametrize("kind", [imports.CHECK, imports.COMMIT])
def test_two_rows_with_the_ids_of_what_is_one_account_now_are_named(two_ids: Account, kind: Any) -> None:
    text = "Kundennr;Firma;Branche\n1;Zeta GmbH;Holz\n2;Altmark AG;Stahl\n"
    result = bring_in(text, kind=kind, match="external_id")
    assert (result["changed"], result["rejected"]) == (1, 1)
    problem = imports.ImportBatch.objects.get().problems[0]
    assert (problem["code"], problem["params"]) == ("twice", {"row": "2", "name": "Altmark AG"})


def test_the_row_of_the_merged_id_does_not_rename_the_account_that_stays(two_ids: Account) -> None:
    result = bring_in("Kundennr;Firma\n2;Altmark AG\n1;Zeta AG\n", match="external_id")
    two_ids.refresh_from_db()
    assert (result["unchanged"], result["changed"], two_ids.name) == (1, 1, "Zeta AG")


def test_the_id_of_what_was_merged_twice_is_told_by_its_first_name(two_ids: Account, dana: Any) -> None:
    last = make_account("Omega SE", external_id="3")
    merge_accounts(last, two_ids, by=dana)
    result = bring_in("Kundennr;Firma\n2;Altmark AG\n3;Omega SE\n", match="external_id")
    assert (result["unchanged"], result["rejected"]) == (2, 0)


def test_two_ids_that_an_account_has_by_itself_are_named() -> None:
    account = make_account("Zeta GmbH", external_id="1")
    write_references(account, [(account.references.get().source, "2")])
    result = bring_in("Kundennr;Firma\n1;Zeta GmbH\n2;Beta GmbH\n", match="external_id")
    account.refresh_from_db()
    assert (result["unchanged"], result["rejected"], account.name) == (1, 1, "Zeta GmbH")
    assert imports.ImportBatch.objects.get().problems[0]["params"] == {"row": "2"}


def test_a_parent_company_is_found_by_the_name_of_the_merged_account(one: Account) -> None:
    bring_in("Firma;Ort;Muttergesellschaft\nTochter GmbH;Ulm;Altmark AG\n", match="name_city")
    assert Account.objects.get(name="Tochter GmbH").parent == one


@pytest.mark.parametrize("match", ["domain", "vat_id"])
def test_rows_over_the_api_find_it_too(one: Account, dana: Any, api: Any, match: str) -> None:
    row = {"name": "Altmark AG", "domain": "altmark.example", "vat_id": "DE129273398", "industry": "Stahl"}
    answer = api(dana).post("/api/v1/accounts/bulk/", {"match": match, "rows": [row]}, format="json")
    found = answer.json()["results"][0]
    one.refresh_from_db()
    assert (found["id"], found["created"]) == (str(one.pk), False)
    assert (one.name, one.domain, one.industry) == ("Zeta GmbH", "zeta.example", "Stahl")


def test_the_list_of_merges_is_reachable_for_those_who_may_see_it(sign_in: Any, dana: Any, rita: Any) -> None:
    make_account()
    link = f'href="{reverse("accounts:merges")}"'
    assert link in sign_in(dana).get(reverse("accounts:list")).content.decode()
    assert link not in sign_in(rita).get(reverse("accounts:list")).content.decode()
