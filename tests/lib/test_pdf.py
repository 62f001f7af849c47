"""PDFs carry data as typed, are tagged, and are the same bytes for the same snapshot."""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from kam.lib.pdf import PdfError, UnprintableError, compile_pdf

SNAPSHOT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
TEMPLATE = """#import "house.typ": *
#let data = json("data.json")
#show: sheet.with(data)
= #data.title
#data.name
#figures(data.header, data.rows)
#if "svg" in data { chart(data.svg, "Drei Accounts bringen die Hälfte", subtitle: "Umsatz in €") }
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "letter.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def data(**overrides):
    figures = {
        "title": "Bericht",
        "name": "Voltaik",
        "header": ["Name", "€"],
        "rows": [["A", Decimal("1.50")]],
    }
    return {**figures, **overrides}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    "name",
    ["#set page()", "$x^2$", "a\\b", "<label>", "*fett* _kursiv_", "@ref", "Müller & Söhne", '[x] "y"'],
)
def test_it_shows_a_name_as_typed(template, name):
    assert name in text_of(compile_pdf(template, data(name=name), created_at=SNAPSHOT))


def test_it_has_a_face_for_arabic_and_cyrillic(template):
    pdf = PdfReader(io.BytesIO(compile_pdf(template, data(name="شركة Газ"), created_at=SNAPSHOT)))

    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("DejaVuSans" in font for font in fonts)
    assert "Газ" in pdf.pages[0].extract_text()


def test_it_is_the_same_bytes_for_the_same_snapshot(template):
    assert compile_pdf(template, data(), created_at=SNAPSHOT) == compile_pdf(
        template, data(), created_at=SNAPSHOT
    )


def test_it_is_tagged_with_title_and_language(template):
    root = PdfReader(io.BytesIO(compile_pdf(template, data(), created_at=SNAPSHOT))).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert "/StructTreeRoot" in root


def test_it_repeats_the_head_of_a_long_table(template):
    rows = [[f"Account {n}", str(n)] for n in range(120)]
    pages = PdfReader(io.BytesIO(compile_pdf(template, data(rows=rows), created_at=SNAPSHOT))).pages

    assert len(pages) > 2
    assert all("Name" in page.extract_text() for page in pages)
    assert "Seite 2 von" in pages[1].extract_text()


def test_it_places_a_chart(template):
    drawing = '<rect width="60" height="20" fill="#3046C2"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40">{drawing}</svg>'

    pdf = compile_pdf(template, data(svg="chart.svg"), files={"chart.svg": svg}, created_at=SNAPSHOT)

    assert "Drei Accounts bringen die Hälfte" in text_of(pdf)


@pytest.mark.parametrize("name", ["../evil.svg", "/etc/passwd", ".hidden", "a/b.svg"])
def test_a_file_beside_the_template_has_a_plain_name(template, name):
    with pytest.raises(ValueError, match="plain file name"):
        compile_pdf(template, data(), files={name: "x"})


def test_a_template_reaches_nothing_outside_its_folder(tmp_path):
    template = tmp_path / "thief.typ"
    template.write_text('#read("/etc/hostname")#read("../../etc/hostname")')

    with pytest.raises(PdfError, match=r"thief\.typ"):
        compile_pdf(template, data())


@pytest.mark.parametrize(
    ("name", "shown"), [("株式会社 AG", "□□□□ AG"), ("😀 \ue000＂", "□ □□"), ("ＡＢ\uff11", "AB1")]
)
def test_what_no_face_has_becomes_what_a_face_has(template, name, shown):
    assert shown in text_of(compile_pdf(template, data(name=name), created_at=SNAPSHOT))


def test_what_no_face_has_is_replaced_in_drawings_too(template):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="9"><text y="8">日</text></svg>'
    assert compile_pdf(template, data(svg="chart.svg"), files={"chart.svg": svg}, created_at=SNAPSHOT)


def test_a_text_that_has_to_stand_as_it_is_is_refused(template):
    with pytest.raises(UnprintableError):
        compile_pdf(template, data(name="AG 日"), exactly=["AG 日"], created_at=SNAPSHOT)
    assert compile_pdf(template, data(name="AG 日"), exactly=["AG"], created_at=SNAPSHOT)


def test_letters_that_break_the_compiler_are_replaced(template):
    name = "\u08c1 \u08d4 " * 40
    assert "Voltaik" in text_of(compile_pdf(template, data(name=f"Voltaik {name}"), created_at=SNAPSHOT))
