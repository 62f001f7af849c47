import gzip
import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kam.lib.errors import InvalidInput
from kam.lib.tabular.limits import Limits
from kam.lib.tabular.reader import open_table
from kam.lib.tabular.textfile import lines_of

TEXT = "Kunde;Ort;Betrag\nMüller GmbH;Köln;1.234,56\nStraßenbau AG;Görlitz;12,50\n"
ROWS = [(2, ["Müller GmbH", "Köln", "1.234,56"]), (3, ["Straßenbau AG", "Görlitz", "12,50"])]


def refusal(path, **options):
    with pytest.raises(InvalidInput) as error:
        list(open_table(path, **options).rows())
    assert str(error.value)
    return error.value.code


def read(path, **options):
    problems = []
    table = open_table(path, **options)
    return table, list(table.rows(problems.append)), problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_it_reads_every_usual_encoding(make_file, encoding):
    table = open_table(make_file(TEXT, encoding=encoding))
    assert table.encoding == encoding
    assert table.header == ["Kunde", "Ort", "Betrag"]
    assert list(table.rows()) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_finds_the_delimiter(make_file, delimiter):
    text = 'Name,Note,Amount\n"Smith; Sons","a|b",1\n"Miller","c, d",2\n'.replace(",", delimiter)
    table, rows, _ = read(make_file(text))
    assert table.delimiter == delimiter
    assert [len(cells) for _, cells in rows] == [3, 3]


def test_decimal_commas_do_not_pass_for_delimiters(make_file):
    table, rows, _ = read(make_file("a;b\n1,5;2,5\n3,5;4,5\n"))
    assert (table.delimiter, rows[0]) == (";", (2, ["1,5", "2,5"]))


def test_it_guesses_the_decimal_sign(make_file):
    assert open_table(make_file(TEXT)).decimal == (",", False)
    assert open_table(make_file("a,b\nx,1.5\n")).decimal == (".", False)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_reads_every_line_end(make_file, end):
    assert list(open_table(make_file(TEXT.replace("\n", end))).rows()) == ROWS


def test_a_quoted_line_break_stays_in_its_cell(make_file):
    _, rows, _ = read(make_file('a,b\n"x\ny",1\nz\u2028z,2\n'))
    assert rows == [(2, ["x\ny", "1"]), (3, ["z\u2028z", "2"])]


def test_empty_rows_count_but_are_passed_over(make_file):
    _, rows, problems = read(make_file("a,b\n1,2\n\n,\n3,4\n"))
    assert rows == [(2, ["1", "2"]), (5, ["3", "4"])]
    assert not problems


def test_it_reads_gzip_by_content(make_file):
    table = open_table(make_file(gzip.compress(TEXT.encode()), name="table.csv"))
    assert table.packed
    assert list(table.rows()) == ROWS


def test_the_line_that_excel_writes_for_itself_names_the_delimiter(make_file):
    table, rows, _ = read(make_file("sep=;\nName;Betrag\nA, B;1\n"))
    assert (table.delimiter, table.header, rows) == (";", ["Name", "Betrag"], [(3, ["A, B", "1"])])


def test_empty_and_repeated_names_of_columns_become_unique(make_file):
    table = open_table(make_file("Name,,Betrag,betrag\nx,y,1,2\n"))
    assert table.header == ["Name", "B", "Betrag", "betrag (2)"]


def test_title_lines_above_the_header_are_passed_over(make_file):
    table, rows, _ = read(make_file("Umsatz 2024\n\nKunde;Ort;Betrag\nA;B;1\nC;D;2\n"))
    assert table.header == ["Kunde", "Ort", "Betrag"]
    assert rows == [(4, ["A", "B", "1"]), (5, ["C", "D", "2"])]


def test_a_table_without_header_gets_letters_and_loses_no_row(make_file):
    table, rows, _ = read(make_file("536365;85123A;6;2010-12-01\n536366;71053;2;2010-12-02\n"))
    assert table.header == ["A", "B", "C", "D"]
    assert [number for number, _ in rows] == [1, 2]


def test_years_may_be_names_of_columns(make_file):
    assert open_table(make_file("Kunde;2023;2024\nA;1;2\n")).header == ["Kunde", "2023", "2024"]


def test_rows_that_do_not_fit_are_problems_with_number_and_cells(make_file):
    _, rows, problems = read(make_file("a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n4,5,6\n"))
    assert [number for number, _ in rows] == [2, 5, 6]
    assert [(p.row_number, p.code, len(p.values)) for p in problems] == [
        (3, "too_few_cells", 2),
        (4, "too_many_cells", 4),
    ]
    assert "4" in str(problems[1])


def test_a_quote_that_is_never_closed_is_a_problem_of_its_row(make_file):
    text = "a,b\n1,2\n" + '3,"x\n' + "4,5\n" * 200
    _, rows, problems = read(make_file(text))
    assert rows == [(2, ["1", "2"])]
    assert [(p.row_number, p.code) for p in problems] == [(3, "open_quote")]


def test_a_quote_far_down_in_the_file_is_a_problem_of_its_row_as_well(make_file):
    text = "a,b\n" + "1,2\n" * 2500 + '3,"' + "x\n" * 150 + '"\n' + "4,5\n"
    _, rows, problems = read(make_file(text))
    assert (len(rows), rows[-1]) == (2501, (2503, ["4", "5"]))
    assert [(p.row_number, p.code, p.params) for p in problems] == [(2502, "open_quote", {"lines": 151})]


def test_a_cell_that_is_too_long_is_named_by_its_row(make_file):
    path = make_file(b"a,b\n" + b"1,2\n" * 1500 + b'3,"' + b"x" * 200_000 + b'"\n')
    with pytest.raises(InvalidInput) as refusal:
        list(open_table(path).rows())
    assert (refusal.value.code, refusal.value.params["row"]) == ("field_too_long", 1502)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("text", ["", "a", "a\rb\r\nc\n\n\rd\r", "\r\n" * 4, "ab\rcd\re", "a\u2028b\x0bc\n"])
def test_lines_end_where_the_stream_ends_them(monkeypatch, size, text):
    monkeypatch.setattr("kam.lib.tabular.textfile.CHARACTERS", size)
    assert list(lines_of(io.StringIO(text, newline=""))) == list(io.StringIO(text, newline=""))


def test_without_a_collector_a_bad_row_refuses_the_file(make_file):
    assert refusal(make_file("a,b\n1\n")) == "too_few_cells"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "binary_file"),
        (b"%PDF-1.7\nabc;def\n", "binary_file"),
        (random.Random(1).randbytes(5000), "binary_file"),
        (b"a;b\n1;x\x00y\n" + b"2;z\n" * 900, "nul_bytes"),
        (b"a;b\n" + b"1;2\n" * 400_000 + b"3;\x00\n", "nul_bytes"),
        (b"a;b\n\xc3\xbc;1\n\xfc;2\n", "unreadable_encoding"),
        (b"a;b\n\x81;1\n", "unreadable_encoding"),
        (b"a;b\n1;\xc3\xbc\n2;\xc3", "unreadable_encoding"),
        ("a;b\n1;2".encode("utf-16") + b"\x00", "unreadable_encoding"),
        (b"just a line\nand another\n", "no_delimiter"),
        (b"Betrag\n1,5\n2,5\n", "no_delimiter"),
        (b";;;\n;;;\n", "no_rows"),
        (b",".join(b"c%d" % i for i in range(10_000)) + b"\n" + b"1," * 9_999 + b"1\n", "too_many_columns"),
        (b'a,b\n1,2\n3,"' + b"x" * 200_000 + b'"\n', "field_too_long"),
        (b"a,b," + b"x" * 5_000_000, "line_too_long"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_excel"),
        (b"\x1f\x8b\x08\x00broken", "damaged_archive"),
        (gzip.compress(b"a;b\n" + bytes(range(32, 127)) * 500)[:-20], "damaged_archive"),
        (gzip.compress(b"PK\x03\x04" + bytes(range(256)) * 9), "binary_file"),
        (b"PK\x03\x04" + b"rubbish" * 50, "damaged_archive"),
    ],
)
def test_it_refuses_what_is_no_table(make_file, content, code):
    assert refusal(make_file(content)) == code


def test_a_gzip_bomb_is_refused_by_its_ratio(make_file):
    bomb = gzip.compress(b"a;b\n" + b"1;2\n" * 8_000_000)
    assert refusal(make_file(bomb)) == "packed_bomb"


def test_a_file_beyond_the_limit_is_refused_without_reading(make_file):
    path = make_file("a;b\n")
    with path.open("r+b") as stream:
        stream.truncate(2_000_000_001)
    assert refusal(path) == "file_too_large"


def test_a_packed_file_beyond_the_limit_is_refused(make_file):
    path = make_file(gzip.compress(b"a;b\n" + b"1;2\n" * 1000))
    assert refusal(path, limits=Limits(file_bytes=2000)) == "file_too_large"


def test_the_caller_may_know_better(make_file):
    path = make_file("a,b;c\nä,1;2\n", encoding="cp1252")
    table = open_table(path, encoding="cp1252", delimiter=",", has_header=False)
    assert list(table.rows()) == [(1, ["a", "b;c"]), (2, ["ä", "1;2"])]
    assert refusal(path, encoding="bz2_codec") == "unknown_encoding"
    assert refusal(path, encoding="utf-8") == "unreadable_encoding"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_refusal(make_file, content):
    try:
        _, rows, _ = read(make_file(content))
    except InvalidInput as error:
        assert error.code
    else:
        assert all(isinstance(number, int) for number, _ in rows)
