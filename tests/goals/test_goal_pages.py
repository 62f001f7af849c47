"""The pages of goals as people use them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.actions.metrics import add_measurement, create_metric
from goals.models import Goal, Metric, Milestone
from tests.factories import make_account, make_goal, make_sales


@pytest.fixture
def body(account: Any) -> dict[str, Any]:
    return {
        "account": account.pk, "title": "Grow", "side": "joint", "visibility": "internal", "start_on": "2026-01-01",
        "due_on": "2026-12-31", "measured_by": "", "metric_direction": "up",
    }  # fmt: skip


@pytest.fixture
def goal(account: Any, alice: Any) -> Goal:
    metric = create_metric(account, values={"name": "Adoption", "unit": "%"}, by=alice)
    return make_goal(account, metric=metric, start_value=Decimal(0), target_value=Decimal(10), owner=alice)


def test_it_sets_a_goal_in_words(sign_in: Any, alice: Any, account: Any, body: Any) -> None:
    answer = sign_in(alice).post(reverse("goals:create"), body)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Goal.objects.get().title == "Grow"


def test_it_sets_a_goal_on_a_fact_in_the_notation_of_the_reader(
    sign_in: Any, alice: Any, account: Any, body: Any
) -> None:
    make_sales(account, [(500, date(2026, 6, 1))])
    body |= {"measured_by": "fact:revenue", "start_value": "1.250,50", "target_value": "2.000"}
    sign_in(alice).post(reverse("goals:create"), body, headers={"Accept-Language": "de"})
    goal = Goal.objects.get()
    assert (goal.start_value, goal.target_value) == (Decimal("1250.5"), 2000)


def test_a_share_is_typed_in_percent(sign_in: Any, alice: Any, account: Any, body: Any) -> None:
    body |= {"measured_by": "fact:growth", "start_value": "0", "target_value": "10"}
    client = sign_in(alice)
    client.post(reverse("goals:create"), body)
    goal = Goal.objects.get()
    assert goal.target_value == Decimal("0.1")
    form = client.get(reverse("goals:edit", args=[goal.pk])).context["form"]
    assert form["target_value"].value() == 10


def test_it_sets_a_goal_on_a_new_metric(sign_in: Any, alice: Any, body: Any) -> None:
    body |= {"measured_by": "new", "metric_name": "Uptime", "metric_unit": "%", "target_value": "99"}
    sign_in(alice).post(reverse("goals:create"), body)
    assert Metric.objects.get().unit == "%"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"due_on": "2025-01-01"}, "due_on"),
        ({"measured_by": "new", "target_value": "1"}, "metric_name"),
        ({"measured_by": "fact:revenue"}, "target_value"),
        ({"measured_by": "fact:revenue", "target_value": "much"}, "target_value"),
        ({"side": "x"}, "side"),
        ({"account": "x"}, "account"),
    ],
)
def test_a_bad_form_comes_back_with_its_errors(
    sign_in: Any, alice: Any, body: Any, change: Any, field: str
) -> None:
    answer = sign_in(alice).post(reverse("goals:create"), body | change)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Goal.objects.exists() and not Metric.objects.exists()


def test_a_moved_target_asks_for_its_reason(sign_in: Any, alice: Any, goal: Goal, body: Any) -> None:
    body |= {"measured_by": f"metric:{goal.metric_id}", "start_value": "0", "target_value": "20"}
    body |= {"reason": "New plant", "version": 1, "title": goal.title}
    client = sign_in(alice)
    assert client.post(reverse("goals:edit", args=[goal.pk]), body).status_code == 302
    assert "New plant" in client.get(reverse("goals:detail", args=[goal.pk])).content.decode()


def test_a_change_on_an_older_version_says_so(sign_in: Any, alice: Any, goal: Goal, body: Any) -> None:
    body |= {"version": 9, "measured_by": f"metric:{goal.metric_id}", "target_value": "3"}
    answer = sign_in(alice).post(reverse("goals:edit", args=[goal.pk]), body)
    assert answer.context["form"].non_field_errors()


def test_a_check_in_writes_a_value(sign_in: Any, bob: Any, goal: Goal) -> None:
    url = reverse("goals:check_in", args=[goal.pk])
    client = sign_in(bob)
    assert (
        client.post(
            url, {"value": "4,5", "on": "2026-02-01", "note": "Count"}, headers={"Accept-Language": "de"}
        ).status_code
        == 302
    )
    assert goal.metric.measurements.get().value == Decimal("4.5")
    assert client.post(url, {"value": "", "on": "2026-02-01"}).context["check_in"].errors


def test_a_milestone_is_added_and_ticked(sign_in: Any, alice: Any, goal: Goal) -> None:
    client = sign_in(alice)
    client.post(reverse("goals:milestone_add", args=[goal.pk]), {"title": "Meet", "due_on": "2026-03-01"})
    step = Milestone.objects.get()
    client.post(reverse("goals:milestone_tick", args=[step.pk]))
    step.refresh_from_db()
    assert step.done_at


def test_it_closes_and_reopens(sign_in: Any, alice: Any, goal: Goal) -> None:
    client = sign_in(alice)
    client.post(reverse("goals:close", args=[goal.pk]), {"outcome": "missed"})
    assert "reopen" in client.get(reverse("goals:detail", args=[goal.pk])).content.decode()
    client.post(reverse("goals:reopen", args=[goal.pk]))
    goal.refresh_from_db()
    assert goal.closed_at is None


def test_what_is_off_track_stands_first(sign_in: Any, alice: Any, account: Any, goal: Goal) -> None:
    make_goal(account, "Calm", due_on=date(2999, 1, 1), verdict="on_track")
    add_measurement(goal.metric, value=Decimal(0), on=date(2026, 2, 1), by=alice)
    page = sign_in(alice).get(reverse("goals:list")).context["page"]
    assert [row.goal.title for row in page] == [goal.title, "Calm"]


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("?open=false", 0), ("?state=no_data", 1), ("?state=on_track", 0), ("?owner=me", 1), ("?side=x", 0),
     ("?account=x", 0), ("?state=x", 1), ("?page=9", 1)],
)  # fmt: skip
def test_the_list_is_filtered(sign_in: Any, alice: Any, goal: Goal, query: str, count: int) -> None:
    Goal.objects.update(due_on=date(2999, 1, 1))
    answer = sign_in(alice).get(reverse("goals:list") + query)
    assert (answer.status_code, len(answer.context["page"].object_list)) == (200, count)


def test_the_list_needs_the_same_queries_at_two_sizes(sign_in: Any, alice: Any, goal: Goal) -> None:
    client, counts = sign_in(alice), []
    client.get(reverse("goals:list"))  # the first page of all makes the company's row
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("goals:list"))
        counts.append(len(queries))
        for _number in range(20):
            make_goal(make_account(owner=alice), owner=alice)
    assert counts[0] == counts[1] <= 12


def test_the_page_of_a_goal_needs_the_same_queries_at_two_sizes(
    sign_in: Any, alice: Any, account: Any, goal: Goal
) -> None:
    client, counts = sign_in(alice), []
    client.get(reverse("goals:list"))  # the first page of all makes the company's row
    for size in (2, 9):
        for day in range(size):
            add_measurement(goal.metric, value=Decimal(day), on=date(2026, size, day + 1), by=alice)
            make_goal(account, parent=goal)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("goals:detail", args=[goal.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_a_note_keeps_the_judgement_that_somebody_gave(sign_in: Any, alice: Any, account: Any) -> None:
    goal = make_goal(account, "Trust", verdict="off_track", owner=alice)
    page = sign_in(alice).get(reverse("goals:detail", args=[goal.pk]), headers={"Accept-Language": "en"})
    assert page.context["check_in"]["verdict"].value() == "off_track"
    assert "said by a person" in page.content.decode()
