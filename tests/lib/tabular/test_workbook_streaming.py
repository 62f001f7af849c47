"""A sheet is read in pieces: what is held does not grow with it, and every kind of cell keeps its meaning."""

import gc
import tracemalloc
from collections import deque
from pathlib import Path

import pytest

from kam.lib.tabular.cellformats import Meaning, as_text, meanings
from kam.lib.tabular.reader import Table, open_table
from tests.lib.tabular.test_workbook import refusal, repacked, with_sheet_data

HEAD = b'<row><c t="inlineStr"><is><t>A</t></is></c><c t="inlineStr"><is><t>B</t></is></c></row>'


def cells_of(make_workbook, data: bytes) -> list[tuple[int, list[str]]]:
    path = with_sheet_data(make_workbook(lambda book: book.add_worksheet().write(0, 0, "x")), HEAD + data)
    return list(open_table(path).rows())


def peak_of_reading(table: Table) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        deque(table.rows(), maxlen=0)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_the_rows_need_no_more_memory(make_workbook, monkeypatch) -> None:
    monkeypatch.setattr("kam.lib.tabular.sharedtexts.REMEMBERED", 100)

    def table_of(rows: int) -> Table:
        def fill(book):
            sheet = book.add_worksheet()
            for number in range(rows):
                sheet.write_row(number, 0, [f"Order {number}", "Köln", number % 50])

        return open_table(make_workbook(fill, f"{rows}.xlsx"))

    once = peak_of_reading(table_of(2_000))
    assert peak_of_reading(table_of(8_000)) < 1.5 * once


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<row><c><v>1.50</v></c><c><v>0.1</v></c></row>", ["1.5", "0.1"]),
        (b'<row><c t="b"><v>1</v></c><c t="str"><f>A1</f><v>x_x000D_y</v></c></row>', ["TRUE", "x\ry"]),
        # No database takes NUL or half a character; two halves are one.
        (
            b'<row><c t="str"><v>a_x0000_b_xD800_c</v></c><c t="str"><v>_xD83D__xDE00_</v></c></row>',
            ["abc", "😀"],
        ),
        (b'<row><c t="d"><v>2026-03-01T08:00:00Z</v></c><c/></row>', ["2026-03-01 08:00:00", ""]),
        (b'<row r="2"><c r="B2"><v>7</v></c></row>', ["", "7"]),
        (
            b'<row><c t="inlineStr"><is><r><t>K\xc3\xb6</t></r><r><t>ln</t></r><rPh><t>?</t></rPh></is></c><c/></row>',
            ["Köln", ""],
        ),
    ],
)
def test_it_reads_every_kind_of_cell(make_workbook, data: bytes, expected: list[str]) -> None:
    assert cells_of(make_workbook, data)[0][1] == expected


@pytest.mark.parametrize(
    "data",
    [
        b'<row r="3"><c/></row><row r="2"><c/></row>',
        b'<row r="9999999"><c/></row>',
        b'<row><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        b'<row><c t="s"><v>999</v></c></row>',
        b'<row><c t="s"><v>x</v></c></row>',
        b"<row><c></row>",
    ],
)
def test_a_sheet_that_cannot_be_trusted_is_refused(make_workbook, data: bytes) -> None:
    path = with_sheet_data(make_workbook(lambda book: book.add_worksheet().write(0, 0, "x")), HEAD + data)
    assert refusal(path) in ("damaged_archive", "sheet_too_sparse")


def test_a_document_type_in_a_sheet_is_refused(make_workbook) -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    path: Path = repacked(
        make_workbook(lambda book: book.add_worksheet().write(0, 0, "x")),
        lambda name, content: content.replace(b"<worksheet", doctype, 1),
    )
    assert refusal(path) == "damaged_archive"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("General", Meaning.NUMBER),
        ("0.00", Meaning.NUMBER),
        ('#,##0.00\\ "Stück"', Meaning.NUMBER),
        ("[Red]-0.00;[Blue]0", Meaning.NUMBER),
        ("dd.mm.yyyy", Meaning.MOMENT),
        ("[$-407]d. mmmm yyyy", Meaning.MOMENT),
        ("hh:mm", Meaning.MOMENT),
        ("[h]:mm:ss", Meaning.DURATION),
    ],
)
def test_a_format_says_what_a_number_means(code: str, meaning: Meaning) -> None:
    assert meanings([{"numFmtId": "164"}], [{"numFmtId": "164", "formatCode": code}]) == [meaning]


@pytest.mark.parametrize(
    ("text", "meaning", "since_1904", "expected"),
    [
        ("40513.351388888892", Meaning.MOMENT, False, "2010-12-01 08:26:00"),
        ("59", Meaning.MOMENT, False, "1900-02-28"),
        ("61", Meaning.MOMENT, False, "1900-03-01"),
        ("0", Meaning.MOMENT, True, "00:00:00"),
        ("1462", Meaning.MOMENT, True, "1908-01-02"),
        ("0.5", Meaning.MOMENT, False, "12:00:00"),
        ("1.5", Meaning.DURATION, False, "1 day, 12:00:00"),
        ("0.30000000000000004", Meaning.NUMBER, False, "0.3"),
        ("1E+20", Meaning.NUMBER, False, "1e+20"),
        ("007", Meaning.NUMBER, False, "7"),
    ],
)
def test_a_stored_number_becomes_a_text(text: str, meaning: Meaning, since_1904: bool, expected: str) -> None:
    assert as_text(text, meaning, since_1904) == expected
