"""The PDF of a report: names as typed, tagged, the same bytes for the same snapshot, and no internal word."""

import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from accounts.models import Task
from goals.models import Challenge, Measurement, Metric, Promise
from kam.lib.pdf import compile_pdf
from reports.models import Report
from reports.pdf import TEMPLATE, report_pdf
from reports.snapshot import Order, build_snapshot
from tests.factories import (
    make_account,
    make_contact,
    make_criterion,
    make_goal,
    make_model,
    make_rating,
    make_report,
    make_run,
    make_sales,
)

TODAY = date(2026, 6, 30)
CANARY = "Kanarienvogel"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def everything_in(package: bytes) -> str:
    """Return every part of an Office file, and of the sheets behind its charts, as text."""
    found = []
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            found.append(
                everything_in(content) if name.endswith(".xlsx") else content.decode("utf-8", "replace")
            )
    return "".join(found)


def pdf_of(account, audience="internal", language="de") -> bytes:
    return report_pdf(build_snapshot(Order(account, TODAY, audience, language))[0])


@pytest.fixture
def caged(account, alice):
    """An account where every internal text holds the canary, beside things the customer may read."""
    make_sales(account, [("400", date(2025, 5, 1)), ("600", date(2026, 5, 2))])
    metric = Metric.objects.create(account=account, name="Downtime")
    Measurement.objects.create(metric=metric, measured_on=date(2026, 6, 1), value=Decimal("2.4"))
    shown = {"metric": metric, "start_value": 4, "target_value": 3, "visibility": "shareable"}
    make_goal(
        account, "Weniger Stillstand", why=f"{CANARY} why", cause=f"{CANARY} cause", how=CANARY, **shown
    )
    make_goal(account, f"{CANARY} goal")
    words = {"promised_on": date(2026, 6, 1), "due_on": date(2026, 6, 20)}
    Promise.objects.create(
        account=account, text="Preisliste", contact=make_contact(account, note=CANARY), **words
    )
    Promise.objects.create(account=account, text=f"{CANARY} promise", visibility="internal", **words)
    Task.objects.create(account=account, title=f"{CANARY} task", reason=CANARY, assignee=alice)
    model = make_model(
        (make_criterion("c", name_de=f"{CANARY} criterion", name_en=f"{CANARY} criterion"), 1.0), name=CANARY
    )
    make_rating(account, model.items.get().criterion, alice, 8, note=CANARY)
    make_run(model, as_of=TODAY)
    return account


def test_the_canary_sings_in_the_internal_report(caged):
    assert CANARY in text_of(pdf_of(caged))


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_canary_is_silent_in_a_customers_report(caged, api, sign_in, dana, language):
    report = make_report(caged, audience="customer", language=language)
    pdf = PdfReader(report.pdf.open())
    outline = str(pdf.outline) + str(pdf.metadata)
    page = sign_in(dana).get(f"/reports/{report.pk}/").content.decode()
    answer = api(dana).get(f"/api/v1/reports/{report.pk}/").content.decode()
    cells = everything_in(api(dana).get(f"/api/v1/reports/{report.pk}/xlsx/").content)
    slides = everything_in(api(dana).get(f"/api/v1/reports/{report.pk}/pptx/").content)
    row = json.dumps(Report.objects.values("title", "snapshot", "hidden").get(pk=report.pk))
    for text in (
        report.pdf.open().read().decode("latin-1"),
        text_of(report.pdf.open().read()),
        outline,
        page,
        answer,
        cells,
        slides,
        row,
    ):
        assert CANARY not in text
    assert "Preisliste" in page
    assert "Preisliste" in slides
    assert "Weniger Stillstand" in text_of(report.pdf.open().read())


def test_a_customers_report_has_no_address_of_ours(caged):
    snapshot, _hidden = build_snapshot(Order(caged, TODAY, "customer", "de"))
    assert "/accounts/" not in json.dumps(snapshot)
    assert str(caged.pk) not in json.dumps(snapshot)


def test_a_later_report_for_the_customer_does_not_repeat_an_internal_one(caged):
    make_report(caged, as_of=date(2026, 6, 1))
    assert make_report(caged, audience="customer").previous is None


@pytest.mark.parametrize(
    "name", ["#set page()", "$x^2$", "a\\b", "<label> & Söhne", "*fett* _kursiv_", "@ref [x]"]
)
def test_it_shows_a_name_as_typed(db, name):
    account = make_account(name)
    make_sales(account, [("100", date(2026, 5, 1))])
    text = text_of(pdf_of(account)).replace("\n", " ")
    assert name in text


def test_it_shows_an_arabic_name(db):
    pdf = PdfReader(io.BytesIO(pdf_of(make_account("شركة النور"))))
    assert any("ش" in page.extract_text() or "ﺷ" in page.extract_text() for page in pdf.pages)


@pytest.mark.parametrize(("language", "words"), [("de", "Seite 1 von"), ("en", "Page 1 of")])
def test_it_is_tagged_counts_its_pages_and_has_bookmarks(caged, language, words):
    pdf = PdfReader(io.BytesIO(pdf_of(caged, language=language)))
    root = pdf.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, language)
    assert words in pdf.pages[0].extract_text()
    assert len(pdf.outline) >= 1


def tags_of(element):
    """Return (tag, alternative text) of every structure element below one."""
    element = element.get_object()
    if not isinstance(element, dict):
        return []
    children = element.get("/K", [])
    found = [(str(element.get("/S", "")), str(element.get("/Alt", "")))]
    for child in children if isinstance(children, list) else [children]:
        found += tags_of(child)
    return found


def test_its_tags_say_heading_table_and_what_a_drawing_shows(caged):
    pdf = PdfReader(io.BytesIO(pdf_of(caged)))
    root = pdf.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = tags_of(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= {tag for tag, _alternative in tags}
    assert all(alternative for tag, alternative in tags if tag == "/Figure")


def test_the_same_snapshot_gives_the_same_bytes(caged):
    assert pdf_of(caged) == pdf_of(caged)


def section(title, rows=0, goals=0, note=""):
    bar = {"note": "", "value": "", "actual": 0.5, "plan": 0.5, "state": "", "tone": ""}
    return {
        "title": title, "measure": "Measure", "figures": [], "chart": "", "note": note,
        "legend": [], "columns": [40, 0], "origin": "", "therefore": "",
        "header": ["Head", "Value"], "aligns": ["left", "right"],
        "rows": [[f"{title} row {row}.", "1"] for row in range(rows)],
        "goals": [{"title": f"{title} row {row}."} | bar for row in range(goals)],
    }  # fmt: skip


def pages_of(*sections, head="", names=()):
    words = ("title", "footer", "over", "frozen", "lead")
    data = {name: name for name in words} | {"language": "en", "messages": [], "signatures": list(names)}
    data |= {"goal-header": ["Head", "", head, ""], "sections": sections}
    return [page.extract_text() for page in PdfReader(io.BytesIO(compile_pdf(TEMPLATE, data))).pages]


@pytest.mark.parametrize("above", range(18, 32, 2))
@pytest.mark.parametrize("kind", ["rows", "goals"])
def test_a_short_table_stays_together_with_its_heading_and_its_note(above, kind):
    pages = pages_of(section("Above", above), section("Short", note="Note of it", **{kind: 6}))
    wanted = ["Short\n", "Note of it", *[f"Short row {row}." for row in range(6)]]
    assert [[word in page for word in wanted].count(True) for page in pages if "Short" in page] == [8]


@pytest.mark.parametrize("above", range(18, 34, 2))
def test_a_long_table_repeats_its_head_and_does_not_begin_with_a_single_row(above):
    pages = [page for page in pages_of(section("Above", above), section("Long", 70)) if "Long row" in page]
    assert len(pages) > 1
    assert all("Head" in page.split("Long row")[0] for page in pages)
    assert "Measure" in pages[0] and pages[0].count("Long row") >= 3


def test_a_section_of_more_than_a_page_is_complete():
    text = "".join(pages_of(section("Long", 150, goals=60)))
    assert all(text.count(f"Long row {row}.") == (2 if row < 60 else 1) for row in range(150))


def test_texts_share_the_width_and_none_is_squeezed_by_the_others(account):
    texts = {
        "solution": "Replaced and watched by a sensor " * 2,
        "result": "Damage is seen two weeks before " * 2,
    }
    Challenge.objects.create(account=account, title="Spindle failures", raised_on=date(2026, 5, 1), **texts)
    pdf = report_pdf(build_snapshot(Order(account, TODAY, "internal", "en", "quarterly"))[0])
    assert "Spindle failures" in text_of(pdf)


def test_two_series_have_a_legend(caged):
    before = text_of(pdf_of(caged, language="en")).split("Previous year")
    assert len(before) == 3  # of the columns and of the offerings


def test_goals_without_figures_have_no_empty_column():
    bare = section("Goals", goals=1)
    assert "Actual" not in pages_of(bare, head="Actual")[0]
    bare["goals"][0]["value"] = "1 / 2"
    assert "Actual" in pages_of(bare, head="Actual")[0]


@pytest.mark.parametrize("above", range(14, 30, 2))
def test_signatures_stand_below_the_last_section_and_never_alone(above):
    last = pages_of(section("Above", above), section("Last", 5), names=["For Voltaik"])[-1]
    assert "For Voltaik" in last and "Last row 4." in last


@pytest.mark.parametrize("above", range(16, 24, 2))
def test_a_table_of_a_third_of_a_page_fills_the_page_before_it(above):
    pages = pages_of(section("Above", above), section("Long", 16))
    assert "Long\n" in pages[0] and "Long row 2." in pages[0] and "Long row 15." in pages[1]


def test_sources_that_are_the_same_stand_once_and_others_each_for_themselves():
    read = ["Sales lines", "Plan", "Sales lines", "", "Sales lines"]
    parts = [section(f"Part {at}", 2) | {"origin": origin} for at, origin in enumerate(read)]
    text = "".join(pages_of(*parts))
    assert [text.count(words) for words in ("Sales lines", "Plan")] == [1, 1]
