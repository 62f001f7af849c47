"""Plans and their entries over the API."""

from typing import Any

import pytest

from goals.models import Plan, Promise

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
