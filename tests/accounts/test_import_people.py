"""People in an account file: created, or recognised by their e-mail address."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.actions import imports
from accounts.actions.contacts import create_contact, update_contact
from accounts.models import Account, Activity, Contact
from kam.integrations.models import ImportBatch
from kam.lib.errors import InvalidInput
from tests.accounts.test_import_sales import run, tally
from tests.factories import make_account
from tests.shared_data import shared_data

pytestmark = pytest.mark.django_db
FILE = (
    "Kundennr;Firma;Ansprechpartner;E-Mail;Telefon;Funktion\n"
    "1;Müller GmbH;Maria von Berg;M.Berg@mueller.example;0221 123456;Einkauf\n"
    "2;Meier AG;Ott, Karl;;;\n"
    "3;Schulz KG;;;0731 99999;\n"
)


def receive(text: str = FILE, **options: Any) -> ImportBatch:
    file = ContentFile(text.encode(), name="a.csv")
    return imports.receive_file(file, by=None, kind="accounts", options=options)


def bring_in(text: str = FILE, **options: Any) -> dict[str, Any]:
    batch = receive(text, **options)
    checked, committed = run(imports.CHECK, batch), run(imports.COMMIT, batch)
    assert checked == committed
    return committed


def everybody() -> list[dict[str, Any]]:
    hidden = {"updated_at"}
    rows = [
        {k: v for k, v in row.items() if k not in hidden} for row in Contact.objects.order_by("pk").values()
    ]
    addresses = Contact.objects.order_by("pk").values_list(
        "emails__address", "emails__is_primary", "phones__number"
    )
    return [*rows, *addresses]


def test_it_creates_the_people_of_the_file() -> None:
    result = bring_in()
    assert tally(result)[:2] == (3, 3)
    assert (result["contacts_created"], result["contacts_changed"]) == (2, 0)
    maria = Contact.objects.get(emails__address="m.berg@mueller.example")
    assert (maria.first_name, maria.last_name, maria.job_title) == ("Maria", "von Berg", "Einkauf")
    assert (maria.account.name, maria.phones.get().number) == ("Müller GmbH", "0221 123456")
    assert maria.emails.get().is_primary
    assert [str(person) for person in Contact.objects.search("ott")] == ["Karl Ott"]


def test_the_same_file_again_changes_nothing() -> None:
    bring_in()
    before = everybody()
    result = bring_in(FILE.replace("0221 123456", "0221/12 34 56"))
    assert (tally(result), result["contacts_created"]) == ((3, 0, 3, 0, 0, 0), 0)
    assert everybody() == before


def test_a_person_is_recognised_by_the_address_and_changed(dana) -> None:
    account = make_account("Müller GmbH", external_id="1")
    values = {
        "last_name": "Berg",
        "first_name": "Maria",
        "emails": ["m.berg@mueller.example", "maria@home.example"],
    }
    contact = create_contact(account, values=values, by=dana)
    result = bring_in()
    assert (result["changed"], result["contacts_changed"], result["contacts_created"]) == (1, 1, 1)
    contact.refresh_from_db()
    assert (contact.last_name, contact.job_title, contact.version) == ("von Berg", "Einkauf", 2)
    assert contact.emails.count() == 2
    account.refresh_from_db()
    assert account.version == 1
    details = Activity.objects.get(verb="contact.imported", subject_id=str(contact.pk)).details
    assert (details["before"]["last_name"], details["after"]["last_name"]) == ("Berg", "von Berg")


def test_without_an_address_a_person_is_recognised_by_the_name_and_gets_one(dana) -> None:
    account = make_account("Müller GmbH", external_id="1")
    create_contact(account, values={"last_name": "von Berg", "first_name": "Maria"}, by=dana)
    create_contact(account, values={"last_name": "Klein", "emails": ["klein@mueller.example"]}, by=dana)
    bring_in()
    assert Contact.objects.filter(account=account).count() == 2
    assert str(Contact.objects.get(emails__address="m.berg@mueller.example")) == "Maria von Berg"


def test_somebody_of_the_same_name_with_another_address_is_somebody_else(dana) -> None:
    account = make_account("Müller GmbH", external_id="1")
    values = {"last_name": "von Berg", "first_name": "Maria", "emails": ["other@mueller.example"]}
    create_contact(account, values=values, by=dana)
    assert bring_in()["contacts_created"] == 2
    assert Contact.objects.filter(account=account).count() == 2


def test_first_and_last_name_can_have_columns_of_their_own() -> None:
    bring_in("id,name,First name,Last name\n1,One Ltd,Ana Maria,van der Berg\n")
    contact = Contact.objects.get()
    assert (contact.first_name, contact.last_name) == ("Ana Maria", "van der Berg")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("4;Neu AG;Anna Muster;no address;;", "invalid"),
        ("4;Neu AG;Anna Muster;;call me;", "invalid"),
        ("4;Neu AG;;nobody@neu.example;;", "contact_without_name"),
    ],
)
def test_a_bad_person_refuses_the_row(row: str, code: str) -> None:
    result = bring_in(FILE + row + "\n")
    assert (tally(result)[4], result["reasons"][0]["code"], result["reasons"][0]["first_rows"]) == (
        1,
        code,
        [5],
    )
    assert not Account.objects.filter(name="Neu AG").exists()


def test_without_a_column_of_names_phone_and_address_are_the_companys_and_not_proposed() -> None:
    assert not [
        code for code in receive("id,name,Telefon,E-Mail\n1,One,030 12345,\n").mapping if "contact" in code
    ]
    with pytest.raises(InvalidInput) as refusal:
        batch = receive("id,name,Telefon\n1,One,030 12345\n")
        imports.choose_columns(batch, mapping={"name": "name", "contact_phone": "Telefon"}, by=None)
    assert (refusal.value.code, refusal.value.field) == ("missing_contact_name", "mapping.contact_phone")


def test_undo_removes_new_people_and_returns_the_values_of_known_ones(dana) -> None:
    account = make_account("Müller GmbH", external_id="1")
    values = {"last_name": "Berg", "emails": ["m.berg@mueller.example"]}
    create_contact(account, values=values, by=dana)
    before = everybody()
    batch = receive()
    run(imports.COMMIT, batch)
    result = run(imports.UNDO, batch)
    assert (result["accounts_removed"], result["kept"]) == (2, 0)
    assert (result["contacts_removed"], result["contacts_restored"]) == (1, 1)
    assert everybody() == before


def test_undo_keeps_a_person_that_somebody_changed_and_the_account(dana) -> None:
    batch = receive()
    run(imports.COMMIT, batch)
    contact = Contact.objects.get(last_name="Ott")
    update_contact(contact, values={"job_title": "CEO"}, by=dana)
    result = run(imports.UNDO, batch)
    assert [(row["table"], row["label"]) for row in result["kept_rows"]] == [
        ("contact", "Karl Ott"),
        ("account", "Meier AG"),
    ]
    assert [str(row) for row in Contact.objects.all()] == ["Karl Ott"]


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries) -> None:
    for count in (2, 60):
        rows = "".join(f"{n};Firm {n};Anna Nr{n};a{n}@x.example;030 1234{n};Chef\n" for n in range(count))
        batch = receive(FILE.splitlines()[0] + "\n" + rows)
        with django_assert_max_num_queries(60):
            run(imports.COMMIT, batch)


@pytest.mark.acceptance
def test_northwind_customers_bring_their_people() -> None:
    result = bring_in((shared_data("northwind") / "customers.csv").read_text())
    assert (tally(result)[:2], result["contacts_created"]) == ((91, 91), 91)
    maria = Contact.objects.get(account__references__external_id="ALFKI")
    assert (str(maria), maria.job_title, maria.phones.get().number) == (
        "Maria Anders",
        "Sales Representative",
        "030-0074321",
    )


def test_a_last_name_alone_takes_no_first_name_away(dana) -> None:
    bring_in()
    before = everybody()
    text = "Kundennr;Ansprechpartner;E-Mail\n1;Berg;m.berg@mueller.example\n"
    bring_in(text, mode="update")
    maria = Contact.objects.get(emails__address="m.berg@mueller.example")
    assert (maria.first_name, maria.last_name, maria.job_title) == ("Maria", "Berg", "Einkauf")
    assert len(everybody()) == len(before)


MORE = (
    "Kundennr;Firma;Ort;Ansprechpartner;E-Mail;Telefon\n"
    "1;Müller GmbH;Köln;Maria von Berg;m.berg@mueller.example;0221 123456\n"
    "2;Meier AG;Ulm;Karl Ott;;\n"
    "1;Müller GmbH;Köln;Jan Kurz;j.kurz@mueller.example;\n"
    "1;;;Eva Lang;;0221 98765\n"
    "2;Meier AG;Ulm;Karl Ott;;\n"
)


def names_of(name: str) -> list[str]:
    return sorted(map(str, Contact.objects.filter(account__name=name)))


@pytest.mark.parametrize("mode", ["create", "both", "update"])
@pytest.mark.parametrize("piece", [1000, 2, 1])
def test_several_rows_bring_several_people_of_one_account(monkeypatch, dana, mode: str, piece: int) -> None:
    monkeypatch.setattr("accounts.imports.accounts.ROWS_A_PIECE", piece)
    if mode == "update":
        for number, name, city in [("1", "Müller GmbH", "Köln"), ("2", "Meier AG", "Ulm")]:
            make_account(name, city=city, external_id=number)
    batch = receive(MORE, mode=mode)
    before = everybody()
    checked, result = run(imports.CHECK, batch), run(imports.COMMIT, batch)
    assert checked == result
    assert tally(result) == ((5, 0, 1, 4, 0, 0) if mode == "update" else (5, 2, 1, 2, 0, 0))
    assert (result["contacts_created"], result["contacts_changed"]) == (4, 0)
    assert names_of("Müller GmbH") == ["Eva Lang", "Jan Kurz", "Maria von Berg"]
    assert names_of("Meier AG") == ["Karl Ott"]
    assert Account.objects.count() == 2
    assert tally(bring_in(MORE, mode="both")) == (5, 0, 5, 0, 0, 0)
    run(imports.UNDO, batch)
    assert everybody() == before
    assert Account.objects.count() == (2 if mode == "update" else 0)


@pytest.mark.parametrize("piece", [1000, 1])
@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1;Müller KG;Köln;Jan Kurz;;", "twice"),
        ("1;Müller GmbH;Bonn;Jan Kurz;;", "twice"),
        ("1;Müller GmbH;Köln;;;", "twice"),
        ("1;Müller GmbH;Köln;Maria Berg;m.berg@mueller.example;", "person_twice"),
        ("2;Meier AG;Ulm;Karl Ott;k.ott@meier.example;", "person_twice"),
        ("1;Müller GmbH;Köln;;unknown@mueller.example;", "contact_without_name"),
    ],
)
def test_a_row_that_says_otherwise_stays_out(monkeypatch, row: str, code: str, piece: int) -> None:
    monkeypatch.setattr("accounts.imports.accounts.ROWS_A_PIECE", piece)
    result = bring_in(MORE + row + "\n")
    assert (tally(result), result["reasons"][0]["code"]) == ((6, 2, 1, 2, 1, 0), code)
    assert result["reasons"][0]["first_rows"] == [7]


def test_a_row_follows_its_account_out() -> None:
    text = "Kundennr;Firma;Ansprechpartner;E-Mail\n1;;Maria Berg;\n1;;Jan Kurz;\n"
    result = bring_in(text)
    assert tally(result) == (2, 0, 0, 0, 2, 0)
    assert not Contact.objects.exists()


def test_people_of_one_name_with_addresses_of_their_own_are_two() -> None:
    rows = "1;Müller GmbH;Jan Kurz;a@x.example\n1;Müller GmbH;Jan Kurz;b@x.example\n"
    assert bring_in("Kundennr;Firma;Ansprechpartner;E-Mail\n" + rows)["contacts_created"] == 2


def test_more_people_come_in_under_the_group_that_the_rows_name() -> None:
    text = (
        "Kundennr;Firma;Mutter;Ansprechpartner\n1;Müller GmbH;9;Maria Berg\n"
        "1;Müller GmbH;9;Jan Kurz\n9;Müller Holding;;Eva Lang\n"
    )
    assert tally(bring_in(text)) == (3, 2, 0, 1, 0, 0)
    assert Account.objects.get(name="Müller GmbH").parent.name == "Müller Holding"
