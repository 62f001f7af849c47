"""A sales file from the upload to the roll-up, and what happens when it comes again."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from accounts.actions import imports
from accounts.models import Account, Activity, Offering, SalesLine, SalesOrder
from accounts.rollup import verify_rollups
from kam.integrations.jobs import run_now
from kam.integrations.models import ImportBatch, ImportProfile
from kam.lib.errors import DomainError, InvalidInput

pytestmark = pytest.mark.django_db
HEADER = "order,date,account,product,quantity,unit_price,country\n"
FILE = (
    HEADER
    + "A1,2026-03-01,C1,P1,2,10.50,Germany\n"
    + "A1,2026-03-01,C1,P1,2,10.50,Germany\n"
    + "A2,2026-03-02,C2,P2,1,0,France\n"
    + "A3,2026-03-03,C1,P1,-1,10.50,Austria\n"
    + "A4,2026-03-03,,P1,3,5,Germany\n"
)


def upload(text: str, **values: Any) -> ImportBatch:
    batch = imports.receive_file(ContentFile(text.encode(), name="sales.csv"), by=None, **values)
    return imports.choose_columns(batch, mapping=batch.mapping, options=batch.options, by=None)


def run(kind: str, batch: ImportBatch) -> dict[str, Any]:
    job = run_now(kind, {"batch": str(batch.pk)}, by=None)
    assert job.state == "succeeded", job.error
    return job.result


def bring_in(text: str, **values: Any) -> dict[str, Any]:
    return run(imports.COMMIT, upload(text, **values))


def tally(result: dict[str, Any]) -> tuple[int, ...]:
    names = ("rows", "new", "unchanged", "changed", "rejected", "without_account")
    assert sum(result[name] for name in names[1:]) == result["rows"]
    return tuple(result[name] for name in names)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("0", "0,15", ""), "discount_rate"),
        ((".2", "0.0", "0.05"), "discount_rate"),
        (("0", "0", ""), "discount_amount"),
        (("0,15", "12,50", "0"), "discount_amount"),
        (("0,15", "1", "0"), "discount_amount"),
    ],
)
def test_a_discount_of_fractions_is_proposed_as_one_whatever_it_is_called(values: Any, field: str) -> None:
    rows = "".join(f"{n};01.02.2026;C-1;2;10;{value}\n" for n, value in enumerate(values))
    batch = upload("Auftrag;Datum;Kunde;Menge;Preis;Rabatt\n" + rows)
    assert {name for name, header in batch.mapping.items() if header == "Rabatt"} == {field}


def test_it_proposes_the_columns_from_their_names() -> None:
    batch = upload(FILE)
    assert batch.mapping == {
        "order": "order",
        "date": "date",
        "account": "account",
        "offering": "product",
        "quantity": "quantity",
        "unit_price": "unit_price",
        "country": "country",
    }
    # A column named after the customer is the name where another holds the number.
    both = upload("Belegnr;Datum;Kundennr;Kunde;Menge;Preis\nR1;03.04.2026;K1;Zorn AG;1;5,00\n")
    assert (both.mapping["account"], both.mapping["account_name"]) == ("Kundennr", "Kunde")
    ordered = upload(
        "Bestellung;Bestelldatum;Kunde;Bestellmenge;Preis\nB1;03.04.2026;Zorn AG;1;5,00\n"
    ).mapping
    assert [ordered[name] for name in ("order", "date", "quantity")] == [
        *("Bestellung", "Bestelldatum", "Bestellmenge")
    ]
    alone = upload("Belegnr;Datum;Kunde;Menge;Preis\nR1;03.04.2026;Zorn AG;1;5,00\n")
    assert (alone.mapping["account"], "account_name" in alone.mapping) == ("Kunde", False)


def test_a_dry_run_counts_what_a_commit_does_and_writes_nothing() -> None:
    batch = upload(FILE)
    checked = run(imports.CHECK, batch)
    assert (SalesLine.objects.count(), Account.objects.count()) == (0, 0)
    committed = run(imports.COMMIT, batch)
    assert checked == committed
    assert tally(committed) == (5, 4, 0, 0, 0, 1)
    assert (committed["reversals"], committed["accounts_created"]) == (1, 2)


def test_a_dry_run_replaces_a_line_once_like_a_commit_when_an_order_comes_again(monkeypatch) -> None:
    monkeypatch.setattr("accounts.imports.sales.ROWS_A_PIECE", 1)
    bring_in(f"{HEADER}A1,2026-03-01,C1,P1,1,5,\n")
    text = "".join(
        f"{order},2026-03-01,C1,P1,{times},5,\n"
        for order, times in (("A1", 2), ("A2", 9), ("A1", 3), ("A1", 1))
    )
    batch = upload(HEADER + text)
    checked, done = run(imports.CHECK, batch), run(imports.COMMIT, batch)
    assert checked == done
    assert tally(done) == (4, 3, 0, 1, 0, 0)


@pytest.mark.parametrize("again", [FILE, f"{FILE}\n"], ids=["the same bytes", "the same lines"])
def test_the_same_file_again_changes_nothing(again: str) -> None:
    bring_in(FILE)
    before = list(SalesLine.objects.order_by("pk").values())
    result = bring_in(again)
    assert tally(result) == (5, 0, 4, 0, 0, 1)
    assert result["accounts_created"] == 0
    assert list(SalesLine.objects.order_by("pk").values()) == before


def test_exact_duplicates_are_two_lines_unless_a_rule_excludes_them() -> None:
    bring_in(FILE)
    assert SalesLine.objects.filter(order_no="A1").count() == 2
    excluded = bring_in(FILE, source="other", options={"exclude_duplicates": True})
    assert tally(excluded) == (5, 3, 0, 0, 1, 1)


def test_duplicates_are_told_apart_when_the_order_comes_again_later_in_the_file(monkeypatch) -> None:
    monkeypatch.setattr("accounts.imports.sales.ROWS_A_PIECE", 1)
    rows = ["A1,2026-03-01,C1,P1,1,5,\n", "A2,2026-03-01,C1,P1,1,5,\n"] * 3
    bring_in(HEADER + "".join(rows))
    assert SalesLine.objects.count() == 6
    assert tally(bring_in(HEADER + "".join(sorted(rows))))[2] == 6


def test_a_negative_quantity_is_a_reversing_line() -> None:
    bring_in(FILE)
    line = SalesLine.objects.get(order_no="A3")
    assert (line.is_reversal, line.amount) == (True, Decimal("-10.5"))
    order = SalesOrder.objects.get(order_no="A3")
    assert (order.gross, order.net, order.lines, order.reversals) == (0, Decimal("-10.5"), 0, 1)


def test_a_prefix_of_the_order_number_makes_a_reversing_line() -> None:
    bring_in(HEADER + "C9,2026-03-01,K1,P1,2,4,\n", options={"reversal_prefix": "C"})
    line = SalesLine.objects.get()
    assert (line.is_reversal, line.quantity, line.amount) == (True, -2, -8)


def test_rows_without_an_account_are_counted_summed_and_handed_back() -> None:
    batch = upload(FILE)
    run(imports.COMMIT, batch)
    batch.refresh_from_db()
    reason = batch.reasons[0]
    assert (reason["code"], reason["rows"], reason["amount"]) == ("without_account", 1, "15.0000")
    lines = batch.error_file.open("rb").read().decode("utf-8-sig").splitlines()
    assert lines[1].startswith("6;")
    assert lines[1].endswith(";A4;2026-03-03;;P1;3;5;Germany")


def test_an_account_seen_in_several_countries_shows_the_most_frequent() -> None:
    bring_in(FILE)
    account = Account.objects.get(references__external_id="C1")
    assert account.country == "Germany"
    countries = SalesLine.objects.filter(account=account).values_list("country", flat=True)
    assert set(countries) == {"Germany", "Austria"}


def test_an_offering_is_named_by_its_most_frequent_description() -> None:
    head = "order,date,account,stock_code,description,quantity,unit_price\n"
    rows = [f"A{n},2026-03-01,C1,P1,{name},1,1\n" for n, name in enumerate(["Lamp ", "LAMP?", "Lamp"])]
    bring_in(head + "".join(rows))
    assert Offering.objects.get().name == "Lamp"


def test_rules_exclude_codes_and_free_lines_and_say_so() -> None:
    rows = "A1,2026-03-01,C1,POST,1,5,\nA1,2026-03-01,C1,P1,1,0,\nA1,2026-03-01,C1,P2,1,7,\n"
    options = {"exclude_codes": ["POST"], "exclude_zero_price": True}
    result = bring_in(HEADER + rows, options=options)
    assert tally(result) == (3, 1, 0, 0, 2, 0)
    assert {reason["code"] for reason in result["reasons"]} == {"excluded_code", "zero_price"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A1,31.02.2026,C1,P1,1,5,", "no_such_day"),
        ("A1,2026-03-01,C1,P1,many,5,", "not_a_number"),
        (",2026-03-01,C1,P1,1,5,", "missing_order"),
        ("A1,2026-03-01,C1,P1,1,,", "missing_amount"),
        ("A1,2026-03-01,C1,P1,1,999999999999999,", "too_many_digits"),
        ("A1,2026-03-01,C1,P1,99999999999,99999999999,", "too_many_digits"),
        ("A1,0001-01-01,C1,P1,1,5,", "far_day"),
        ("A1,31.12.2200,C1,P1,1,5,", "far_day"),
        (f"{'A' * 61},2026-03-01,C1,P1,1,5,", "too_long"),
        ("A1,2026-03-01,C1,P1,1,5,x,y", "too_many_cells"),
        ("A1,2026-03-01", "too_few_cells"),
    ],
)
def test_a_bad_row_is_named_and_the_good_one_comes_in(row: str, code: str) -> None:
    batch = upload(HEADER + "A0,2026-03-01,C1,P1,1,5,\n" + row + "\n", options={"date_order": "dmy"})
    result = run(imports.COMMIT, batch)
    assert tally(result) == (2, 1, 0, 0, 1, 0)
    assert (result["reasons"][0]["code"], result["reasons"][0]["first_rows"]) == (code, [3])


def test_a_price_that_follows_from_next_to_no_quantity_is_refused() -> None:
    text = "order,date,account,quantity,amount\nA1,2026-03-01,C1,0.00000001,5000\nA2,2026-03-01,C1,1,5000\n"
    result = bring_in(text)
    assert (tally(result), result["reasons"][0]["code"]) == ((2, 1, 0, 0, 1, 0), "too_many_digits")
    assert result["gross"] == "5000.0000"


def test_german_notation_is_read() -> None:
    text = "Auftragsnr;Datum;Kundennr;Artikel;Menge;Einzelpreis\n4711;28.09.2025;10482;P1;1.000;1.234,56\n"
    bring_in(text)
    line = SalesLine.objects.get()
    assert (line.ordered_on, line.quantity, line.amount) == (date(2025, 9, 28), 1000, Decimal(1234560))


def test_a_date_that_can_be_two_days_is_asked_for() -> None:
    text = HEADER + "A1,03/04/2026,C1,P1,1,5,\n"
    with pytest.raises(InvalidInput) as refusal:
        upload(text)
    assert (refusal.value.code, refusal.value.field) == ("ambiguous_dates", "options.date_order")
    bring_in(text, options={"date_order": "mdy"})
    assert SalesLine.objects.get().ordered_on == date(2026, 3, 4)


def test_a_number_that_can_be_two_is_asked_for() -> None:
    text = "order;date;account;amount\nA1;2026-03-01;C1;1.250\n"
    with pytest.raises(InvalidInput) as refusal:
        upload(text)
    assert refusal.value.code == "ambiguous_numbers"
    bring_in(text, options={"decimal": ","})
    assert SalesLine.objects.get().amount == 1250


def test_a_corrected_row_changes_its_line_instead_of_adding_one() -> None:
    bring_in(FILE)
    result = bring_in(FILE.replace("A2,2026-03-02,C2,P2,1,0", "A2,2026-03-02,C2,P2,1,8"))
    assert tally(result) == (5, 0, 3, 1, 0, 1)
    assert SalesLine.objects.get(order_no="A2").amount == 8
    assert verify_rollups() == []


def test_line_numbers_tell_a_changed_line_with_certainty() -> None:
    head = "order,pos,date,account,product,quantity,unit_price\n"
    bring_in(head + "A1,1,2026-03-01,C1,P1,1,5\nA1,2,2026-03-01,C1,P1,1,5\n")
    result = bring_in(
        head + "A1,1,2026-03-01,C1,P9,1,6\nA1,2,2026-03-01,C1,P1,1,5\nA1,2,2026-03-01,C1,P1,1,5\n"
    )
    assert tally(result) == (3, 0, 1, 1, 1, 0)
    assert SalesLine.objects.get(line_no="1").offering.code == "P9"


def test_the_later_half_of_an_order_adds_lines() -> None:
    bring_in(FILE)
    result = bring_in(HEADER + "A1,2026-03-05,C1,P1,2,10.50,Germany\n")
    assert tally(result) == (1, 1, 0, 0, 0, 0)


def test_two_sources_never_meet() -> None:
    bring_in(FILE)
    result = bring_in(FILE, source="other ERP")
    assert (tally(result)[1], result["accounts_created"]) == (4, 2)


def test_a_known_customer_number_finds_its_account() -> None:
    from tests.factories import make_account

    account = make_account("Known GmbH", external_id="C1")
    result = bring_in(FILE)
    assert result["accounts_created"] == 1
    assert SalesLine.objects.filter(account=account).count() == 3


def test_an_import_is_one_entry_in_the_history() -> None:
    bring_in(FILE)
    activity = Activity.objects.get(verb="import.committed")
    assert activity.details["new"] == 4


def test_a_profile_fits_the_next_file_with_the_same_header() -> None:
    batch = imports.receive_file(ContentFile(FILE.encode(), name="a.csv"), by=None)
    mapping = {**batch.mapping, "offering": "country"}
    imports.choose_columns(batch, mapping=mapping, by=None, source="erp", save_as="Monthly file")
    again = imports.receive_file(ContentFile(FILE.encode(), name="b.csv"), by=None)
    assert (again.mapping, again.source) == (mapping, "erp")
    assert ImportProfile.objects.count() == 1


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"order": "nope"}, "unknown_column"),
        ({"colour": "order"}, "unknown_field"),
        ({"order": "order"}, "missing_field"),
        ({"order": "order", "date": "date", "account": "account", "quantity": "quantity"}, "missing_amount"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: dict[str, str], code: str) -> None:
    batch = imports.receive_file(ContentFile(FILE.encode(), name="a.csv"), by=None)
    with pytest.raises(InvalidInput) as refusal:
        imports.choose_columns(batch, mapping=mapping, by=None)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, None),
        (b"a,b\n1,\x002\n", None),
        (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n", "too_many_columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_leaves_nothing(content: bytes, code: str | None) -> None:
    with pytest.raises(InvalidInput) as refusal:
        imports.receive_file(ContentFile(content, name="bad.csv"), by=None)
    assert code in (None, refusal.value.code)
    assert str(refusal.value)
    assert not ImportBatch.objects.exists()


def test_a_device_without_an_end_is_refused_and_leaves_no_file(settings) -> None:
    settings.MAX_UPLOAD_SIZE = 1024**2
    with pytest.raises(CommandError, match="größer als 1 MB"):
        call_command("import_sales", "/dev/zero")
    assert not ImportBatch.objects.exists()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*.table") if path.stat().st_size > 1000] == []


def test_sums_that_would_not_be_right_to_the_cent_are_refused_and_leave_nothing() -> None:
    """Each line by itself is one that every column holds; together they would break every roll-up."""
    line = "1,99999999999.99"
    bring_in(f"{HEADER}B0,2026-03-01,C1,P1,{line},\n")
    rows = "".join(f"A{number},2026-03-01,C{number},P1,{line},\n" for number in range(1, 100))
    assert bring_in(HEADER + rows[: rows.index("A99")])["new"] == 98
    assert bring_in(f"{HEADER}B0,2026-03-01,C1,P1,1,99999999999.98,\n")["changed"] == 1
    batch = upload(
        f"{HEADER}X1,2026-03-02,C1,P1,1,0.5,\nX2,2026-03-02,C500,P1,{line},\nX3,2026-03-02,C1,P1,{line},\n"
    )
    before = SalesLine.objects.count()
    for kind in (imports.CHECK, imports.COMMIT):
        job = run_now(kind, {"batch": str(batch.pk)}, by=None)
        assert (job.state, job.error["code"], job.error["params"]) == (
            "failed",
            "sums_too_large",
            {"row": "4"},
        )
    batch.refresh_from_db()
    assert (batch.state, SalesLine.objects.count()) == ("failed", before)
    assert not Account.objects.filter(name="C500").exists()


def test_a_refusal_halfway_takes_back_what_was_written(monkeypatch) -> None:
    monkeypatch.setattr("accounts.imports.sales.ROWS_A_PIECE", 1)
    batch = upload(FILE)
    monkeypatch.setattr("accounts.imports.room.LIMIT", 30)
    job = run_now(imports.COMMIT, {"batch": str(batch.pk)}, by=None)
    assert (job.state, job.error["code"]) == ("failed", "sums_too_large")
    assert not SalesLine.objects.exists() and not Account.objects.exists() and not SalesOrder.objects.exists()
    monkeypatch.undo()
    assert run(imports.COMMIT, batch)["new"] == 4
    monkeypatch.setattr("accounts.imports.room.LIMIT", 30)
    assert bring_in(FILE)["unchanged"] == 4  # what is there already needs no room, even where there is none


def test_an_imported_file_is_not_imported_twice_from_the_same_batch() -> None:
    batch = upload(FILE)
    run(imports.COMMIT, batch)
    batch.refresh_from_db()
    with pytest.raises(DomainError) as refusal:
        imports.start_commit(batch, by=None)
    assert refusal.value.code == "wrong_import_state"
