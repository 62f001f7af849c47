"""What is done with promises, expectations, milestones and playbooks over the API."""

from datetime import date
from typing import Any

import pytest

from accounts.models import Activity, Task
from goals.models import Expectation, Playbook, Promise
from tests.factories import make_goal

DAY = date(2026, 6, 1)
PLAYBOOK = {
    "name": "First 90 days",
    "steps": [
        {"title": "Meet", "day_offset": 30, "exit_criterion": "Date agreed"},
        {"title": "Call", "function": "service"},
    ],
}


@pytest.fixture
def promise(account: Any) -> Promise:
    return Promise.objects.create(account=account, text="Price list", promised_on=DAY, due_on=DAY)


@pytest.fixture
def playbook(api: Any, alice: Any) -> dict[str, Any]:
    made = api(alice).post("/api/v1/playbooks/", PLAYBOOK)
    assert made.status_code == 201, made.json()
    found: dict[str, Any] = made.json()
    return found


def test_a_promise_is_kept_and_opened_again(api: Any, bob: Any, promise: Promise) -> None:
    client, url = api(bob), f"/api/v1/promises/{promise.pk}/state/"
    kept = client.post(url, {"state": "kept"}).json()
    assert (kept["state"], kept["closed_on"] is None) == ("kept", False)
    client.post(url, {"state": "kept"})
    assert Activity.objects.filter(verb="promise.kept").count() == 1
    opened = client.post(url, {"state": "open"}).json()
    assert (opened["state"], opened["closed_on"]) == ("open", None)
    assert client.post(url, {"state": "lost"}).status_code == 422


def test_an_expectation_is_accepted_by_somebody_with_a_name(api: Any, alice: Any, account: Any) -> None:
    row = Expectation.objects.create(account=account, side="external", text="Two days")
    client, url = api(alice), f"/api/v1/expectations/{row.pk}/accept/"
    assert client.post(url, {"who": " "}).status_code == 422
    assert client.post(url, {"who": "Ms Vogel"}).json()["accepted_by"] == "Ms Vogel"
    assert client.post(url, {"who": "Somebody else"}).json()["accepted_by"] == "Ms Vogel"


def test_a_milestone_is_added_and_ticked(api: Any, alice: Any, bob: Any, account: Any) -> None:
    goal = make_goal(account)
    address = f"/api/v1/goals/{goal.pk}/milestones/"
    made = api(alice).post(address, {"title": "Pilot", "due_on": "2026-06-01", "value": "5"})
    assert made.status_code == 201, made.json()
    outside = api(alice).post(address, {"title": "Late", "due_on": "2027-06-01"})
    assert outside.json()["code"] == "milestone_outside"
    tick = f"/api/v1/milestones/{made.json()['id']}/tick/"
    assert api(bob).post(tick, {"done": True}).json()["done_at"]
    assert api(bob).post(tick, {"done": False}).json()["done_at"] is None


def test_a_playbook_is_written_and_read_in_the_order_of_its_days(
    api: Any, alice: Any, playbook: dict[str, Any]
) -> None:
    client = api(alice)
    assert [step["title"] for step in playbook["steps"]] == ["Call", "Meet"]
    assert client.get("/api/v1/playbooks/").json()["results"][0]["id"] == playbook["id"]
    one = client.get(f"/api/v1/playbooks/{playbook['id']}/")
    change = {"name": "First 90 days", "steps": [{"title": "Write"}]}
    changed = client.put(f"/api/v1/playbooks/{playbook['id']}/", change, headers={"If-Match": one["ETag"]})
    assert [step["title"] for step in changed.json()["steps"]] == ["Write"]
    late = client.put(f"/api/v1/playbooks/{playbook['id']}/", change, headers={"If-Match": one["ETag"]})
    assert (late.status_code, late.json()["current"]["steps"][0]["title"]) == (412, "Write")


@pytest.mark.parametrize(
    "change", [{"steps": []}, {"name": ""}, {"steps": [{"title": "A", "day_offset": -1}]}]
)
def test_a_playbook_without_name_or_steps_is_refused(api: Any, alice: Any, change: dict[str, Any]) -> None:
    assert api(alice).post("/api/v1/playbooks/", PLAYBOOK | change).status_code == 422
    assert not Playbook.objects.exists()


def test_a_playbook_is_started_once_and_ended(
    api: Any, bob: Any, account: Any, playbook: dict[str, Any]
) -> None:
    client, url = api(bob), f"/api/v1/accounts/{account.pk}/playbooks/"
    body = {"playbook": playbook["id"], "started_on": "2026-06-01"}
    run = client.post(url, body)
    assert run.status_code == 201, run.json()
    found = Task.objects.order_by("due_on").values_list("title", "due_on", "reason", "done_when")
    assert list(found) == [
        ("Call", DAY, "First 90 days", ""),
        ("Meet", date(2026, 7, 1), "First 90 days", "Date agreed"),
    ]
    again = client.post(url, body)
    assert (again.status_code, again.json()["code"]) == (409, "playbook_running")
    assert client.post(f"/api/v1/playbook-runs/{run.json()['id']}/end/").json()["ended_at"]
    assert [row["id"] for row in client.get(url).json()["results"]] == [run.json()["id"]]
