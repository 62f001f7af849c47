"""Approving a customer's report: exactly one version, by somebody, once; and taking it back."""

from datetime import date

import pytest

from accounts.models import Activity
from kam.lib.errors import DomainError
from reports.actions import approve_report, withdraw_approval, word_report
from reports.models import Report
from tests.factories import make_account, make_report


@pytest.fixture
def visit(sign_in):
    """Return a browser that is signed in as somebody who reads English."""

    def as_person(user):
        user.language = "en"
        user.save(update_fields=["language"])
        return sign_in(user)

    return as_person


@pytest.fixture
def report(account, alice):
    return make_report(account, audience="customer", by=alice)


def test_it_says_who_approved_when_and_why(report, alice):
    approve_report(report, note=" Read  with Bob ", by=alice)
    report.refresh_from_db()
    assert (report.is_approved, report.approved_by, report.approval_note) == (True, alice, "Read with Bob")
    assert Activity.objects.get(verb="report.approved").details["note"] == "Read with Bob"


def test_approving_twice_changes_nothing(report, alice, bob):
    approve_report(report, by=alice)
    approve_report(Report.objects.get(pk=report.pk), by=bob)
    assert Report.objects.get(pk=report.pk).approved_by == alice
    assert Activity.objects.filter(verb="report.approved").count() == 1


def test_an_internal_report_is_refused_with_what_to_do(account, alice):
    with pytest.raises(DomainError) as refused:
        approve_report(make_report(account), by=alice)
    assert refused.value.code == "report_is_internal"


def test_a_report_that_is_being_built_is_refused(account, alice):
    report = Report.objects.create(account=account, audience="customer", as_of="2026-06-30", language="en")
    with pytest.raises(DomainError):
        approve_report(report, by=alice)


def test_what_somebody_words_at_this_moment_is_not_approved(report, alice, bob):
    read = Report.objects.get(pk=report.pk)
    word_report(report, messages={"goals": "Something else"}, by=bob)
    with pytest.raises(DomainError) as refused:
        approve_report(read, by=alice)
    assert refused.value.code == "report_changed"


def test_an_approved_version_is_frozen(report, alice):
    approve_report(report, by=alice)
    with pytest.raises(DomainError) as refused:
        word_report(report, messages={"goals": "Something else"}, by=alice)
    assert refused.value.code == "report_is_approved"


def test_a_report_that_changed_after_all_is_not_approved_any_more(report, alice):
    approve_report(report, by=alice)
    Report.objects.filter(pk=report.pk).update(snapshot_digest="0" * 64)
    assert not Report.objects.get(pk=report.pk).is_approved


def test_the_approval_can_be_withdrawn(report, alice):
    approve_report(report, by=alice)
    withdraw_approval(report, reason="A figure is wrong", by=alice)
    assert not Report.objects.get(pk=report.pk).is_approved
    assert Activity.objects.get(verb="report.approval_withdrawn").details["reason"] == "A figure is wrong"
    word_report(report, messages={"goals": "Now again"}, by=alice)


def test_the_page_approves_and_withdraws(visit, alice, report):
    browser = visit(alice)
    assert "Approve this version" in browser.get(f"/reports/{report.pk}/sharing/").content.decode()
    page = browser.post(f"/reports/{report.pk}/approval/", {"note": "Read"}, follow=True).content.decode()
    assert "Withdraw approval" in page
    browser.post(f"/reports/{report.pk}/approval/", {"withdraw": "1"})
    assert not Report.objects.get(pk=report.pk).is_approved


def test_a_german_reader_is_offered_to_share_and_not_a_share(sign_in, alice, report):
    approve_report(report, by=alice)
    page = sign_in(alice).get(f"/reports/{report.pk}/").content.decode()
    assert "Teilen</a>" in page and "Anteil</a>" not in page


def test_the_page_of_an_internal_report_leads_to_the_customers_version(visit, alice, account):
    page = visit(alice).get(f"/reports/{make_report(account).pk}/sharing/").content.decode()
    assert "audience=customer" in page
    assert "Approve this version" not in page


def test_the_api_approves_and_withdraws(api, alice, report):
    address = f"/api/v1/reports/{report.pk}/approval/"
    answer = api(alice).post(address, {"note": "Read"})
    assert (answer.status_code, answer.json()["is_approved"]) == (200, True)
    assert api(alice).delete(address).status_code == 204
    assert api(alice).get(f"/api/v1/reports/{report.pk}/").json()["is_approved"] is False


def test_the_api_refuses_an_internal_report(api, alice, account):
    answer = api(alice).post(f"/api/v1/reports/{make_report(account).pk}/approval/", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "report_is_internal")


# --- composing ----------------------------------------------------------------------------------------------

ASKED = {"template": "progress", "audience": "customer", "as_of": "2026-06-30", "language": "en"}


def compose(browser, account, **values):
    return browser.get("/reports/compose/", ASKED | {"account": account.name} | values)


def compose_by_id(browser, account):
    return browser.get("/reports/compose/", ASKED | {"account": str(account.pk)}).content.decode()


def test_the_field_names_the_account_that_a_link_passed_by_its_id(visit, alice, account):
    page = compose_by_id(visit(alice), account)
    assert (f'value="{account.name}"' in page, f'value="{account.pk}"' in page) == (True, False)


def test_the_id_stays_where_the_name_means_several(visit, alice, account):
    make_account(account.name, owner=alice)
    page = compose_by_id(visit(alice), account)
    assert f'value="{account.pk}"' in page


def test_it_shows_what_will_be_hidden_before_anything_is_built(visit, alice, account):
    from tests.factories import make_goal

    make_goal(account, "Secret goal", start_on=date(2026, 1, 1))
    page = compose(visit(alice), account)
    assert ("Internal goals", 1) in page.context["preview"].hidden
    assert "Secret goal" not in page.content.decode()
    assert not Report.objects.exists()


def test_it_builds_the_sections_that_stay_checked(visit, alice, account):
    browser = visit(alice)
    body = ASKED | {"account": account.name, "boxes": "1", "sections": ["goals", "steps"]}
    browser.post("/reports/new/", body)
    assert Report.objects.get().sections == ["goals", "steps"]


def test_it_refuses_a_report_without_sections(visit, alice, account):
    page = visit(alice).post("/reports/new/", ASKED | {"account": account.name, "boxes": "1"})
    assert "Choose at least one" in page.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("template", ["progress", "quarterly", "kickoff"])
def test_every_template_can_be_composed_for_an_empty_account(visit, alice, account, template):
    for audience in ("internal", "customer"):
        page = compose(visit(alice), account, template=template, audience=audience)
        assert page.context["preview"].lines


def test_the_portfolio_is_composed_without_an_account(visit, dana):
    page = visit(dana).get(
        "/reports/compose/", ASKED | {"template": "portfolio", "account": "", "audience": "internal"}
    )
    assert page.status_code == 200
    assert "Build report" in page.content.decode()


def test_an_account_one_does_not_see_is_not_previewed(visit, charlie, account):
    assert "preview" not in compose(visit(charlie), account).context
