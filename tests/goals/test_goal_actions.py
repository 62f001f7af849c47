"""Goals through their actions: set, change with a trace, check in, close and reopen."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Activity, Task
from goals.actions import goals as actions
from goals.actions.check_ins import CheckIn, check_in
from goals.actions.metrics import add_measurement, create_metric, measure_facts, metric_for_fact
from goals.actions.nightly import measure_all, raise_alerts
from goals.models import Goal, Measurement
from goals.status import goal_status
from kam.lib.errors import Conflict, DomainError, InvalidInput
from tests.factories import make_account, make_goal, make_sales

YEAR = {"start_on": date(2026, 1, 1), "due_on": date(2026, 12, 31)}


@pytest.fixture
def metric(account: Any, alice: Any) -> Any:
    return create_metric(account, values={"name": "Adoption", "unit": "%"}, by=alice)


@pytest.fixture
def goal(account: Any, alice: Any, metric: Any) -> Goal:
    values = {"title": "Adopt", "metric": metric, "start_value": Decimal(100), "target_value": Decimal(150)}
    return actions.create_goal(account, values=values | YEAR, by=alice)


def test_it_writes_one_line_in_the_timeline(goal: Goal) -> None:
    assert Activity.objects.filter(verb="goal.created", subject_id=str(goal.pk)).count() == 1


def test_half_the_time_and_forty_percent_done_is_ten_points_behind(goal: Goal, alice: Any) -> None:
    add_measurement(goal.metric, value=Decimal(120), on=date(2026, 6, 1), by=alice)
    found = goal_status(goal, date(2026, 7, 2))
    assert found.progress == pytest.approx(0.4)
    assert found.pace_gap == pytest.approx(-0.1)
    assert found.state == "at_risk"


def test_a_list_of_goals_says_the_same_as_one_goal(goal: Goal, alice: Any) -> None:
    add_measurement(goal.metric, value=Decimal(120), on=date(2026, 6, 1), by=alice)
    day = date(2026, 7, 2)
    assert goal_status(Goal.objects.for_list(day).get(), day) == goal_status(goal, day)


def test_a_value_after_the_day_does_not_count(goal: Goal, alice: Any) -> None:
    add_measurement(goal.metric, value=Decimal(120), on=date(2026, 6, 1), by=alice)
    assert goal_status(goal, date(2026, 5, 1)).state == "no_data"


def test_the_same_value_of_a_day_again_changes_nothing(goal: Goal, alice: Any) -> None:
    add_measurement(goal.metric, value=Decimal(120), on=date(2026, 6, 1), by=alice)
    before = Activity.objects.count()
    _row, made = add_measurement(goal.metric, value=Decimal(120), on=date(2026, 6, 1), by=alice)
    assert (made, Measurement.objects.count(), Activity.objects.count()) == (False, 1, before)


def test_a_moved_target_keeps_the_earlier_one_with_its_reason(goal: Goal, alice: Any) -> None:
    actions.update_goal(goal, values={"target_value": Decimal(200)}, by=alice, reason="New plant")
    earlier = goal.earlier_targets.get()
    assert (earlier.target_value, earlier.due_on, earlier.reason) == (150, date(2026, 12, 31), "New plant")
    assert goal.version == 2


def test_a_change_without_effect_writes_nothing(goal: Goal, alice: Any) -> None:
    before = Activity.objects.count()
    actions.update_goal(goal, values={"target_value": Decimal(150)}, by=alice)
    assert (goal.version, Activity.objects.count()) == (1, before)


def test_a_change_on_an_older_version_is_refused(goal: Goal, alice: Any) -> None:
    with pytest.raises(Conflict):
        actions.update_goal(goal, values={"title": "X"}, by=alice, expected_version=7)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " "}, "invalid"),
        ({"due_on": date(2026, 1, 1)}, "due_before_start"),
        ({"due_on": date(2025, 1, 1)}, "due_before_start"),
        ({"target_value": None}, "no_target"),
        ({"metric": None}, "no_metric"),
        ({"colour": "red"}, "unknown_field"),
        ({"target_value": Decimal("NaN")}, "invalid"),
        ({"target_value": Decimal("1E30")}, "invalid"),
        ({"side": "theirs"}, "invalid"),
    ],
)
def test_an_impossible_goal_is_refused(account: Any, alice: Any, metric: Any, change: Any, code: str) -> None:
    values = {"title": "A", "metric": metric, "start_value": Decimal(1), "target_value": Decimal(2)} | YEAR
    with pytest.raises(InvalidInput) as refused:
        actions.create_goal(account, values=values | change, by=alice)
    assert refused.value.code == code
    assert not Goal.objects.exists()


def test_a_metric_of_another_account_is_refused(alice: Any, metric: Any) -> None:
    values = {"title": "A", "metric": metric, "target_value": Decimal(2)} | YEAR
    with pytest.raises(InvalidInput, match=r"another account|anderen Account"):
        actions.create_goal(make_account(owner=alice), values=values, by=alice)


def test_a_goal_cannot_stand_below_itself(goal: Goal, account: Any, alice: Any) -> None:
    child = make_goal(account, parent=goal)
    with pytest.raises(InvalidInput) as refused:
        actions.update_goal(goal, values={"parent": child}, by=alice)
    assert refused.value.code == "goal_circle"


def test_start_equal_to_target_is_held_until_the_due_day(account: Any, alice: Any, metric: Any) -> None:
    values = {"title": "Hold", "metric": metric, "start_value": Decimal(95), "target_value": Decimal(95)}
    goal = actions.create_goal(account, values=values | YEAR, by=alice)
    add_measurement(metric, value=Decimal(96), on=date(2026, 5, 1), by=alice)
    assert goal_status(goal, date(2026, 6, 1)).state == "on_track"
    assert goal_status(goal, date(2026, 12, 31)).state == "achieved"


def test_closing_and_reopening_are_two_lines_of_the_timeline(goal: Goal, alice: Any) -> None:
    actions.close_goal(goal, outcome="achieved", by=alice)
    actions.close_goal(goal, outcome="achieved", by=alice)
    assert goal_status(goal, date(2026, 2, 1)).state == "achieved"
    actions.reopen_goal(goal, by=alice)
    assert (goal.outcome, goal.closed_at) == ("", None)
    assert Activity.objects.filter(verb__in=["goal.closed", "goal.reopened"]).count() == 2


def test_a_closed_goal_is_not_changed(goal: Goal, alice: Any) -> None:
    actions.close_goal(goal, outcome="dropped", by=alice)
    with pytest.raises(DomainError, match=r"closed|abgeschlossen"):
        actions.update_goal(goal, values={"title": "X"}, by=alice)


def test_a_judgement_speaks_for_a_goal_in_words(account: Any, alice: Any) -> None:
    goal = actions.create_goal(account, values={"title": "Trust"} | YEAR, by=alice)
    check_in(goal, CheckIn(verdict="off_track", note="The sponsor has left"), by=alice)
    goal.refresh_from_db()
    assert goal_status(goal, date(2026, 6, 1)).state == "off_track"
    assert goal.cause == "The sponsor has left"


def test_ticked_milestones_are_the_progress_of_a_goal_in_words(account: Any, alice: Any) -> None:
    goal = actions.create_goal(account, values={"title": "Trust"} | YEAR, by=alice)
    steps = [
        actions.add_milestone(goal, values={"title": title, "due_on": date(2026, 6, 1)}, by=alice)
        for title in ("Meet", "Agree")
    ]
    actions.tick_milestone(steps[0], done=True, by=alice)
    assert goal_status(goal, date(2026, 3, 1)).progress == 0.5


def test_a_milestone_lies_between_start_and_due_day(goal: Goal, alice: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        actions.add_milestone(goal, values={"title": "A", "due_on": date(2027, 1, 1)}, by=alice)
    assert refused.value.code == "milestone_outside"


def test_milestones_with_values_bend_the_planned_line(goal: Goal, alice: Any) -> None:
    actions.add_milestone(
        goal, values={"title": "A", "due_on": date(2026, 7, 2), "value": Decimal(105)}, by=alice
    )
    add_measurement(goal.metric, value=Decimal(105), on=date(2026, 6, 1), by=alice)
    assert goal_status(goal, date(2026, 7, 2)).state == "on_track"


def test_an_empty_check_in_is_refused(goal: Goal, alice: Any) -> None:
    with pytest.raises(InvalidInput):
        check_in(goal, CheckIn(), by=alice)


def test_a_value_of_tomorrow_is_refused(goal: Goal, alice: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_in(goal, CheckIn(value=Decimal(1), on=timezone.localdate() + timedelta(days=1)), by=alice)
    assert refused.value.code == "not_yet"


def test_work_for_a_goal_stands_in_the_timeline_and_at_the_goal(goal: Goal, alice: Any) -> None:
    Goal.objects.update(worked_at=timezone.now() - timedelta(days=40))
    assert Goal.objects.idle().count() == 1
    actions.log_work(goal, values={"verb": "call", "body": "Training agreed"}, by=alice)
    assert goal.work.get().activity.body == "Training agreed"
    assert not Goal.objects.idle().exists()


def test_a_fact_is_measured_at_once_and_gives_the_start(account: Any, alice: Any) -> None:
    make_sales(account, [(400, date(2025, 6, 1)), (100, date(2025, 9, 1))])
    metric = metric_for_fact(account, "revenue", window="all", by=alice)
    values = {"title": "Grow", "metric": metric, "target_value": Decimal(1000)} | YEAR
    goal = actions.create_goal(account, values=values, by=alice)
    assert goal.start_value == 500
    assert goal_status(goal, timezone.localdate()).current == 500


def test_the_nightly_round_measures_all_metrics_in_few_queries(
    account: Any, alice: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        other = make_account(owner=alice)
        make_sales(other, [(100 + number, date(2026, 3, 1))])
        metric_for_fact(other, "revenue", window="all", by=alice)
        metric_for_fact(other, "orders", window="all", by=alice)
    Measurement.objects.all().delete()
    with django_assert_max_num_queries(8):
        assert measure_facts(date(2026, 4, 1)) == 8
    assert measure_facts(date(2026, 4, 1)) == 8
    assert Measurement.objects.count() == 8


def test_an_account_without_orders_has_revenue_zero_and_no_average(account: Any, alice: Any) -> None:
    metric_for_fact(account, "revenue", by=alice)
    metric_for_fact(account, "average_transaction_size", by=alice)
    Measurement.objects.all().delete()
    assert measure_facts(date(2026, 4, 1)) == 1


def test_off_track_opens_one_task_for_an_account_a_metric_and_a_reason(
    account: Any, alice: Any, metric: Any
) -> None:
    for title in ("One", "Two"):
        values = {"title": title, "metric": metric, "start_value": Decimal(0), "target_value": Decimal(10)}
        actions.create_goal(account, values=values | YEAR | {"owner": alice}, by=alice)
    add_measurement(metric, value=Decimal(0), on=date(2026, 6, 20), by=alice)
    assert raise_alerts(date(2026, 7, 1)) == 1
    assert raise_alerts(date(2026, 7, 2)) == 0
    task = Task.objects.get()
    assert (task.assignee, task.account) == (alice, account)


def test_a_ticked_alert_stays_quiet_for_a_month(account: Any, goal: Goal, alice: Any) -> None:
    add_measurement(goal.metric, value=Decimal(100), on=date(2026, 6, 20), by=alice)
    raise_alerts(date(2026, 7, 1))
    Task.objects.update(done_at=timezone.now(), done_by=alice)
    assert raise_alerts(date(2026, 7, 2)) == 0
    Task.objects.update(done_at=timezone.now() - timedelta(days=31))
    raise_alerts(date(2026, 7, 3))
    assert Task.objects.filter(key__endswith="off_track").count() == 2


def test_a_metric_that_stops_being_delivered_is_asked_for(goal: Goal, alice: Any) -> None:
    add_measurement(goal.metric, value=Decimal(145), on=date(2026, 2, 1), by=alice)
    assert goal_status(goal, date(2026, 3, 1)).stale is False
    assert goal_status(goal, date(2026, 3, 20)).stale is True
    raise_alerts(date(2026, 3, 20))
    assert Task.objects.get().key.endswith("stale")


def test_an_inactive_account_raises_nothing(account: Any, goal: Goal) -> None:
    account.status = "inactive"
    account.save()
    assert measure_all(date(2026, 7, 1))["alerts"] == 0


def test_a_computed_metric_cannot_be_typed_in(account: Any, alice: Any) -> None:
    metric = metric_for_fact(account, "revenue", by=alice)
    with pytest.raises(InvalidInput) as refused:
        add_measurement(metric, value=Decimal(1), on=date(2026, 1, 1), by=alice)
    assert refused.value.code == "computed_metric"
