import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kam.lib.tabular import export
from kam.lib.tabular.export import ENGLISH, GERMAN, Sheet, dialect_for, write_csv, write_xlsx
from kam.lib.tabular.reader import open_table
from kam.lib.tabular.values import clean_text
from tests.lib.tabular.test_formulas import ATTACKS

HEADER = ["Kunde", "Betrag", "Am", "Um", "Notiz"]
ROW = [
    "Müller; Söhne",
    Decimal("-1234.50"),
    date(2025, 9, 28),
    datetime(2025, 9, 28, 12, 0, tzinfo=UTC),
    None,
]


def csv_text(rows, dialect, header=HEADER):
    return b"".join(write_csv(rows, header, dialect)).decode()


def sheet_of(rows, header=HEADER):
    target = io.BytesIO()
    write_xlsx([Sheet("Sheet", header, rows)], target)
    return target


def test_german_csv_opens_in_german_excel():
    with timezone.override("Europe/Berlin"):
        text = csv_text([ROW], GERMAN)
    assert text == (
        '\ufeffKunde;Betrag;Am;Um;Notiz\r\n"Müller; Söhne";-1234,50;28.09.2025;28.09.2025 14:00:00;\r\n'
    )


def test_english_csv_is_what_programs_expect():
    with timezone.override("Europe/Berlin"):
        text = csv_text([ROW], ENGLISH)
    assert text == ("Kunde,Betrag,Am,Um,Notiz\r\nMüller; Söhne,-1234.50,2025-09-28,2025-09-28 14:00:00,\r\n")


def test_numbers_have_no_exponent_and_nan_is_nothing():
    row = [Decimal("1E+3"), 1e-7, float("nan"), True, 12345678901234567890]
    assert csv_text([row], ENGLISH).splitlines()[1] == "1000,0.0000001,,TRUE,12345678901234567890"


def test_the_language_chooses_the_dialect():
    assert dialect_for("de-at") is GERMAN
    assert dialect_for("en") is ENGLISH


def test_csv_is_written_in_pieces():
    pieces = list(write_csv(([i] for i in range(1200)), ["n"], ENGLISH))
    assert len(pieces) == 4
    assert b"".join(pieces).count(b"\r\n") == 1201


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_starts_as_a_formula_in_csv(attack, make_file):
    text = csv_text([[attack, "x"]], ENGLISH, header=[attack, "b"])
    harmless = attack.translate(dict.fromkeys([0, 11, 12, 31, 0x202E]))
    _, cells = next(open_table(make_file(text), delimiter=",", has_header=True).rows())
    assert cells[0] == "'" + harmless
    assert clean_text(cells[0]) == clean_text(harmless)


def test_xlsx_holds_numbers_dates_and_texts_as_what_they_are(tmp_path):
    path = tmp_path / "out.xlsx"
    with timezone.override("Europe/Berlin"):
        write_xlsx([Sheet("Umsatz", HEADER, iter([ROW])), Sheet("Leer", ["a", "b"], [])], path)
    table = open_table(path)
    assert table.sheet_names == ["Umsatz", "Leer"]
    assert list(table.rows()) == [(2, ["Müller; Söhne", "-1234.5", "2025-09-28", "2025-09-28 14:00:00", ""])]


def test_xlsx_has_a_frozen_header_and_no_formula():
    rows = [[attack, "http://example.org"] for attack in ATTACKS]
    with zipfile.ZipFile(sheet_of(rows, ["=a", "b"])) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert 'state="frozen"' in sheet
    assert "'=1+1" in sheet
    assert "'=a" in sheet


def test_what_excel_cannot_hold_is_still_written(tmp_path):
    path = tmp_path / "out.xlsx"
    row = [date(1871, 3, 1), Decimal("12345678901234567.89"), "x" * 40_000, Decimal("NaN"), "a\x00\x1fb"]
    write_xlsx([Sheet("a", HEADER, [row])], path)
    _, cells = next(open_table(path).rows())
    assert cells[:2] == ["1871-03-01", "12345678901234567.89"]
    assert (len(cells[2]), cells[3], cells[4]) == (32_767, "", "ab")


def test_a_full_sheet_goes_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "MAX_SHEET_ROWS", 4)
    path = tmp_path / "out.xlsx"
    write_xlsx([Sheet("Rows", ["n", "m"], ([i, "x"] for i in range(7)))], path)
    names = open_table(path).sheet_names
    assert names == ["Rows", "Rows (2)", "Rows (3)"]
    assert [cells[0] for name in names for _, cells in open_table(path, sheet=name).rows()] == list("0123456")


def test_names_of_sheets_are_made_valid(tmp_path):
    names = ["a/b:c", "A b C", "'" * 5, "", "x" * 40, "x" * 40, "History"]
    write_xlsx([Sheet(name, ["a", "b"], [["1", "2"]]) for name in names], tmp_path / "out.xlsx")
    assert len(open_table(tmp_path / "out.xlsx").sheet_names) == 7


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(st.tuples(st.just("id"), texts, texts), min_size=1, max_size=5),
    st.sampled_from([GERMAN, ENGLISH]),
)
def test_every_exported_table_can_be_imported_again(tmp_path, rows, dialect):
    header = ["id", "first", "second"]
    expected = [[clean_text(cell) for cell in row] for row in rows]
    (tmp_path / "out.csv").write_bytes(b"".join(write_csv(rows, header, dialect)))
    write_xlsx([Sheet("Sheet", header, rows)], tmp_path / "out.xlsx")
    for name in ("out.csv", "out.xlsx"):
        read = [[clean_text(cell) for cell in cells] for _, cells in open_table(tmp_path / name).rows()]
        assert read == expected
