"""The pages and the API of scheduled reports."""

import pytest
from django.utils import timezone

from reports.actions import Rhythm, schedule_report
from reports.models import ReportSchedule
from tests.factories import make_account


def test_the_page_sets_up_pauses_goes_on_and_ends(sign_in, alice, account):
    browser = sign_in(alice)
    body = {
        "template": "quarterly",
        "account": account.name,
        "rhythm": "quarterly",
        "start_on": "2099-01-01",
        "language": "de",
        "recipients": [str(alice.pk)],
    }
    assert browser.post("/reports/schedules/", body).status_code == 302
    found = ReportSchedule.objects.get()
    address = f"/reports/schedules/{found.pk}/"
    browser.post(address, {"pause": "1"})
    assert not ReportSchedule.objects.get().is_active
    browser.post(address, {"resume": "1"})
    assert ReportSchedule.objects.get().is_active
    browser.post(address, {"end": "1"})
    assert not ReportSchedule.objects.exists()


def test_the_page_says_at_the_field_what_is_wrong(sign_in, alice, charlie, account):
    body = {"template": "progress", "account": account.name, "rhythm": "monthly", "language": "de"}
    body |= {"start_on": "2099-01-01", "recipients": [str(charlie.pk)]}
    assert sign_in(alice).post("/reports/schedules/", body).context["form"].errors["recipients"]


def test_the_api_sets_up_changes_and_ends(api, alice, account):
    caller = api(alice)
    body = {
        "account": str(account.pk),
        "rhythm": "monthly",
        "start_on": "2099-01-01",
        "recipients": [str(alice.pk)],
    }
    made = caller.post("/api/v1/report-schedules/", body)
    assert (made.status_code, made.json()["next_on"]) == (201, "2099-01-01")
    address = f"/api/v1/report-schedules/{made.json()['id']}/"
    assert caller.patch(address, {"is_active": False}).json()["is_active"] is False
    assert len(caller.get("/api/v1/report-schedules/").json()["results"]) == 1
    assert caller.delete(address).status_code == 204


@pytest.mark.parametrize("size", [1, 8])
def test_the_page_takes_the_same_number_of_queries_at_any_size(
    sign_in, alice, bob, size, django_assert_num_queries
):
    for _number in range(size):
        account = make_account(owner=alice)
        first = timezone.localdate()
        schedule_report(Rhythm(account, "progress", "monthly", "de", first, [alice]), by=alice)
    browser = sign_in(alice)
    browser.get("/reports/schedules/")
    with django_assert_num_queries(7):
        browser.get("/reports/schedules/")
