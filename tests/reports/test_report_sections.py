"""A section that fails is left out with its reason; every figure says where it comes from; two trend lines."""

import io
from datetime import date

import pytest
from pptx import Presentation

from goals.models import HealthMonth, Promise
from kam.integrations import jobs
from kam.integrations.models import Job
from kam.lib.errors import DomainError, InvalidInput
from reports import snapshot as snapshots
from reports.actions import create_report, skip_section
from reports.document import document
from reports.models import Report
from reports.origins import ORIGINS
from reports.pdf import report_pdf
from reports.sheets import report_xlsx
from reports.slides.presentation import report_pptx
from reports.snapshot import Order, build_snapshot
from reports.templates import TEMPLATES
from tests.factories import make_account, make_goal, make_offering, make_report, make_sales
from tests.reports.test_report_pdf import text_of

TODAY = date(2026, 6, 30)


def snapshot_of(account, template="progress", audience="internal", language="en"):
    return build_snapshot(Order(account, TODAY, audience, language, template))[0]


def test_an_account_that_never_ordered_is_not_said_to_order_as_before(account):
    sections = {part["code"]: part for part in snapshot_of(account)["parts"]}
    assert sections["change"]["message"] == "No order in the year before either"


# --- a section that fails --------------------------------------------------------------------------------


def broken(source):
    raise ZeroDivisionError("a figure nobody thought of")


@pytest.fixture
def failed(account, alice, monkeypatch):
    """A report whose section of offerings cannot be built."""
    with monkeypatch.context() as patch:
        patch.setitem(snapshots.FIGURES, "offerings", broken)
        report = create_report(Order(account, TODAY, "internal", "en"), by=alice)
        done = jobs.run(report.job_id)
        assert done.error["code"] == "section_failed"
    return Report.objects.select_related("job", "account").get()


def test_the_job_names_the_section_and_leaves_no_half_report(failed):
    assert (failed.job.state, failed.is_built, failed.snapshot) == (Job.State.FAILED, False, None)
    assert failed.job.error["params"] == {"name": "Offerings", "section": "offerings"}


def test_a_person_builds_it_without_the_section_and_says_why(failed, alice, sign_in):
    client = sign_in(alice)
    page = client.get(f"/reports/{failed.pk}/", headers={"Accept-Language": "en"}).content.decode()
    assert "Build it without" in page
    client.post(f"/reports/{failed.pk}/skip/", {"section": "offerings", "reason": "Prices are being moved"})
    report = Report.objects.get()
    assert jobs.run(report.job_id).state == Job.State.SUCCEEDED
    report.refresh_from_db()
    assert "offerings" not in report.sections
    last = document(report.snapshot).sections[-1]
    assert (last.code, last.grid.rows[0][1]) == ("left-out", "Prices are being moved")
    assert "Prices are being moved" in text_of(report_pdf(report.snapshot)).replace("\n", " ")


def test_the_reason_stands_in_slides_and_sheet(failed, alice):
    report = skip_section(failed, section="offerings", reason="Prices are being moved", by=alice)
    jobs.run(report.job_id)
    report.refresh_from_db()
    show = Presentation(io.BytesIO(report_pptx(report.snapshot)))
    texts = [
        cell.text
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    assert "Prices are being moved" in texts
    assert report_xlsx(report.snapshot).startswith(b"PK")


@pytest.mark.parametrize(
    ("section", "reason", "code"),
    [("offerings", " ", "no_reason"), ("nothing", "x", "unknown_section")],
)
def test_what_cannot_be_left_out(failed, alice, section, reason, code):
    with pytest.raises(InvalidInput) as refused:
        skip_section(failed, section=section, reason=reason, by=alice)
    assert refused.value.code == code


def test_the_last_section_and_a_built_report_stay(account, alice, failed):
    failed.sections = ["offerings"]
    with pytest.raises(InvalidInput):
        skip_section(failed, section="offerings", reason="x", by=alice)
    with pytest.raises(DomainError):
        skip_section(make_report(account), section="offerings", reason="x", by=alice)


def test_the_api_leaves_a_section_out(failed, alice, api):
    answer = api(alice).post(
        f"/api/v1/reports/{failed.pk}/skip/", {"section": "offerings", "reason": "x"}, format="json"
    )
    assert answer.status_code == 202
    assert api(alice).get(f"/api/v1/reports/{failed.pk}/").json()["skipped"] == {"offerings": "x"}


def test_what_a_message_needs_fails_the_section_it_is_for(account, alice, monkeypatch):
    monkeypatch.setitem(snapshots.FIGURES, "summary", broken)
    report = create_report(Order(account, TODAY, "internal", "en", sections=("revenue", "steps")), by=alice)
    assert jobs.run(report.job_id).error["params"]["section"] == "revenue"


# --- where figures come from -----------------------------------------------------------------------------


def test_every_section_of_every_template_has_words_for_its_source():
    assert {code for template in TEMPLATES.values() for code in template.sections} <= set(ORIGINS)


@pytest.mark.parametrize("template", ["progress", "quarterly", "kickoff"])
def test_every_section_and_figure_leads_to_its_rows(account, alice, template):
    make_sales(account, [("100", TODAY)], offering=make_offering())
    make_goal(account, owner=alice)
    shown = document(snapshot_of(account, template))
    for section in shown.sections:
        assert "30 Jun 2026" in section.origin
        assert section.source or section.code == "score"  # there is no run yet
        assert all(figure.source for figure in section.figures)
        assert all(goal.source for goal in section.goals)


def test_the_links_work(account, alice, sign_in):
    make_sales(account, [("100", TODAY)], offering=make_offering())
    client, seen = sign_in(alice), set()
    for template in ("progress", "quarterly", "kickoff"):
        for section in document(snapshot_of(account, template)).sections:
            seen |= {section.source, *(figure.source for figure in section.figures)}
    for address in seen - {""}:
        assert client.get(address).status_code == 200, address


def test_the_portfolio_leads_to_its_rows(dana):
    account = make_account("One")
    make_sales(account, [("100", TODAY)])
    shown = document(snapshot_of(None, "portfolio"))
    assert all(section.source and section.origin for section in shown.sections)
    movers = next(section for section in shown.sections if section.code == "movers")
    assert movers.grid.links == [f"/accounts/{account.pk}/"]


def test_a_customer_reads_the_words_and_gets_no_address(account):
    make_sales(account, [("100", TODAY)])
    shown = document(snapshot_of(account, audience="customer"))
    assert all(section.origin and not section.source for section in shown.sections)
    assert not any(figure.source for section in shown.sections for figure in section.figures)


@pytest.mark.parametrize(("language", "words"), [("en", "as of 30 Jun 2026"), ("de", "Stand 30.06.2026")])
def test_the_paper_has_one_footnote_for_each_source(account, language, words):
    make_sales(account, [("100", TODAY)])
    snapshot = snapshot_of(account, language=language)
    sources = {section.origin for section in document(snapshot).sections}
    text = " ".join(text_of(report_pdf(snapshot)).split())
    assert len(sources) >= 7 and all(words in source for source in sources)
    assert [text.count(" ".join(source.split())) for source in sources] == [1] * len(sources)


# --- revenue and relationship -----------------------------------------------------------------------------


def keep(account, *scores):
    for number, score in enumerate(scores, 1):
        values = {"completeness": 0.8, "inputs": {"trend": score, "contact": 90.0}}
        HealthMonth.objects.create(account=account, as_of=date(2026, number, 28), score=score, **values)


def relationship(account, audience="internal"):
    found = document(snapshot_of(account, audience=audience)).sections
    return next((section for section in found if section.code == "relationship"), None)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ((), "not known yet"),
        ((None,), "not known yet"),
        ((62.0,), "is 62 of 100"),
        ((72.0, 58.0), "fell from 72"),
        ((58.0, 72.0), "rose from 58"),
        ((58.2, 57.9), "is 58, as in"),
    ],
)
def test_the_message_says_how_the_relationship_went(account, scores, words):
    keep(account, *scores)
    assert words in relationship(account).title


def test_months_after_the_day_do_not_count(account):
    keep(account, 50.0, 60.0)
    HealthMonth.objects.create(account=account, as_of=date(2026, 7, 31), score=1, completeness=1)
    assert "rose from 50" in relationship(account).title


def test_a_red_relationship_says_what_to_begin_with(account):
    keep(account, 30.0)
    assert "Trend of revenue" in relationship(account).therefore


def test_it_never_leaves_the_house(account):
    keep(account, 72.0, 58.0)
    assert relationship(account, "customer") is None


def test_the_lines_are_a_native_chart_on_the_slides(account):
    keep(account, 72.0, 58.0, 61.0)
    show = Presentation(io.BytesIO(report_pptx(snapshot_of(account))))
    charts = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]
    [lines] = [chart for chart in charts if "LINE" in str(chart.chart_type)]
    assert list(lines.plots[0].series[0].values) == [72.0, 58.0, 61.0]


# --- promises first, a message each -----------------------------------------------------------------------


@pytest.mark.parametrize("template", ["progress", "quarterly"])
def test_open_promises_come_first(account, template):
    Promise.objects.create(account=account, text="Price list", promised_on=TODAY, due_on=TODAY)
    assert document(snapshot_of(account, template)).sections[0].code == "promises"


@pytest.mark.parametrize("template", ["progress", "quarterly", "kickoff", "portfolio"])
def test_every_section_has_a_message_even_of_an_empty_account(account, dana, template):
    about = None if template == "portfolio" else account
    assert all(section.title.strip() for section in document(snapshot_of(about, template)).sections)


# --- warnings in the leadership portfolio -------------------------------------------------------------------


def judged(count, score, *, lost, as_of=date(2026, 2, 28)):
    after = {"revenue_before": 100, "revenue_after": 50 if lost else 100}
    rows = [
        HealthMonth(account=make_account(), as_of=as_of, score=score, completeness=1, **after)
        for _number in range(count)
    ]
    HealthMonth.objects.bulk_create(rows)


def warnings():
    return next(s for s in document(snapshot_of(None, "portfolio")).sections if s.code == "warnings")


def test_leadership_reads_whether_the_warnings_were_right(dana):
    judged(14, 20, lost=True)
    judged(6, 20, lost=False)
    judged(7, 80, lost=True)
    found = warnings()
    assert found.title == "Of 21 accounts that lost revenue, 14 were red before"
    assert [figure.value for figure in found.figures][:2] == ["70%", "67%"]


def test_few_cases_are_counts_and_the_future_is_not_judged(dana):
    judged(2, 20, lost=True)
    judged(5, 20, lost=True, as_of=date(2026, 3, 31))
    assert [figure.value for figure in warnings().figures][:2] == ["2 of 2", "2 of 2"]


def test_without_a_judged_month_it_says_so(dana):
    assert warnings().title == "No warning can be judged yet"


def test_stacked_bars_are_a_native_chart_on_the_slides(dana):
    judged(3, 20, lost=True)
    show = Presentation(io.BytesIO(report_pptx(snapshot_of(None, "portfolio"))))
    charts = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]
    [bars] = [chart for chart in charts if "BAR_STACKED" in str(chart.chart_type)]
    assert [list(series.values) for series in bars.plots[0].series] == [[3.0], [0.0], [0.0]]
