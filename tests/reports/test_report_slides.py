"""The slides of a report: one message each, charts people can edit, equal bytes, and nothing of ours in them."""

import io
import zipfile
from datetime import date

import pptx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx.enum.chart import XL_CHART_TYPE

from kam.lib.charting import Frame, Measure, Plot
from kam.lib.charts import bars
from reports.blocks import Figure, GoalLine, Grid, Section
from reports.slides.charts import levels, number_format
from reports.slides.deck import LINE, ROOM, _slides, deck, lines_of, pages_of, shares
from reports.slides.presentation import report_pptx
from reports.snapshot import Order, build_snapshot
from tests.factories import make_account, make_goal, make_offering, make_report, make_sales

TODAY = date(2026, 6, 30)
EMU_PER_POINT = 12_700


@pytest.fixture
def voltaik(account):
    press, care = make_offering(name="Press"), make_offering(name="Care")
    make_sales(account, [("400", date(2024, 8, 1)), ("600", date(2025, 2, 3))], offering=press)
    make_sales(account, [("900", date(2025, 9, 1)), ("-100", date(2026, 5, 9))], offering=care)
    make_goal(account, "Less downtime", visibility="shareable")
    return account


def snapshot_of(account, audience="internal", language="en", as_of=TODAY):
    return build_snapshot(Order(account, as_of, audience, language))[0]


def show_of(account, **values):
    return pptx.Presentation(io.BytesIO(report_pptx(snapshot_of(account, **values))))


def charts_of(show):
    return [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]


def texts_of(show):
    frames = [shape.text_frame for slide in show.slides for shape in slide.shapes if shape.has_text_frame]
    return [frame.text for frame in frames]


def test_every_slide_has_its_message_as_title_and_names_source_and_day(voltaik):
    show = show_of(voltaik)
    titles = [slide.shapes.title.text for slide in show.slides]
    assert titles[0].startswith("Müller Maschinenbau GmbH: Revenue is")
    assert all(titles)
    assert sum("as of 30 Jun 2026 · internal" in text for text in texts_of(show)) == len(titles)


def test_it_is_sixteen_by_nine(voltaik):
    show = show_of(voltaik)
    assert show.slide_width * 9 == show.slide_height * 16


def test_its_charts_are_native_and_hold_the_figures(voltaik):
    columns, bridge, offerings = charts_of(show_of(voltaik))
    assert columns.chart_type == XL_CHART_TYPE.COLUMN_CLUSTERED
    assert {series.name: series.values[-1] for series in columns.plots[0].series} == {
        "Previous year": 0.0,
        "Actual": -100.0,
    }
    assert bridge.plots[0].categories[0] == "Year before"
    assert list(offerings.plots[0].categories) == ["Care", "Press"]
    assert zipfile.is_zipfile(io.BytesIO(columns.part.chart_workbook.xlsx_part.blob))


def test_a_chart_is_described_to_those_who_do_not_see_it(voltaik):
    frames = [shape for slide in show_of(voltaik).slides for shape in slide.shapes if shape.has_chart]
    assert all(frame._element.nvGraphicFramePr.cNvPr.get("descr") for frame in frames)


@pytest.mark.parametrize(("language", "words"), [("de", "Das Wichtigste"), ("en", "The most important")])
def test_it_is_in_the_language_of_the_report(voltaik, language, words):
    show = show_of(voltaik, language=language)
    assert show.core_properties.language == language
    assert words in texts_of(show)


def test_the_same_snapshot_gives_the_same_bytes_whenever(voltaik, time_machine):
    snapshot = snapshot_of(voltaik)
    time_machine.move_to("2026-07-01 08:00")
    first = report_pptx(snapshot)
    time_machine.move_to("2031-02-03 04:05")
    assert report_pptx(snapshot) == first


@pytest.mark.parametrize(
    "name",
    ["#set page()", "$x^2$", "a\\b", "<label> & Söhne", "=1+1", "شركة النور", "A &amp; {{ b }} %s"],
)
def test_it_shows_a_name_as_typed(db, name):
    account = make_account(name)
    make_sales(account, [("100", date(2026, 5, 1))], offering=make_offering(name=f"Offering {name}"))
    show = show_of(account)
    assert show.slides[0].shapes.title.text.startswith(f"{name}: ")
    assert f"Offering {name}" in charts_of(show)[-1].plots[0].categories


def test_no_text_behind_a_chart_is_a_formula(db):
    account = make_account("Formula")
    make_sales(account, [("100", date(2026, 5, 1))], offering=make_offering(name="=HYPERLINK(1)"))
    book = charts_of(show_of(account))[-1].part.chart_workbook.xlsx_part.blob
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


@pytest.mark.parametrize("audience", ["internal", "customer"])
def test_an_account_without_anything_has_slides_too(account, audience):
    assert len(show_of(account, audience=audience).slides) > 5


def test_nothing_leaves_the_slide(voltaik):
    for number in range(30):
        make_goal(voltaik, f"{number} " + "Very long goal " * 12)
    show = show_of(voltaik)
    for slide in show.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width
            assert shape.top + shape.height <= show.slide_height


def test_the_file_tells_nothing_of_its_making(voltaik):
    package = zipfile.ZipFile(io.BytesIO(report_pptx(snapshot_of(voltaik, audience="customer"))))
    properties = b"".join(package.read(name) for name in package.namelist() if name.startswith("docProps"))
    assert b"python-pptx" not in properties
    assert b"Macintosh" not in properties
    assert not [name for name in package.namelist() if "thumbnail" in name or "printer" in name.lower()]


@given(st.lists(st.lists(st.text(max_size=150), min_size=3, max_size=3), max_size=40))
def test_a_table_is_split_without_losing_a_row(rows):
    grid = Grid(["A", "B", "C"], rows)
    pages = pages_of(grid) if rows else []
    assert [row for page in pages for row in page.rows] == rows
    widths = shares(grid)
    assert all(sum(lines_of(row, widths) for row in page.rows) <= ROOM for page in pages)


def test_no_date_is_broken_for_a_long_text_beside_it():
    grid = Grid(["What", "Why", "Until"], [["long words " * 30, "more of them " * 30, "18.05.2027"]], texts=1)
    assert shares(grid)[2] * LINE > len("18.05.2027") + 1


def test_a_text_longer_than_a_slide_goes_on_in_the_next_one():
    words = [f"word{number}" for number in range(400)]
    pages = pages_of(Grid(["Question", "Answer"], [["Why", " ".join(words)]], texts=1))
    assert len(pages) > 1
    assert " ".join(row[1] for page in pages for row in page.rows).split() == words


def test_what_follows_stands_on_the_last_slide_of_a_section():
    section = Section(
        "x", "Message", figures=[Figure("a", "1")], grid=Grid(["A"], [["b"]] * 20), therefore="Do it"
    )
    slides = _slides(section)
    assert [slide.therefore for slide in slides] == ["", "", "Do it"]
    assert [slide.part for slide in slides] == ["1/3", "2/3", "3/3"]


def test_a_short_table_stands_below_its_figures():
    assert [
        slide.kind
        for slide in _slides(Section("x", "M", figures=[Figure("a", "1")], grid=Grid(["A"], [["b"]])))
    ] == ["figures"]


def test_many_goals_take_more_than_one_slide():
    goal = GoalLine("Goal", "who", "", 0.5, 0.5, "on track", "pos")
    assert [len(slide.goals) for slide in _slides(Section("goals", "M", goals=[goal] * 9))] == [6, 3]


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=6), st.integers(0, 5000))
def test_the_levels_of_a_bridge_meet(steps, start):
    end = start + sum(steps)
    rows = list(levels([float(start), *map(float, steps), float(end)]))
    assert (rows[0][2], rows[-1][2]) == (start, end)
    at = start
    for step, (kind, low, height) in zip(steps, rows[1:-1], strict=True):
        if min(at, at + step) >= 0:
            assert {low, low + height} == {float(at), float(at + step)}
        assert kind == ("up" if step >= 0 else "down")
        at += step


@pytest.mark.parametrize(
    ("amount", "language", "expected"),
    [(999, "en", '"€"#,##0""'), (20_000, "en", '"€"#,##0,"k"'), (20_000, "de", '#,##0,"\u00a0Tsd.\u00a0€"')],
)
def test_amounts_are_written_in_their_unit(settings, amount, language, expected):
    from django.utils.translation import override

    with override(language):
        assert number_format(Plot("bars", ["a"], [("Actual", [amount])], Measure("money"))) == expected


def test_the_deck_reads_nothing_but_the_snapshot(voltaik, django_assert_num_queries):
    snapshot = snapshot_of(voltaik)
    with django_assert_num_queries(0):
        deck(snapshot)
        report_pptx(snapshot)


def test_page_and_api_hand_out_the_slides(sign_in, api, alice, account):
    report = make_report(account)
    for answer in (
        sign_in(alice).get(f"/reports/{report.pk}/pptx/"),
        api(alice).get(f"/api/v1/reports/{report.pk}/pptx/"),
    ):
        assert answer.status_code == 200
        assert answer["Content-Disposition"].endswith('.pptx"')
        assert pptx.Presentation(io.BytesIO(answer.content)).slides


def test_figures_stand_above_their_chart_on_one_slide():
    chart = bars(Frame("M"), [("A", 1, None)])
    section = Section("x", "M", figures=[Figure("Share", "81 %")], chart=chart)
    (slide,) = _slides(section)
    assert (slide.kind, slide.part) == ("chart", "")
    assert "Share: 81 %" in slide.notes


def test_an_amount_and_its_unit_are_one_word_to_the_width_of_a_column():
    grid = Grid(["Name", "Amount"], [["N" * 90, "+15.301\u00a0€"]])
    assert shares(grid)[1] * LINE >= len("+15.301 €")
