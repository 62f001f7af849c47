"""Ordering, building and wording a report."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Activity
from kam.integrations import jobs
from kam.integrations.models import Job
from kam.lib.errors import DomainError, InvalidInput
from reports.actions import build_report, create_report, word_report
from reports.models import Report
from reports.snapshot import Order, digest
from tests.factories import make_report, make_sales

TODAY = date(2026, 6, 30)


def order(account, **values):
    return Order(account, **({"as_of": TODAY, "language": "en"} | values))


def test_it_queues_one_job_and_writes_the_timeline(account, alice):
    report = create_report(order(account), by=alice)
    assert (report.job.kind, report.is_built) == ("reports.build", False)
    assert Activity.objects.get(verb="report.ordered").account == account


def test_the_job_freezes_snapshot_digest_and_pdf(account, alice):
    report = create_report(order(account), by=alice)
    job = jobs.run(report.job_id)
    report.refresh_from_db()
    assert (job.state, job.result["digest"]) == (Job.State.SUCCEEDED, digest(report.snapshot))
    assert report.pdf.read().startswith(b"%PDF")


def test_a_built_report_stays_as_it_was(account):
    report = make_report(account)
    before = (report.snapshot_digest, report.built_at)
    make_sales(account, [("500", date(2026, 6, 1))])
    build_report(report)
    report.refresh_from_db()
    assert (report.snapshot_digest, report.built_at) == before


def test_a_cancelled_job_leaves_no_half_report(account, alice):
    report = create_report(order(account), by=alice)
    Job.objects.filter(pk=report.job_id).update(cancel_requested=True)
    jobs.run(report.job_id)
    report.refresh_from_db()
    assert (report.is_built, report.snapshot, bool(report.pdf)) == (False, None, False)


def test_a_job_that_fails_midway_leaves_nothing_and_runs_again(account, alice, tmp_path):
    report = create_report(order(account), by=alice)

    def break_off(progress, message):
        if progress > 50:
            raise DomainError("broken", "Broken")

    with pytest.raises(DomainError):
        build_report(report, tell=break_off)
    assert not Report.objects.get(pk=report.pk).is_built
    build_report(report)
    assert Report.objects.get(pk=report.pk).is_built


def test_a_day_to_come_is_refused(account, alice):
    with pytest.raises(InvalidInput) as refused:
        create_report(order(account, as_of=timezone.localdate() + timedelta(days=1)), by=alice)
    assert refused.value.code == "day_to_come"


@pytest.mark.parametrize(("with_account", "template"), [(True, "portfolio"), (False, "progress")])
def test_account_and_template_must_fit(account, dana, with_account, template):
    with pytest.raises(InvalidInput):
        create_report(order(account if with_account else None, template=template), by=dana)


def test_only_leaders_report_on_the_portfolio(alice, dana):
    with pytest.raises(DomainError):
        create_report(order(None, template="portfolio"), by=alice)
    assert create_report(order(None, template="portfolio"), by=dana).account is None


def test_the_portfolio_never_goes_to_a_customer(dana):
    with pytest.raises(InvalidInput):
        create_report(order(None, template="portfolio", audience="customer"), by=dana)


def test_a_person_words_a_message_and_no_figure_changes(account, alice):
    make_sales(account, [("500", date(2026, 6, 1))])
    report = make_report(account)
    figures = [part["data"] for part in report.snapshot["parts"]]
    word_report(report, messages={"goals": "Let us  agree on goals", "nonsense": "x"}, by=alice)
    report.refresh_from_db()
    said = {part["code"]: part["message"] for part in report.snapshot["parts"]}
    assert said["goals"] == "Let us agree on goals"
    assert "Let us agree on goals" in report.snapshot["messages"]
    assert [part["data"] for part in report.snapshot["parts"]] == figures
    assert report.snapshot_digest == digest(report.snapshot)


def test_the_title_follows_the_message_it_repeats(account, alice):
    report = word_report(make_report(account), messages={"revenue": "A quiet year"}, by=alice)
    assert report.title == f"{account.display_name}: A quiet year"


@pytest.mark.parametrize("text", ["", "   ", "x" * 201])
def test_a_part_needs_a_message(account, alice, text):
    with pytest.raises(InvalidInput):
        word_report(make_report(account), messages={"goals": text}, by=alice)
