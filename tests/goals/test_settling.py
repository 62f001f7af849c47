"""Tasks that the measuring made close by themselves when their reason is gone, and open anew when it comes back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.next_steps import complete_task, reopen_task, update_task
from accounts.models import Activity, Task
from goals.actions import goals as actions
from goals.actions.check_ins import CheckIn, check_in
from goals.actions.metrics import add_measurement, create_metric, update_metric
from goals.actions.nightly import raise_alerts
from goals.actions.settling import settle_alerts
from goals.models import Goal, Metric
from tests.factories import make_account

TODAY = timezone.localdate()
HALF = {"start_on": TODAY - timedelta(days=100), "due_on": TODAY + timedelta(days=100)}


@pytest.fixture
def metric(account: Any, alice: Any) -> Metric:
    values = {"name": "Uptime", "unit": "%", "due_every_days": 400}
    return create_metric(account, values=values, by=alice)


@pytest.fixture
def goal(account: Any, alice: Any, metric: Metric) -> Goal:
    """Off track: half the time is gone, and nothing is done."""
    values = {"title": "Adopt", "metric": metric, "start_value": Decimal(0), "target_value": Decimal(100)}
    made = actions.create_goal(account, values=values | HALF | {"owner": alice}, by=alice)
    add_measurement(metric, value=Decimal(1), on=TODAY - timedelta(days=2), by=alice)
    assert raise_alerts(TODAY) == 1
    return made


def say(goal: Goal, value: int, by: Any, on: date = TODAY) -> None:
    assert goal.metric is not None
    add_measurement(goal.metric, value=Decimal(value), on=on, by=by)


def test_a_value_that_is_on_track_closes_the_task_and_the_timeline_says_why(goal: Goal, alice: Any) -> None:
    say(goal, 60, alice)
    task = Task.objects.get()
    assert task.done_at is not None and task.done_by is None
    entry = Activity.objects.get(verb="task.settled_on_track")
    assert (entry.actor, entry.subject_id, entry.account_id) == (None, str(task.pk), goal.account_id)


def test_at_the_edge_the_task_stays(goal: Goal, alice: Any) -> None:
    say(goal, 42, alice)
    assert Task.objects.open().count() == 1


def test_it_comes_back_as_a_new_task_the_same_week(goal: Goal, alice: Any) -> None:
    say(goal, 60, alice, on=TODAY - timedelta(days=1))
    say(goal, 2, alice)
    assert raise_alerts(TODAY) == 1 and raise_alerts(TODAY) == 0
    assert (Task.objects.count(), Task.objects.open().count()) == (2, 1)


def test_ticked_off_while_the_measuring_closes_it_is_no_conflict(goal: Goal, alice: Any) -> None:
    seen = Task.objects.get()
    say(goal, 60, alice)
    assert complete_task(seen, by=alice).done_by is None
    assert not Activity.objects.filter(verb="task.completed").exists()


def test_ticked_off_by_somebody_stays_quiet(goal: Goal, alice: Any) -> None:
    complete_task(Task.objects.get(), by=alice)
    assert raise_alerts(TODAY) == 0 and settle_alerts(TODAY) == 0


def test_what_somebody_changed_stays_and_the_timeline_says_so_once(goal: Goal, alice: Any) -> None:
    update_task(Task.objects.get(), values={"title": "Call the plant manager"}, by=alice)
    say(goal, 60, alice)
    assert settle_alerts(TODAY) == 0
    assert Task.objects.open().get().title == "Call the plant manager"
    assert Activity.objects.filter(verb="task.reason_gone").count() == 1


def test_a_task_that_was_reopened_is_somebodys(goal: Goal, alice: Any) -> None:
    say(goal, 60, alice)
    reopen_task(Task.objects.get(), by=alice)
    assert settle_alerts(TODAY) == 0 and Task.objects.open().count() == 1


def test_another_goal_of_the_same_metric_keeps_it_open(account: Any, goal: Goal, alice: Any) -> None:
    values = {"title": "More", "metric": goal.metric, "start_value": Decimal(0), "target_value": Decimal(900)}
    actions.create_goal(account, values=values | HALF, by=alice)
    say(goal, 60, alice)
    assert Task.objects.open().count() == 1


def test_a_changed_target_or_a_closed_goal_closes_it(goal: Goal, alice: Any) -> None:
    actions.update_goal(goal, values={"target_value": Decimal(2)}, by=alice)
    assert Activity.objects.filter(verb="task.settled_on_track").count() == 1
    actions.update_goal(goal, values={"target_value": Decimal(100)}, by=alice)
    raise_alerts(TODAY)
    actions.close_goal(goal, outcome="dropped", by=alice)
    assert not Task.objects.open().exists()
    assert Activity.objects.filter(verb="task.settled_gone").count() == 1


def test_a_judgement_closes_it_where_nothing_is_measured(account: Any, alice: Any) -> None:
    goal = actions.create_goal(account, values={"title": "Trust"} | HALF | {"owner": alice}, by=alice)
    check_in(goal, CheckIn(verdict="off_track"), by=alice)
    raise_alerts(TODAY)
    check_in(goal, CheckIn(verdict="on_track"), by=alice)
    assert not Task.objects.open().exists()


def test_a_value_back_in_its_band_or_another_band_closes_it(metric: Metric, alice: Any) -> None:
    update_metric(metric, values={"band_low": Decimal(90)}, by=alice)
    for value, back in ((80, 1), (95, 2)):
        add_measurement(metric, value=Decimal(value), on=TODAY - timedelta(days=9 - back), by=alice)
        raise_alerts(TODAY)
    assert Activity.objects.filter(verb="task.settled_in_band").count() == 1
    add_measurement(metric, value=Decimal(70), on=TODAY, by=alice)
    raise_alerts(TODAY)
    update_metric(metric, values={"band_low": None}, by=alice)
    assert not Task.objects.open().exists()
    assert Activity.objects.filter(verb="task.settled_gone").count() == 1


def test_a_goal_that_is_measured_otherwise_leaves_no_task_behind(
    account: Any, goal: Goal, alice: Any
) -> None:
    other = create_metric(account, values={"name": "Seats", "unit": "", "due_every_days": 400}, by=alice)
    actions.update_goal(goal, values={"metric": other}, by=alice)
    assert not Task.objects.open().exists()


def test_a_value_that_was_missing_closes_the_question_for_it(metric: Metric, alice: Any) -> None:
    update_metric(metric, values={"due_every_days": 30}, by=alice)
    add_measurement(metric, value=Decimal(1), on=TODAY - timedelta(days=60), by=alice)
    raise_alerts(TODAY)
    add_measurement(metric, value=Decimal(1), on=TODAY, by=alice)
    assert Activity.objects.filter(verb="task.settled_measured").count() == 1


def test_the_nightly_round_settles_what_came_by_another_way(goal: Goal) -> None:
    assert goal.metric is not None
    goal.metric.measurements.create(measured_on=TODAY, value=Decimal(70), source="computed")
    assert settle_alerts(TODAY) == 1 and settle_alerts(TODAY) == 0


def test_tasks_of_an_archived_account_rest(account: Any, goal: Goal) -> None:
    assert goal.metric is not None
    goal.metric.measurements.create(measured_on=TODAY, value=Decimal(70), source="computed")
    account.status = "inactive"
    account.save()
    assert settle_alerts(TODAY) == 0 and Task.objects.open().count() == 1


def test_the_round_reads_as_much_for_many_tasks_as_for_one(goal: Goal, alice: Any) -> None:
    with CaptureQueriesContext(connection) as one:
        settle_alerts(TODAY)
    for number in range(5):
        account = make_account(name=f"Customer {number}")
        values = {"name": "Uptime", "band_high": Decimal(5)}
        metric = create_metric(account, values=values, by=alice)
        add_measurement(metric, value=Decimal(9), on=TODAY, by=alice)
    raise_alerts(TODAY)
    with CaptureQueriesContext(connection) as many:
        settle_alerts(TODAY)
    assert len(many) == len(one)
