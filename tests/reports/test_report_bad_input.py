"""What reports do with data nobody wished for."""

from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from kam.lib.reading import consistent_read
from kam.users.models import Organisation
from reports.actions import approve_report, create_report
from reports.document import document
from reports.models import Report
from reports.pdf import report_pdf
from reports.snapshot import Order, build_snapshot, data_of
from tests.factories import make_account, make_contact, make_offering, make_report, make_sales
from tests.reports.test_report_pdf import text_of

TODAY = date(2026, 6, 30)
KINDS = ("progress", "quarterly", "kickoff")
NAMES = ["شركة النور", "#set page()", "$x^2$", "a\\b", "<b>Söhne</b>", "\u202eevil", 'O\'Neill "& Co"']


def snapshot_of(account, template, audience="internal"):
    return build_snapshot(Order(account, TODAY, audience, "de", template))[0]


@pytest.mark.parametrize("template", KINDS)
@pytest.mark.parametrize("audience", ["internal", "customer"])
def test_an_empty_account_has_a_pdf_of_each_template(account, template, audience):
    assert report_pdf(snapshot_of(account, template, audience)).startswith(b"%PDF")


@pytest.mark.parametrize("template", ["quarterly", "kickoff"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_as_typed_in_title_and_document(db, template, name):
    shown = document(snapshot_of(make_account(name), template, "customer"))
    assert shown.title.startswith(f"{name}: ")
    assert shown.name == name


@pytest.mark.parametrize("name", ["#set page()", "$x^2$", "a\\b", "<b>Söhne</b>"])
def test_the_pdf_of_a_review_shows_it_as_typed(db, name):
    text = text_of(report_pdf(snapshot_of(make_account(name), "quarterly"))).replace("\n", " ")
    assert name in text


def queries_of(account) -> int:
    with CaptureQueriesContext(connection) as found:
        snapshot_of(account, "progress")
    return len(found)


def test_ten_years_of_data_take_as_many_queries_as_one_order(db):
    new, old = make_account("New"), make_account("Old")
    make_sales(new, [("100", TODAY)])
    offerings = [make_offering() for _number in range(12)]
    for number, offering in enumerate(offerings):
        days = [TODAY - timedelta(days=30 * month + number) for month in range(120)]
        make_sales(old, [("100", day) for day in days], offering=offering)
    Organisation.current()  # made on first use, which is none of the reports' queries
    assert queries_of(new) == queries_of(old)
    snapshot = snapshot_of(old, "progress")
    assert len(data_of(snapshot, "revenue")["quarters"]) == 8
    assert data_of(snapshot, "offerings")["more"] == 4


def test_negative_revenue_has_words_and_no_share(account):
    make_sales(account, [("100", date(2025, 5, 1)), ("-300", date(2026, 5, 1))])
    for template in KINDS:
        assert document(snapshot_of(account, template)).title


@pytest.mark.parametrize("template", KINDS)
def test_a_deactivated_account_still_has_its_reports(account, alice, template):
    Account.objects.filter(pk=account.pk).update(status="inactive")
    account.refresh_from_db()
    report = make_report(account, template=template, audience="customer", by=alice)
    assert approve_report(report, by=alice).is_built


def test_an_account_that_is_deleted_while_its_report_waits_leaves_nothing(account, alice):
    from kam.integrations import jobs
    from kam.integrations.models import Job

    report = create_report(Order(account, TODAY, "internal", "de", "progress"), by=alice)
    job = report.job_id
    account.delete()
    jobs.run(job)
    assert not Report.objects.exists()
    assert Job.objects.get(pk=job).state != Job.State.RUNNING


@pytest.mark.django_db(transaction=True)
def test_an_import_that_commits_meanwhile_is_in_all_figures_or_in_none():
    """Two tables are read one after the other; what another connection commits in between is not seen."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets nobody write meanwhile")
    make_account("Before")
    other = connections.create_connection("default")
    try:
        with consistent_read():
            assert Account.objects.count() == 1
            with other.cursor() as cursor:
                cursor.execute("UPDATE accounts_account SET name = 'After'")
            assert Account.objects.get().name == "Before"
        assert Account.objects.get().name == "After"
    finally:
        other.close()


@pytest.mark.parametrize("template", ["progress", "portfolio"])
def test_names_in_letters_that_no_font_has_keep_no_report_from_being_built(db, template):
    account = make_account("株式会社 😀 \U00010480")
    make_contact(account, "ไทย हिन्दी")
    make_sales(account, [("100", date(2026, 3, 1))], offering=make_offering("F1", name="日本"))
    assert make_report(None if template == "portfolio" else account, template=template, as_of=TODAY).is_built


def test_a_report_whose_file_has_gone_is_set_again_from_its_snapshot(api, bob, account):
    report = make_report(account)
    with report.pdf.open() as file:
        before = file.read()
    report.pdf.storage.delete(report.pdf.name)
    for _time in range(2):
        answer = api(bob).get(f"/api/v1/reports/{report.pk}/pdf/")
        assert b"".join(answer.streaming_content) == before
    assert report.pdf.storage.exists(report.pdf.name)


def test_an_unprintable_name_does_not_stand_in_the_way_of_messages(api, dana, account):
    Account.objects.filter(pk=account.pk).update(name="株式会社")
    report = make_report(Account.objects.get(pk=account.pk))
    part = report.snapshot["parts"][0]["code"]
    body = {"messages": {part: "A message of one's own."}}
    answer = api(dana).patch(f"/api/v1/reports/{report.pk}/messages/", body, format="json")
    assert answer.status_code == 200
    body["messages"][part] = "株"
    answer = api(dana).patch(f"/api/v1/reports/{report.pk}/messages/", body, format="json")
    assert answer.json()["code"] == "unprintable"
