"""The check-in flow: one goal after the other, and the API beside it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from goals.actions.metrics import add_measurement, create_metric
from goals.models import Goal
from tests.factories import make_goal


@pytest.fixture
def goal(account: Any, alice: Any) -> Goal:
    """Half of the time is gone; 50 of 100 would be in time."""
    today = timezone.localdate()
    metric = create_metric(account, values={"name": "Users", "unit": "%"}, by=alice)
    span = {"start_on": today - timedelta(days=100), "due_on": today + timedelta(days=100)}
    return make_goal(
        account,
        "Use it",
        metric=metric,
        start_value=Decimal(0),
        target_value=Decimal(100),
        owner=alice,
        **span,
    )


def address(goal: Goal) -> str:
    return reverse("goals:check_in_one", args=[goal.pk])


def test_it_begins_with_the_goal_that_needs_it_most(
    sign_in: Any, alice: Any, account: Any, goal: Goal
) -> None:
    behind = make_goal(account, "Behind", owner=alice, verdict="off_track", start_on=goal.start_on)
    answer = sign_in(alice).get(reverse("goals:check_ins"))
    assert answer.url == address(behind)


def test_it_asks_three_things_and_goes_on(sign_in: Any, alice: Any, account: Any, goal: Goal) -> None:
    other = make_goal(account, "In words", owner=alice, verdict="on_track", start_on=goal.start_on)
    client = sign_in(alice)
    assert list(client.get(address(goal)).context["form"].fields) == ["value", "confidence", "status_text"]
    assert list(client.get(address(other)).context["form"].fields) == ["verdict", "confidence", "status_text"]
    answer = client.post(address(goal), {"value": "55", "confidence": "high", "status_text": "All trained"})
    assert answer.url == f"{address(other)}?done={goal.pk}"
    goal.refresh_from_db()
    assert (goal.confidence, goal.status_text) == ("high", "All trained")
    assert goal.metric and goal.metric.measurements.get().value == 55


def test_a_value_that_puts_it_behind_asks_for_the_cause(sign_in: Any, alice: Any, goal: Goal) -> None:
    client = sign_in(alice)
    answer = client.post(address(goal), {"value": "5", "confidence": "high", "status_text": "Slow"})
    form = answer.context["form"]
    assert answer.status_code == 200
    assert list(form.fields) == ["value", "cause", "status_text"]
    assert form["value"].value() == "5"
    assert goal.metric and not goal.metric.measurements.exists()
    client.post(address(goal), {"value": "5", "cause": "Two sites closed", "status_text": "Slow"})
    goal.refresh_from_db()
    assert (goal.cause, goal.status_text) == ("Two sites closed", "Slow")


def test_a_goal_that_is_behind_asks_for_the_cause_at_once(sign_in: Any, alice: Any, goal: Goal) -> None:
    assert goal.metric
    add_measurement(goal.metric, value=Decimal(1), on=timezone.localdate(), by=alice)
    assert "cause" in sign_in(alice).get(address(goal)).context["form"].fields


def test_a_computed_goal_asks_only_for_words(sign_in: Any, alice: Any, account: Any, goal: Goal) -> None:
    metric = create_metric(account, values={"fact": "orders"}, by=alice)
    computed = make_goal(account, metric=metric, start_value=0, target_value=9, owner=alice)
    assert "value" not in sign_in(alice).get(address(computed)).context["form"].fields


def test_a_goal_leaves_the_queue_for_a_week(sign_in: Any, alice: Any, goal: Goal) -> None:
    client = sign_in(alice)
    client.post(address(goal), {"value": "55", "confidence": "", "status_text": ""})
    start = reverse("goals:check_ins")
    assert client.get(start).context["queue"].rows == []
    Goal.objects.filter(pk=goal.pk).update(checked_in_at=timezone.now() - timedelta(days=8))
    assert client.get(start).url == address(goal)


def test_the_queue_of_an_account_has_everybodys_goals(
    sign_in: Any, bob: Any, alice: Any, account: Any, goal: Goal
) -> None:
    client = sign_in(bob)
    assert client.get(reverse("goals:check_ins")).context["queue"].rows == []
    answer = client.get(f"{reverse('goals:check_ins')}?account={account.pk}")
    assert answer.url == f"{address(goal)}?account={account.pk}"


def test_nothing_said_is_refused(sign_in: Any, alice: Any, goal: Goal) -> None:
    answer = sign_in(alice).post(address(goal), {"value": "", "confidence": "", "status_text": ""})
    assert answer.status_code == 200
    assert "value" in answer.context["form"].errors


def test_a_stranger_and_a_viewer_cannot(sign_in: Any, charlie: Any, rita: Any, goal: Goal) -> None:
    assert sign_in(charlie).get(address(goal)).status_code == 404
    assert sign_in(rita).post(address(goal), {"value": "1"}).status_code == 403


def test_it_costs_the_same_for_any_number_of_goals(
    sign_in: Any, alice: Any, account: Any, goal: Goal
) -> None:
    client = sign_in(alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(address(goal))

        return len(caught)

    queries()  # the first page of all makes the company's row
    few = queries()
    for number in range(8):
        make_goal(account, f"Goal {number}", owner=alice, start_on=goal.start_on)
    assert queries() == few


def test_it_checks_in_over_the_api(api: Any, alice: Any, goal: Goal) -> None:
    body = {"value": "20", "confidence": "low", "cause": "Late", "status_text": "Half the sites"}
    answer = api(alice).post(f"/api/v1/goals/{goal.pk}/check-in/", body, format="json")
    assert answer.status_code == 200, answer.json()
    shown = answer.json()
    assert (shown["confidence"], shown["cause"], shown["status_text"]) == ("low", "Late", "Half the sites")
    assert shown["checked_in_at"]
    progress = api(alice).get(f"/api/v1/goals/{goal.pk}/progress/").json()
    assert progress["progress"] == pytest.approx(0.2)


def test_the_api_refuses_an_empty_check_in(api: Any, alice: Any, goal: Goal) -> None:
    assert api(alice).post(f"/api/v1/goals/{goal.pk}/check-in/", {}, format="json").status_code == 422
