"""What goals, metrics and growth do with what should not happen: a defined answer, with its reason."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Task
from goals.actions.goals import update_goal
from goals.actions.metrics import add_measurement, create_metric, measure_facts
from goals.actions.nightly import raise_alerts
from goals.models import Goal
from goals.status import goal_status, target_lines
from tests.factories import make_account, make_goal, make_sales

DAY = date(2026, 7, 1)


@pytest.fixture
def goal(account: Any, alice: Any) -> Goal:
    metric = create_metric(account, values={"name": "Use"}, by=alice)
    span = {"start_on": date(2026, 1, 1), "due_on": date(2026, 12, 31)}
    return make_goal(
        account, metric=metric, start_value=Decimal(10), target_value=Decimal(20), owner=alice, **span
    )


def test_a_goal_to_be_held_is_reached_only_on_its_due_day(account: Any, alice: Any, goal: Goal) -> None:
    Goal.objects.update(target_value=10)
    add_measurement(goal.metric, value=Decimal(10), on=date(2026, 6, 1), by=alice)
    goal.refresh_from_db()
    assert (goal_status(goal, DAY).progress, goal_status(goal, DAY).state) == (1.0, "on_track")
    assert goal_status(goal, goal.due_on).state == "achieved"


def test_a_target_moved_midway_keeps_both_lines(alice: Any, goal: Goal) -> None:
    add_measurement(goal.metric, value=Decimal(15), on=date(2026, 6, 1), by=alice)
    update_goal(goal, values={"target_value": Decimal(30)}, by=alice, reason="New plant")
    assert goal_status(goal, DAY).progress == 0.25
    [(earlier, done)] = target_lines(goal, Decimal(15))
    assert (earlier.reason, done) == ("New plant", 0.5)


def test_a_metric_that_stops_is_stale_and_opens_one_task(alice: Any, goal: Goal) -> None:
    today = timezone.localdate()
    Goal.objects.update(start_on=today - timedelta(days=100), due_on=today + timedelta(days=100))
    add_measurement(goal.metric, value=Decimal(16), on=today - timedelta(days=60), by=alice)
    goal.refresh_from_db()
    assert goal_status(goal, today).stale
    raise_alerts(today)
    raise_alerts(today)
    assert Task.objects.filter(key__endswith=":stale").count() == 1


def test_a_deactivated_account_is_neither_measured_nor_raised(account: Any, alice: Any, goal: Goal) -> None:
    make_sales(account, [(100, date(2026, 5, 1))])
    create_metric(account, values={"fact": "revenue"}, by=alice)
    account.status = "inactive"
    account.save(update_fields=["status"])
    assert measure_facts(DAY) == 0
    assert raise_alerts(date(2027, 6, 1)) == 0


@pytest.mark.parametrize(
    "sales", [[], [(-50, date(2026, 5, 1))], [(80, date(2016, 1, 1)), (90, date(2026, 9, 1))]]
)
def test_the_growth_page_stands_without_sales_with_credits_alone_and_over_ten_years(
    sign_in: Any, alice: Any, account: Any, sales: Any
) -> None:
    make_sales(account, sales)
    answer = sign_in(alice).get(reverse("goals:growth", args=[account.pk]))
    assert answer.status_code == 200
    page = answer.context["page"]
    assert page.forecast.refusal or not page.forecast.value.backtest.passed or page.forecast.value.values


def test_overlapping_periods_are_refused_with_the_reason(api: Any, dana: Any) -> None:
    query = "?base_from=2025-01-01&base_to=2026-06-01&from=2026-01-01&to=2027-01-01"
    answer = api(dana).get("/api/v1/portfolio/retention/" + query)
    assert (answer.status_code, answer.json()["code"]) == (422, "periods_overlap")


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("beta-programmes", {"name": "B", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}, "places"),
        ("metrics", {"name": "M", "unit": "x"}, "due_every_days"),
    ],
)
def test_a_number_that_no_column_holds_is_refused(api, dana, address: str, body: dict, field: str) -> None:
    body |= {"account": str(make_account(owner=dana).pk)} if address == "metrics" else {}
    answer = api(dana).post(f"/api/v1/{address}/", body | {field: 2**15}, format="json")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]


@pytest.mark.parametrize(
    ("page", "sent"),
    [("growth/fiscal-years", {"month": "9" * 5000}), ("metrics/add", {"criterion": "a\x00b"})],
)
def test_what_no_page_sends_is_refused(sign_in: Any, account: Any, alice: Any, page: str, sent: Any) -> None:
    answer = sign_in(alice).post(f"/accounts/{account.pk}/{page}/", sent, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
