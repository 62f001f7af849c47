import datetime as dt
import zipfile

import pytest

from kam.lib.errors import InvalidInput
from kam.lib.tabular.limits import Limits
from kam.lib.tabular.reader import open_table


def refusal(path, **options):
    with pytest.raises(InvalidInput) as error:
        list(open_table(path, **options).rows())
    return error.value.code


def orders(book):
    sheet = book.add_worksheet("Orders")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, ["Order", "Date", "Amount", "Paid"])
    sheet.write_row(1, 0, ["0815", None, 2.55, True])
    sheet.write_datetime(1, 1, dt.date(2010, 12, 1), day)
    sheet.write_row(2, 0, ["A", None, 40513, False])
    sheet.write_datetime(2, 1, dt.datetime.fromisoformat("2010-12-01 08:26:00"), day)
    sheet.write_formula(4, 2, "=1+2", value=3)
    sheet.write(4, 0, "B")


def repacked(path, change):
    """Write the workbook again with each part passed through change(name, content)."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, change(name, content))
    return path


def with_sheet_data(path, data):
    """Replace what is in the first sheet's rows."""

    def change(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        start, end = content.index(b"<sheetData>"), content.index(b"</sheetData>")
        return content[:start] + b"<sheetData>" + data + content[end:]

    return repacked(path, change)


def test_it_reads_texts_numbers_dates_and_stored_results(make_workbook):
    table = open_table(make_workbook(orders, "orders.csv"))
    assert (table.format, table.header) == ("xlsx", ["Order", "Date", "Amount", "Paid"])
    assert list(table.rows()) == [
        (2, ["0815", "2010-12-01", "2.55", "TRUE"]),
        (3, ["A", "2010-12-01 08:26:00", "40513", "FALSE"]),
        (5, ["B", "", "3", ""]),
    ]


def test_it_names_cells_with_errors_and_formulas_without_result(make_workbook):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 1, ["a", "b"])
        sheet.write_row(1, 1, ["x", 1])
        sheet.write_formula(2, 2, "=1/0", value="#DIV/0!")
        sheet.write(3, 1, "y")
        sheet.write_formula(3, 2, "=A1", value="")

    path = repacked(make_workbook(fill), lambda name, content: content.replace(b' t="str"', b""))
    problems = []
    rows = list(open_table(path).rows(problems.append))
    assert [number for number, _ in rows] == [2]
    assert [(p.row_number, p.code, p.params) for p in problems] == [
        (3, "error_cell", {"cell": "C3"}),
        (4, "formula_without_result", {"cell": "C4"}),
    ]


def test_it_reads_the_sheet_asked_for(make_workbook):
    def fill(book):
        book.add_worksheet("Cover").write(0, 0, "Cover")
        book.add_worksheet("Secret").hide()
        book.add_worksheet("Daten & Ä").write_column(0, 0, ["Name", "x"])

    path = make_workbook(fill)
    table = open_table(path, sheet="Daten & Ä")
    assert table.sheet_names == ["Cover", "Daten & Ä"]
    assert list(table.rows()) == [(2, ["x"])]
    assert refusal(path, sheet="Secret") == "no_sheet"


def test_a_cell_far_away_does_not_fill_the_memory(make_workbook):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")

    assert refusal(make_workbook(fill)) == "sheet_too_sparse"


def test_too_many_columns_are_refused(make_workbook):
    path = make_workbook(lambda book: book.add_worksheet().write_row(0, 0, [f"c{i}" for i in range(600)]))
    assert refusal(path) == "too_many_columns"


def test_an_empty_sheet_is_refused(make_workbook):
    assert refusal(make_workbook(lambda book: book.add_worksheet())) == "no_rows"


def test_a_bomb_in_a_sheet_is_refused(make_workbook):
    path = with_sheet_data(make_workbook(orders), b"<row>" + b" " * 60_000_000 + b"</row>")
    assert path.stat().st_size < 200_000
    assert refusal(path) == "packed_bomb"


def test_a_bomb_that_lies_about_its_size_is_refused(make_workbook):
    path = with_sheet_data(make_workbook(orders), b"<row>" + b" " * 30_000_000 + b"</row>")
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    content = path.read_bytes()
    assert content.count(size.to_bytes(4, "little")) == 2
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (5000).to_bytes(4, "little")))
    assert refusal(path) == "packed_bomb"


def test_overlapping_parts_are_refused(make_workbook):
    path = make_workbook(orders)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/theme/theme1.xml").compress_size.to_bytes(4, "little")
    path.write_bytes(content.replace(size, (10_000_000).to_bytes(4, "little")))
    assert refusal(path) == "packed_bomb"


def test_too_many_parts_are_refused(make_workbook):
    assert refusal(make_workbook(orders), limits=Limits(archive_entries=5)) == "packed_bomb"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../etc/passwd", "x;y")
    assert refusal(path) == "not_xlsx"


def test_a_document_type_is_refused(make_workbook):
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook'
    path = repacked(make_workbook(orders), lambda name, content: content.replace(b"<workbook", doctype))
    assert refusal(path) == "damaged_archive"


@pytest.mark.parametrize("cut", [30, 500, 2000, -30])
def test_a_cut_workbook_is_refused(make_workbook, cut):
    path = make_workbook(orders)
    path.write_bytes(path.read_bytes()[:cut])
    assert refusal(path) == "damaged_archive"


def test_a_changed_byte_is_a_table_or_a_refusal(make_workbook):
    path = make_workbook(orders)
    content = path.read_bytes()
    for position in range(0, len(content), 37):
        path.write_bytes(content[:position] + bytes([content[position] ^ 0x5A]) + content[position + 1 :])
        try:
            list(open_table(path).rows(lambda problem: None))
        except InvalidInput as error:
            assert error.code
