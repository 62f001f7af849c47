"""Plans and their entries over the API."""

from typing import Any

import pytest

from accounts.models import AccountTeamMember, Activity
from goals.models import Plan, Promise
from tests.factories import make_user

PROMISE = {"text": "Price list", "promised_on": "2026-06-01", "due_on": "2026-06-05"}


def test_a_plan_is_empty_then_written_then_locked(api: Any, alice: Any, account: Any) -> None:
    client, url = api(alice), f"/api/v1/plans/{account.pk}/"
    assert client.get(url).json()["why"] == ""
    assert not Plan.objects.exists()
    written = client.patch(url, {"why": "Servo presses"})
    assert written.json()["why"] == "Servo presses"
    assert client.patch(url, {"why": "B"}, headers={"If-Match": written["ETag"]}).status_code == 200
    refused = client.patch(url, {"why": "C"}, headers={"If-Match": written["ETag"]})
    assert (refused.status_code, refused.json()["current"]["why"]) == (412, "B")


def test_a_promise_is_noted_and_changed(api: Any, bob: Any, account: Any) -> None:
    client, url = api(bob), f"/api/v1/plans/{account.pk}/entries/promises/"
    made = client.post(url, PROMISE)
    assert made.status_code == 201, made.json()
    assert client.get(url).json()["results"][0]["state"] == "open"
    one = f"/api/v1/plan-entries/promises/{made.json()['id']}/"
    assert client.patch(one, {"text": "New list"}).json()["text"] == "New list"


@pytest.mark.parametrize(
    "change", [{"text": ""}, {"due_on": "2026-01-01"}, {"due_on": "x"}, {"state": "kept"}]
)
def test_a_bad_promise_is_refused(api: Any, bob: Any, account: Any, change: Any) -> None:
    answer = api(bob).post(f"/api/v1/plans/{account.pk}/entries/promises/", PROMISE | change)
    assert answer.status_code == 422
    assert not Promise.objects.exists()


def test_an_expectation_has_its_own_address(api: Any, alice: Any, account: Any) -> None:
    client, body = api(alice), {"side": "internal", "text": "Growth"}
    assert client.post(f"/api/v1/plans/{account.pk}/entries/expectations/", body).status_code == 404
    assert client.post(f"/api/v1/plans/{account.pk}/settings/expectations/", body).status_code == 201


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("promises", PROMISE),
        ("procedures", {"title": "Hotline"}),
        ("projects", {"title": "Store", "benefit_ours": "Sales", "benefit_customer": "Calm"}),
        ("challenges", {"title": "Coolant", "raised_on": "2026-06-01"}),
        ("values", {"direction": "give", "text": "Audit", "occurred_on": "2026-06-01"}),
        ("opportunities", {"title": "Press", "expected_on": "2026-12-01"}),
        ("contracts", {"title": "Service", "start_on": "2026-01-01", "end_on": "2026-12-31"}),
    ],
)
def test_what_is_removed_can_be_put_back(
    api: Any, bob: Any, account: Any, code: str, values: dict[str, str]
) -> None:
    client = api(bob)
    made = client.post(f"/api/v1/plans/{account.pk}/entries/{code}/", values).json()
    one = f"/api/v1/plan-entries/{code}/{made['id']}/"
    assert client.delete(one, headers={"If-Match": '"9"'}).status_code == 412
    restore = client.delete(one).json()["restore"]
    assert client.get(one).status_code == 404
    back = client.post(restore)
    assert (back.status_code, back.json()["id"]) == (200, made["id"])
    assert client.get(one).json() == client.post(restore).json()


def test_only_who_may_remove_an_expectation_puts_it_back(api: Any, alice: Any, account: Any) -> None:
    service = make_user("Sam", "service")
    AccountTeamMember.objects.create(account=account, user=service, function="service")
    client, body = api(alice), {"side": "internal", "text": "Growth"}
    made = client.post(f"/api/v1/plans/{account.pk}/settings/expectations/", body).json()
    restore = client.delete(f"/api/v1/plan-settings/expectations/{made['id']}/").json()["restore"]
    assert api(service).post(restore).status_code == 403
    assert api(alice).post(restore).json()["text"] == "Growth"


def test_a_stranger_puts_nothing_back_and_another_entry_is_no_removal(
    api: Any, alice: Any, charlie: Any, account: Any
) -> None:
    client = api(alice)
    made = client.post(f"/api/v1/plans/{account.pk}/entries/promises/", PROMISE).json()
    created = Activity.objects.get(verb="promise.created")
    assert client.post(f"/api/v1/removed-entries/{created.pk}/restore/").status_code == 404
    restore = client.delete(f"/api/v1/plan-entries/promises/{made['id']}/").json()["restore"]
    assert api(charlie).post(restore).status_code == 404
    assert not Promise.objects.exists()


def test_where_another_entry_stands_it_says_so(api: Any, alice: Any, account: Any) -> None:
    client, body = api(alice), {"year": 2026, "planned_revenue": "10"}
    address = f"/api/v1/plans/{account.pk}/settings/years/"
    made = client.post(address, body).json()
    restore = client.delete(f"/api/v1/plan-settings/years/{made['id']}/").json()["restore"]
    client.post(address, body)
    assert client.post(restore).status_code == 409
