"""What would have to change: published cases and checks by brute force."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.ranking import ranks, score_account, score_matrix
from scoring.sensitivity import (
    inside_of,
    rating_changes,
    ratings_at_line,
    smallest_swap,
    smallest_tie,
    tie_change,
    weight_intervals,
)
from scoring.stability import Cut

# Triantaphyllou & Sanchez (1997), example 1.
PUBLISHED = np.array(
    [
        [0.3088, 0.2897, 0.3867, 0.1922],
        [0.2163, 0.3458, 0.1755, 0.6288],
        [0.4509, 0.2473, 0.1194, 0.0575],
        [0.0240, 0.1172, 0.3184, 0.1215],
    ]
)
PUBLISHED_WEIGHTS = [0.3277, 0.3058, 0.2876, 0.0790]
RATINGS = np.array([[9.0, 4], [6, 6], [3, 7]])


def on_top(ratings, weights, top):
    return list(ranks(score_matrix(ratings, weights).total) <= top)


def scaled(weights, k, share):
    rest = sum(w for j, w in enumerate(weights) if j != k)
    return [share if j == k else (1 - share) * w / rest for j, w in enumerate(weights)]


def test_the_published_totals_come_out():
    total = score_matrix(PUBLISHED, PUBLISHED_WEIGHTS).total * sum(PUBLISHED_WEIGHTS)
    assert total == pytest.approx([0.3162, 0.2768, 0.2621, 0.1449], abs=0.0002)


def test_the_first_two_published_accounts_tie_when_the_third_weight_falls_by_two_thirds():
    assert tie_change(PUBLISHED[0], PUBLISHED[1], PUBLISHED_WEIGHTS, 2) == pytest.approx(-0.649, abs=0.001)


def test_the_most_critical_published_change_is_a_rise_of_the_first_weight():
    change = smallest_swap(PUBLISHED, PUBLISHED_WEIGHTS, Cut(2))
    assert (change.first, change.second, change.criterion) == (1, 2, 0)
    assert change.relative == pytest.approx(0.189, abs=0.001)
    assert change.weight == pytest.approx(0.3277 * 1.1887 / (1 + 0.3277 * 0.1887), abs=0.0005)


def test_no_weight_makes_a_dominated_account_tie():
    assert tie_change([5, 5], [4, 4], [1, 1], 0) is None
    assert smallest_tie(np.array([[5.0, 5], [4, 4]]), [1, 1], 0, 1) is None


def test_equal_ratings_leave_a_weight_without_influence():
    assert tie_change([5, 6], [5, 4], [1, 1], 0) is None


def test_a_smallest_tie_names_the_criterion():
    change = smallest_tie(RATINGS, [0.6, 0.4], 0, 1)
    assert (change.criterion, change.relative) == (0, pytest.approx(-5 / 9))


def test_an_interval_ends_where_two_accounts_swap():
    """9v + 4(1-v) = 6 at v = .4; above it the first account leads, at v = 1 still."""
    interval = weight_intervals(RATINGS, [0.6, 0.4], Cut(1))[0]
    assert (interval.low, interval.high) == pytest.approx((0.4, 1.0))
    assert (interval.low_swap, interval.high_swap) == ((0, 1), None)


def test_both_intervals_of_two_criteria_mirror_each_other():
    first, second = weight_intervals(RATINGS, [0.6, 0.4], Cut(1))
    assert (second.low, second.high) == pytest.approx((1 - first.high, 1 - first.low))


def test_a_dominating_account_stays_on_top_whatever_the_weights():
    for interval in weight_intervals(np.array([[9.0, 9], [5, 8]]), [0.5, 0.5], Cut(1)):
        assert (interval.low, interval.high) == (0.0, 1.0)


@pytest.mark.parametrize("top", [3, 7])
def test_with_places_for_everyone_no_weight_matters(top):
    assert [(i.low, i.high) for i in weight_intervals(RATINGS, [0.6, 0.4], Cut(top))] == [(0, 1), (0, 1)]
    assert smallest_swap(RATINGS, [0.6, 0.4], Cut(top)) is None
    assert rating_changes(RATINGS, [0.6, 0.4], Cut(top)) == [None] * 3


def test_a_single_criterion_keeps_its_weight():
    interval = weight_intervals(np.array([[3.0], [4.0]]), [1], Cut(1))[0]
    assert (interval.low, interval.high) == (1.0, 1.0)


def test_a_criterion_with_all_the_weight_hands_it_on_in_equal_parts():
    interval = weight_intervals(np.array([[6.0, 3, 3], [5, 5, 5]]), [1, 0, 0], Cut(1))[0]
    assert interval.low == pytest.approx(2 / 3)


def test_an_account_would_be_key_if_one_rating_were_higher():
    ratings = np.array([[8.0, 8], [6, 7], [3, 3]])
    change = rating_changes(ratings, [0.6, 0.4], Cut(1))[1]
    assert (change.criterion, change.current, change.needed, change.enters) == (0, 6.0, 9, True)
    assert change.exact == pytest.approx(6 + 1.6 / 0.6)


def test_an_account_on_top_leaves_when_one_rating_falls_behind():
    change = rating_changes(np.array([[8.0, 8], [6, 7]]), [0.6, 0.4], Cut(1))[0]
    assert (change.criterion, change.needed, change.enters) == (0, 5, False)


def test_a_missing_rating_may_be_the_way_in():
    change = rating_changes(np.array([[6.0, 6], [7, np.nan]]), [0.5, 0.5], Cut(1), criteria=[1])[1]
    assert (change.criterion, change.current, change.needed) == (1, None, 5)


def test_some_accounts_are_too_far_away():
    assert rating_changes(np.array([[10.0, 10], [1, 1]]), [0.5, 0.5], Cut(1))[1] is None


def test_criteria_that_do_not_apply_change_nothing():
    applicable = np.array([[True, True], [False, True]])
    exact = ratings_at_line(np.array([[8.0, 8], [9, 6]]), [0.5, 0.5], Cut(1), applicable)
    assert np.isnan(exact[1, 0])
    assert exact[1, 1] == pytest.approx(8)


def test_a_threshold_is_crossed_like_an_account_that_never_moves():
    """Totals 7 and 5.8 around 6.5: the first has 9v + 4(1-v) = 6.5 at v = .5, the second reaches it at .25."""
    ratings = np.array([[9.0, 4], [5, 7]])
    first = weight_intervals(ratings, [0.6, 0.4], Cut(threshold=6.5))[0]
    assert (first.low, first.low_swap) == (pytest.approx(0.5), (0, 2))
    assert (first.high, first.high_swap) == (1.0, None)
    second = rating_changes(ratings, [0.6, 0.4], Cut(threshold=6.5))[1]
    assert (second.criterion, second.needed, second.enters) == (0, 7, True)


def test_where_a_criterion_does_not_apply_its_weight_moves_nothing():
    """The second account has 6 whatever the first weight; the first one falls to that at 9v + 4(1-v) = 6."""
    applicable = np.array([[True, True], [False, True]])
    interval = weight_intervals(np.array([[9.0, 4], [1, 6]]), [0.6, 0.4], Cut(1), applicable)[0]
    assert (interval.low, interval.high) == pytest.approx((0.4, 1.0))


def test_two_equal_accounts_tie_already():
    change = smallest_tie(np.array([[5.0, 5], [5, 5]]), [0.6, 0.4], 0, 1)
    assert (change.criterion, change.relative, change.weight) == (0, 0.0, 0.6)


@st.composite
def cases(draw):
    seed, n, m = draw(st.integers(0, 10_000)), draw(st.integers(2, 8)), draw(st.integers(2, 4))
    generator = np.random.default_rng(seed)
    ratings = generator.integers(1, 11, (n, m)).astype(float)
    return ratings, generator.dirichlet(np.ones(m)).tolist(), draw(st.integers(1, n - 1))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_inside_its_interval_a_weight_changes_nobody_on_top_and_beyond_it_somebody(case):
    ratings, weights, top = case
    before = on_top(ratings, weights, top)
    assume(sum(before) == top)  # with a tie at the line there is no top N to keep
    for interval in weight_intervals(ratings, weights, Cut(top)):
        assert interval.low - 1e-9 <= interval.weight <= interval.high + 1e-9
        width = interval.high - interval.low
        for part in (0.001, 0.5, 0.999) if width > 1e-4 else ():
            share = interval.low + part * width
            assert on_top(ratings, scaled(weights, interval.criterion, share), top) == before
        for end, step, swap in (
            (interval.low, -1e-6, interval.low_swap),
            (interval.high, 1e-6, interval.high_swap),
        ):
            if swap is not None and 0 < end + step < 1:
                assert on_top(ratings, scaled(weights, interval.criterion, end + step), top) != before


@settings(max_examples=150, deadline=None)
@given(cases(), st.sampled_from([None, 5.5]), st.integers(0, 10_000))
def test_the_same_holds_where_criteria_do_not_apply_and_for_a_threshold(case, threshold, seed):
    ratings, weights, top = case
    cut = Cut(top=top) if threshold is None else Cut(threshold=threshold)
    applicable = np.random.default_rng(seed).random(ratings.shape) < 0.7

    def inside(shares):
        return list(inside_of(score_matrix(ratings, shares, applicable).total, cut))

    before = inside(weights)
    assume(threshold is not None or sum(before) == top)
    for interval in weight_intervals(ratings, weights, cut, applicable):
        width = interval.high - interval.low
        for part in (0.001, 0.3, 0.7, 0.999) if width > 1e-4 else ():
            assert inside(scaled(weights, interval.criterion, interval.low + part * width)) == before
        for end, step, swap in (
            (interval.low, -1e-6, interval.low_swap),
            (interval.high, 1e-6, interval.high_swap),
        ):
            if swap is not None and 0 < end + step < 1:
                assert inside(scaled(weights, interval.criterion, end + step)) != before


@settings(max_examples=150, deadline=None)
@given(cases())
def test_a_needed_rating_takes_the_account_across_and_one_less_does_not(case):
    ratings, weights, top = case
    for change in filter(None, rating_changes(ratings, weights, Cut(top))):
        place = ranks(score_matrix(ratings, weights).total)[change.account]
        assert (place > top) == change.enters
        crossed = ratings.copy()
        crossed[change.account, change.criterion] = change.needed
        assert on_top(crossed, weights, top)[change.account] == change.enters
        crossed[change.account, change.criterion] = change.needed + (-1 if change.enters else 1)
        assert on_top(crossed, weights, top)[change.account] != change.enters


@settings(max_examples=100, deadline=None)
@given(cases())
def test_two_accounts_tie_after_the_smallest_change(case):
    ratings, weights, _ = case
    change = smallest_tie(ratings, weights, 0, 1)
    if change is not None:
        moved = [w * (1 + change.relative) if k == change.criterion else w for k, w in enumerate(weights)]
        if sum(moved) > 1e-6:
            first, second = (score_account(list(row), moved).total for row in ratings[:2])
            assert first == pytest.approx(second, abs=1e-6)
