"""The pages of reports."""

import pytest

from kam.integrations import jobs
from kam.integrations.models import Job
from reports.models import Report
from tests.factories import make_account, make_report

FORM = {
    "template": "progress",
    "account": "Müller Maschinenbau GmbH",
    "audience": "internal",
    "as_of": "2026-06-30",
    "language": "en",
}


def test_it_orders_a_report_and_shows_how_far_it_is(sign_in, alice, account):
    browser = sign_in(alice)
    answer = browser.post("/reports/new/", FORM, follow=True)
    assert "reports/building.html" in [template.name for template in answer.templates]
    assert Report.objects.get().account == account


def test_the_waiting_page_turns_into_the_report_when_the_job_is_done(sign_in, alice, account):
    browser = sign_in(alice)
    browser.post("/reports/new/", FORM)
    report = Report.objects.get()
    address = f"/reports/{report.pk}/"
    assert (
        browser.get(address, headers={"HX-Request": "true"}).content.strip().startswith(b'<div id="building"')
    )
    jobs.run(report.job_id)
    assert browser.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert b'<article class="doc" lang="en">' in browser.get(address).content


def test_only_who_may_steer_the_job_of_a_report_finds_its_buttons(sign_in, alice, rita, account):
    sign_in(alice).post("/reports/new/", FORM)
    report = Report.objects.get()
    for state, button in (("queued", "cancel"), ("failed", "retry")):
        Job.objects.update(state=state)
        pages = [sign_in(who).get(f"/reports/{report.pk}/").content.decode() for who in (alice, rita)]
        assert [f"/jobs/{report.job_id}/{button}/" in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    "wrong", [{"account": "Nobody"}, {"account": ""}, {"as_of": "2999-01-01"}, {"language": "fr"}]
)
def test_it_says_at_the_field_what_is_wrong(sign_in, alice, account, wrong):
    page = sign_in(alice).post("/reports/new/", FORM | wrong)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Report.objects.exists()


def test_an_account_one_does_not_see_cannot_be_named(sign_in, charlie, account):
    assert sign_in(charlie).post("/reports/new/", FORM).context["form"].errors["account"]


def test_only_a_leader_is_offered_the_portfolio(sign_in, alice, dana):
    def offered(person):
        return dict(sign_in(person).get("/reports/").context["form"].fields["template"].choices)

    assert "portfolio" not in offered(alice)
    assert "portfolio" in offered(dana)


def test_a_leader_orders_the_portfolio(sign_in, dana):
    sign_in(dana).post("/reports/new/", FORM | {"template": "portfolio", "account": ""})
    jobs.run(Report.objects.get().job_id)
    page = sign_in(dana).get(f"/reports/{Report.objects.get().pk}/").content.decode()
    assert "Leadership portfolio" in page


def test_the_portfolio_report_is_hidden_from_a_manager(sign_in, alice, dana):
    report = make_report(None, by=dana)
    assert sign_in(alice).get(f"/reports/{report.pk}/").status_code == 404


def test_it_lists_what_was_left_out_for_the_customer(sign_in, alice, account):
    from tests.factories import make_goal

    make_goal(account, "Secret goal")
    page = sign_in(alice).get(f"/reports/{make_report(account, audience='customer').pk}/")
    assert "Secret goal" not in page.content.decode()
    assert page.context["hidden"]


def test_the_messages_can_be_worded(sign_in, alice, account):
    report = make_report(account)
    browser = sign_in(alice)
    assert b'name="part-goals"' in browser.get(f"/reports/{report.pk}/messages/").content
    browser.post(f"/reports/{report.pk}/messages/", {"part-goals": "We agree on goals in July"})
    assert "We agree on goals in July" in browser.get(f"/reports/{report.pk}/").content.decode()


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("messages", {"part-goals": "a\x00b"}),
        ("skip", {"section": "goals", "reason": "a\x00b"}),
        ("approval", {"note": "a\x00b"}),
    ],
)
def test_texts_that_no_database_takes_are_refused(sign_in, alice, account, page, sent):
    english = {"accept-language": "en"}
    url = f"/reports/{make_report(account).pk}/{page}/"
    answer = sign_in(alice).post(url, sent, headers=english, follow=True)
    assert "A text has characters that cannot be stored." in answer.content.decode()


@pytest.mark.parametrize("reports", [2, 12])
def test_the_list_takes_the_same_number_of_queries_at_any_size(
    sign_in, dana, reports, django_assert_num_queries
):
    for _number in range(reports):
        Report.objects.create(account=make_account(), as_of="2026-06-30", language="en", created_by=dana)
    browser = sign_in(dana)
    browser.get("/reports/")
    with django_assert_num_queries(5):
        browser.get("/reports/")


def test_the_page_takes_the_same_number_of_queries_whatever_it_holds(
    sign_in, dana, account, django_assert_num_queries
):
    report = make_report(account)
    browser = sign_in(dana)
    browser.get(f"/reports/{report.pk}/")
    with django_assert_num_queries(4):
        browser.get(f"/reports/{report.pk}/")
