"""Progress, pace and state of goals: every boundary."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.progress import (
    Course,
    Milestone,
    assess_steps,
    elapsed_part,
    fraction_done,
    measure_progress,
    progress_by_target,
)

FIRST, HALF, DUE = date(2026, 1, 1), date(2026, 4, 11), date(2026, 7, 20)
numbers = st.floats(-1e6, 1e6)


def rising(**changes):
    return Course(**{"starts_on": FIRST, "due_on": DUE, "start": 100, "target": 150} | changes)


def test_a_fifth_of_fifty_at_half_time_is_forty_percent_and_ten_points_behind():
    found = measure_progress(rising(), 120, HALF)
    assert (found.progress, found.elapsed) == (0.4, 0.5)
    assert found.pace_gap == pytest.approx(-0.10)


def test_a_falling_metric_progresses_by_falling():
    found = measure_progress(rising(start=30, target=20), Decimal("24"), HALF)
    assert (found.progress, found.state) == (0.6, "on_track")


@pytest.mark.parametrize(
    ("current", "state"),
    [
        (122.5, "on_track"),
        (122.4, "at_risk"),
        (115, "at_risk"),
        (114.9, "off_track"),
        (90, "off_track"),
        (150, "achieved"),
        (170, "achieved"),
        (None, "no_data"),
    ],
)
def test_the_state_at_half_time_follows_the_pace_gap(current, state):
    assert measure_progress(rising(), current, HALF).state == state


@pytest.mark.parametrize(
    ("day", "current", "state"),
    [
        (FIRST - timedelta(days=1), 150, "not_started"),
        (FIRST, 100, "on_track"),
        (DUE, 149, "on_track"),
        (DUE + timedelta(days=1), 149, "missed"),
        (DUE + timedelta(days=1), 150, "achieved"),
        (DUE + timedelta(days=1), None, "no_data"),
    ],
)
def test_the_state_knows_the_first_and_the_last_day(day, current, state):
    assert measure_progress(rising(), current, day).state == state


def test_going_the_wrong_way_is_negative_progress():
    assert measure_progress(rising(), 90, HALF).progress == pytest.approx(-0.2)


@pytest.mark.parametrize("missing", ["start", "target"])
def test_a_goal_without_its_ends_has_no_progress_instead_of_none(missing):
    found = measure_progress(rising(**{missing: None}), 120, HALF)
    assert (found.progress, found.pace_gap, found.state) == (None, None, "no_data")


@pytest.mark.parametrize(
    ("direction", "current", "state"),
    [
        (None, 100, "on_track"),
        (None, 101, "off_track"),
        ("up", 101, "on_track"),
        ("up", 99, "off_track"),
        ("down", 99, "on_track"),
        ("down", 101, "off_track"),
    ],
)
def test_a_goal_whose_start_is_its_target_is_to_be_held(direction, current, state):
    assert measure_progress(rising(target=100, direction=direction), current, HALF).state == state


@pytest.mark.parametrize(("current", "state"), [(100, "achieved"), (99, "missed")])
def test_only_the_due_day_decides_about_a_held_goal(current, state):
    course = rising(target=100, direction="up")
    assert measure_progress(course, current, DUE + timedelta(days=1)).state == state


def test_milestones_bend_the_planned_line():
    course = rising(milestones=[Milestone(HALF, 105)])
    found = measure_progress(course, 105, HALF)
    assert (found.planned, found.pace_gap, found.elapsed) == (pytest.approx(0.1), pytest.approx(0), 0.5)


def test_the_planned_line_is_straight_between_milestones():
    course = rising(milestones=[Milestone(HALF, 105)])
    between = HALF + (DUE - HALF) / 2
    assert measure_progress(course, 127.5, between).planned == pytest.approx(0.55)
    assert measure_progress(course, 127.5, DUE).planned == 1.0


def test_milestones_outside_the_time_of_the_goal_do_not_count():
    course = rising(milestones=[Milestone(DUE + timedelta(days=9), 105)])
    assert measure_progress(course, 105, HALF).planned == 0.5


def test_a_goal_of_one_day_is_over_on_that_day():
    assert elapsed_part(FIRST, FIRST, FIRST - timedelta(days=1)) == 0.0
    assert elapsed_part(FIRST, FIRST, FIRST) == 1.0


def test_a_goal_due_before_it_starts_is_refused():
    with pytest.raises(CannotCompute) as refusal:
        measure_progress(rising(due_on=FIRST - timedelta(days=1)), 120, HALF)
    assert refusal.value.code == "due_before_start"


def test_a_value_that_is_no_number_is_refused():
    with pytest.raises(CannotCompute):
        measure_progress(rising(), float("nan"), HALF)


def test_a_moved_target_keeps_both_lines():
    assert progress_by_target(100, 120, [150, 200]) == [0.4, 0.2]


def test_a_qualitative_goal_progresses_by_its_steps():
    found = assess_steps(FIRST, DUE, [True, True, False, False], HALF)
    assert (found.progress, found.state) == (0.5, "on_track")


def test_the_verdict_of_a_person_is_the_state_of_a_qualitative_goal():
    found = assess_steps(FIRST, DUE, [True, True, False, False], HALF, verdict="off_track")
    assert (found.progress, found.state) == (0.5, "off_track")


def test_a_qualitative_goal_without_steps_and_verdict_tells_nothing():
    assert assess_steps(FIRST, DUE, [], HALF).state == "no_data"
    assert assess_steps(FIRST, DUE, [], HALF, verdict="at_risk").state == "at_risk"


@given(numbers, numbers, st.floats(-2, 3))
def test_progress_is_linear_between_start_and_target(start, target, part):
    if abs(target - start) > 1e-3:
        assert fraction_done(start, target, start + part * (target - start)) == pytest.approx(part, abs=1e-5)


@given(st.integers(-50, 400), st.integers(0, 300))
def test_time_never_runs_backwards(day, length):
    due = FIRST + timedelta(days=length)
    today, tomorrow = (elapsed_part(FIRST, due, FIRST + timedelta(days=day + more)) for more in (0, 1))
    assert 0 <= today <= tomorrow <= 1
