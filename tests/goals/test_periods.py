"""Periods follow each other without overlap and without a gap."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.periods import Period, check_periods, is_partial

START = date(2026, 1, 1)
QUARTER = Period(START, date(2026, 4, 1))


def chain(lengths):
    ends = [START]
    for length in lengths:
        ends.append(ends[-1] + timedelta(days=length))
    return [Period(start, end) for start, end in pairwise(ends)]


@given(st.lists(st.integers(1, 100), max_size=12), st.randoms())
def test_adjoining_periods_are_accepted_in_any_sequence(lengths, random):
    periods = chain(lengths)
    assert check_periods(random.sample(periods, len(periods))) == periods


@given(st.lists(st.integers(2, 100), min_size=2, max_size=12), st.integers(-1, 1).filter(bool))
def test_a_moved_border_is_refused(lengths, days):
    periods = chain(lengths)
    periods[0] = Period(periods[0].start, periods[0].end + timedelta(days=days))
    with pytest.raises(CannotCompute) as refusal:
        check_periods(periods)
    assert refusal.value.code == ("periods_overlap" if days > 0 else "periods_gap")


def test_a_period_without_days_is_refused():
    with pytest.raises(CannotCompute) as refusal:
        check_periods([Period(START, START)])
    assert "2026-01-01" in str(refusal.value)


def test_the_last_day_belongs_to_the_next_period():
    assert QUARTER.contains(date(2026, 3, 31))
    assert not QUARTER.contains(date(2026, 4, 1))


@pytest.mark.parametrize(
    ("first", "last", "partial"),
    [
        (START, date(2026, 3, 31), False),
        (START, date(2026, 3, 30), True),
        (date(2026, 1, 2), date(2026, 12, 31), True),
    ],
)
def test_a_period_is_partial_when_data_do_not_reach_its_ends(first, last, partial):
    assert is_partial(QUARTER, first, last) is partial
