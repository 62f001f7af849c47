"""Reports over the API and by command."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from kam.integrations import jobs
from reports.models import Report
from tests.factories import make_account, make_report, make_sales

URL = "/api/v1/reports/"


@pytest.fixture
def ordered(account):
    return {
        "account": str(account.pk),
        "template": "progress",
        "audience": "internal",
        "as_of": "2026-06-30",
        "language": "en",
    }


def test_it_orders_a_report_and_names_its_job(api, alice, ordered):
    answer = api(alice).post(URL, ordered)
    report = Report.objects.get()
    assert answer.status_code == 202
    assert answer.json() == {"id": str(report.pk), "job": str(report.job_id)}
    assert answer["Location"] == f"/api/v1/jobs/{report.job_id}/"


def test_the_pdf_is_there_when_the_job_is_done(api, alice, ordered):
    caller = api(alice)
    started = caller.post(URL, ordered).json()
    pdf = f"{URL}{started['id']}/pdf/"
    assert (caller.get(pdf).status_code, caller.get(pdf).json()["code"]) == (409, "report_not_ready")
    jobs.run(started["job"])
    answer = caller.get(pdf)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages


def test_it_shows_the_frozen_figures(api, bob, account):
    report = make_report(account)
    found = api(bob).get(f"{URL}{report.pk}/").json()
    assert (found["digest"], found["snapshot"]["name"]) == (report.snapshot_digest, account.display_name)


def test_an_outsider_finds_no_report(api, charlie, account):
    report = make_report(account)
    assert [api(charlie).get(f"{URL}{report.pk}/{end}").status_code for end in ("", "pdf/", "xlsx/")] == [
        404
    ] * 3
    assert api(charlie).get(URL).json()["results"] == []


def test_a_viewer_orders_none(api, rita, ordered):
    assert api(rita).post(URL, ordered).status_code == 403


def test_an_account_one_does_not_see_does_not_exist(api, charlie, ordered):
    assert api(charlie).post(URL, ordered).status_code in (400, 422)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"language": "fr"}, {"audience": "all"}, {"as_of": "soon"}, {"as_of": "2999-01-01"}, {"x": 1}]
)
def test_it_says_what_is_wrong(api, alice, ordered, wrong):
    answer = api(alice).post(URL, ordered | wrong)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("reports", [1, 4])
def test_the_list_takes_the_same_number_of_queries(api, dana, account, reports, django_assert_num_queries):
    for _number in range(reports):
        make_report(account)
    caller = api(dana)
    caller.get(URL)
    with django_assert_num_queries(2):
        assert len(caller.get(URL).json()["results"]) == reports


@pytest.mark.parametrize("by", ["id", "external_id", "name"])
def test_the_command_writes_a_pdf(tmp_path, db, by):
    account = make_account("Voltaik GmbH", external_id="K-17")
    make_sales(account, [("500", date(2026, 6, 1))])
    wanted = {"id": str(account.pk), "external_id": "K-17", "name": "Voltaik GmbH"}[by]
    out = tmp_path / "report.pdf"
    answer = io.StringIO()
    call_command("build_report", wanted, as_of="2026-06-30", lang="en", out=out, json=True, stdout=answer)
    assert "Voltaik GmbH" in PdfReader(out).pages[0].extract_text()
    assert json.loads(answer.getvalue())["report"] == str(Report.objects.get().pk)


def test_the_command_lists_what_an_ambiguous_name_may_mean(tmp_path, db):
    first, second = make_account("Twin GmbH", city="Köln"), make_account("Twin GmbH", city="Bonn")
    with pytest.raises(CommandError) as refused:
        call_command("build_report", "Twin GmbH", out=tmp_path / "x.pdf")
    assert str(first.pk) in str(refused.value)
    assert str(second.pk) in str(refused.value)


@pytest.mark.parametrize(
    "values",
    [
        {"as_of": "soon"},
        {"as_of": "2999-01-01"},
        {"account": "nobody"},
        {"out": "missing/x.pdf"},
        {"out": "."},
    ],
)
def test_the_command_explains_what_it_cannot_do(tmp_path, account, values):
    wanted = values.pop("account", account.name)
    out = tmp_path / values.pop("out", "x.pdf")
    with pytest.raises(CommandError):
        call_command("build_report", wanted, out=out, **values)
