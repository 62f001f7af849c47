"""The rhythm of orders."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.gaps import gap_statistics

START = date(2026, 1, 1)
AS_OF = date(2026, 6, 30)


def after(*numbers):
    return [START + timedelta(days=number) for number in numbers]


def test_it_expects_the_next_order_a_median_gap_after_the_last():
    found = gap_statistics(after(0, 10, 22, 32, 46), AS_OF)
    assert (found.median, found.mad, found.last_on) == (11.0, 1.0, date(2026, 2, 16))
    assert found.expected_on == date(2026, 2, 27)


@pytest.mark.parametrize(("elapsed", "overdue"), [(14, False), (15, True)])
def test_an_order_is_overdue_only_beyond_median_and_three_deviations(elapsed, overdue):
    found = gap_statistics(after(0, 10, 22, 32, 46), START + timedelta(days=46 + elapsed))
    assert (found.overdue_after, found.overdue) == (14.0, overdue)
    assert found.overdue_days == (1.0 if overdue else 0.0)


def test_the_tolerance_can_be_chosen():
    assert gap_statistics(after(0, 10, 22, 32, 46), AS_OF, tolerance=1).overdue_after == 12.0


def test_several_orders_of_one_day_count_once():
    assert gap_statistics(after(0, 0, 7, 7, 14), AS_OF).order_days == 3


def test_orders_after_the_day_of_the_view_are_not_known_yet():
    assert gap_statistics(after(0, 7, 14), START + timedelta(days=10)).last_on == date(2026, 1, 8)


def test_few_orders_make_nobody_overdue():
    found = gap_statistics(after(0, 10), AS_OF)
    assert (found.median, found.expected_on, found.overdue) == (10.0, date(2026, 1, 21), None)


def test_one_order_has_no_rhythm():
    found = gap_statistics(after(3), START + timedelta(days=5))
    assert (found.elapsed, found.median, found.expected_on) == (2, None, None)


def test_no_order_leaves_everything_open():
    found = gap_statistics([], AS_OF)
    assert (found.order_days, found.last_on, found.elapsed, found.overdue) == (0, None, None, None)


def test_a_long_pause_does_not_move_the_median():
    assert gap_statistics(after(0, 7, 14, 21, 121, 128, 135), AS_OF).median == 7.0


@given(st.lists(st.integers(0, 170), min_size=4, unique=True), st.randoms())
def test_the_sequence_in_which_orders_are_read_does_not_matter(numbers, random):
    days = after(*numbers)
    shuffled = random.sample(days, len(days))
    assert gap_statistics(shuffled, AS_OF) == gap_statistics(days, AS_OF)
