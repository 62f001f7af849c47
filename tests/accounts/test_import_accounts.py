"""Accounts from a file: created, updated or both, and never guessed."""

from typing import Any
from unittest.mock import ANY

import pytest
from django.core.files.base import ContentFile

from accounts.actions import imports
from accounts.models import Account, Activity
from kam.integrations.models import ImportBatch
from tests.accounts.test_import_sales import run, tally
from tests.factories import make_account
from tests.shared_data import shared_data

pytestmark = pytest.mark.django_db
FILE = (
    "Kundennr;Firma;Ort;Branche;Domain;Mitarbeiter\n"
    "1;Müller GmbH;Köln;Stahl;www.mueller.example;1.250\n"
    "2;Meier AG;Ulm;;;12\n"
)


def bring_in(text: str = FILE, kind: str = imports.COMMIT, **options: Any) -> dict[str, Any]:
    options = {"decimal": ",", **options}
    batch = imports.receive_file(
        ContentFile(text.encode(), name="a.csv"), by=None, kind="accounts", options=options
    )
    imports.choose_columns(batch, mapping=batch.mapping, options=batch.options, by=None)
    return run(kind, batch)


def test_it_creates_accounts_with_tidy_values() -> None:
    result = bring_in()
    assert (tally(result)[:2], result["accounts_created"]) == ((2, 2), 2)
    account = Account.objects.search("mueller koeln").get()
    assert (account.domain, account.employees, account.references.get().external_id) == (
        "mueller.example",
        1250,
        "1",
    )


def test_a_dry_run_writes_nothing() -> None:
    assert bring_in(kind=imports.CHECK)["new"] == 2
    assert not Account.objects.exists()


def test_the_same_file_again_changes_nothing() -> None:
    bring_in()
    versions = list(Account.objects.values_list("version", "updated_at"))
    assert tally(bring_in()) == (2, 0, 2, 0, 0, 0)
    assert list(Account.objects.values_list("version", "updated_at")) == versions


def test_a_refused_row_names_its_column() -> None:
    bring_in("external_id,name,employees\nK1,A,some\n")
    [problem] = ImportBatch.objects.get().problems
    assert (problem["row"], problem["column"]) == (2, "employees")


def test_an_empty_cell_leaves_the_value_unless_it_shall_clear() -> None:
    account = make_account("Meier AG", external_id="2", industry="Holz", city="Ulm", employees=12)
    bring_in()
    account.refresh_from_db()
    assert account.industry == "Holz"
    bring_in(clear_empty=True)
    account.refresh_from_db()
    assert account.industry == ""


@pytest.mark.parametrize("clears", [False, True])
def test_a_column_that_the_file_lacks_leaves_its_values(clears: bool) -> None:
    bring_in()
    before = list(Account.objects.order_by("pk").values())
    assert bring_in("Kundennr;Firma\n1;Müller GmbH\n2;Meier AG\n", clear_empty=clears)["unchanged"] == 2
    assert list(Account.objects.order_by("pk").values()) == before


def test_every_change_stands_in_the_timeline_with_before_and_after() -> None:
    account = make_account("Meier AG", external_id="2", city="Bonn")
    bring_in()
    details = Activity.objects.get(account=account).details
    assert (details["before"]["city"], details["after"]["city"]) == ("Bonn", "Ulm")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("both", (2, 1, 0, 1, 0, 0)), ("create", (2, 1, 0, 0, 1, 0)), ("update", (2, 0, 0, 1, 1, 0))],
)
def test_it_creates_updates_or_both(mode: str, expected: tuple[int, ...]) -> None:
    make_account("Meier AG", external_id="2", city="Bonn")
    assert tally(bring_in(mode=mode)) == expected


def test_several_accounts_that_fit_are_named_and_none_is_guessed() -> None:
    for name in ("Müller One", "Müller Two"):
        make_account(name, domain="mueller.example", city="Köln")
    result = bring_in(match="domain")
    assert {r["code"]: r["rows"] for r in result["reasons"]} == {"ambiguous": 1, "missing_key": 1}
    assert Account.objects.count() == 2


def test_name_and_city_match_without_regard_to_spelling_and_legal_form() -> None:
    make_account("MUELLER AG", city="Koeln")
    make_account("Müller GmbH", city="Bonn")
    assert tally(bring_in(match="name_city")) == (2, 1, 0, 1, 0, 0)


def test_an_id_that_belongs_to_another_account_is_refused() -> None:
    make_account("Somebody else", external_id="1")
    make_account("Müller GmbH", city="Köln")
    assert {r["code"] for r in bring_in(match="name_city")["reasons"]} == {"id_taken"}


def test_an_account_twice_in_the_file_comes_in_once() -> None:
    result = bring_in(FILE + "1;Müller KG;Köln;;;\n")
    assert (tally(result), result["reasons"][0]["code"]) == ((3, 2, 0, 0, 1, 0), "twice")


@pytest.mark.parametrize("cell", ["no domain at all", "ht!tp://x"])
def test_a_bad_value_is_named_by_row(cell: str) -> None:
    result = bring_in(FILE + f"3;Neu GmbH;Ulm;;{cell};1\n")
    assert (tally(result), result["reasons"][0]["first_rows"]) == ((3, 2, 0, 0, 1, 0), [4])


def test_more_employees_than_a_column_holds_are_refused_by_row() -> None:
    result = bring_in(FILE + "3;Neu GmbH;Ulm;;;2147483648\n4;Alt GmbH;Ulm;;;2147483647\n")
    assert (tally(result), result["reasons"][0]["first_rows"]) == ((4, 3, 0, 0, 1, 0), [4])


@pytest.mark.parametrize(
    ("cells", "is_good"),
    [("50.1;8.6", True), (";", True), ("91;8.6", False), ("50.1;-181", False), ("50.1;", False)],
)
def test_a_place_lies_on_the_globe_and_is_whole(cells: str, is_good: bool) -> None:
    head, options = "Kundennr;Firma;Breitengrad;Längengrad\n", {"decimal": "."}
    text = f"{head}1;Neu GmbH;{cells}\n2;Alt GmbH;1;2\n"
    checked = bring_in(text, imports.CHECK, **options)
    assert bring_in(text, **options) == checked | {"batch": ANY}
    assert (tally(checked)[1], checked["rejected"]) == ((2, 0) if is_good else (1, 1))


def test_half_a_place_completes_the_one_that_is_known() -> None:
    bring_in("Kundennr;Firma;Breitengrad;Längengrad\n1;Neu GmbH;1;2\n", decimal=".")
    assert bring_in("Kundennr;Firma;Breitengrad\n1;Neu GmbH;3\n", decimal=".")["changed"] == 1
    account = Account.objects.get()
    assert (account.latitude, account.longitude) == (3, 2)


@pytest.mark.acceptance
def test_northwind_customers_come_in_whole() -> None:
    text = (shared_data("northwind") / "customers.csv").read_text()
    assert tally(bring_in(text)) == (91, 91, 0, 0, 0, 0)
    assert Account.objects.search("königlich essen").get().city == "Brandenburg"


@pytest.mark.acceptance
def test_rows_with_a_comma_too_many_are_reported_and_no_column_shifts() -> None:
    text = (shared_data("northwind") / "quirks" / "customers_unquoted_commas.csv").read_text()
    result = bring_in(text)
    assert (result["rows"], result["rejected"]) == (91, 24)
    assert {r["code"] for r in result["reasons"]} == {"too_many_cells"}


@pytest.mark.acceptance
def test_maven_accounts_come_in_whole() -> None:
    text = (shared_data("maven-crm-sales-opportunities") / "accounts.csv").read_text()
    assert tally(bring_in(text, match="name_city", decimal="."))[:2] == (85, 85)
