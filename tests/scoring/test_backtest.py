"""A ranking against what happened afterwards."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.backtest import (
    average_ranks,
    backtest,
    bootstrap_interval,
    calibration,
    events,
    lift,
    overlap,
    spearman,
)
from scoring.inputs import InputError

NUMBERS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=12)


def array(*values):
    return np.array(values, dtype=float)


def test_the_textbook_rank_correlation_comes_out():
    """Intelligence against hours of television, the usual worked example: -29/165."""
    intelligence = array(106, 100, 86, 101, 99, 103, 97, 113, 112, 110)
    hours = array(7, 27, 2, 50, 28, 29, 20, 12, 6, 17)
    assert spearman(intelligence, hours) == pytest.approx(-29 / 165)


def test_equal_values_share_the_mean_of_their_places():
    assert list(average_ranks(array(7, 9, 7, 5))) == [2.5, 4, 2.5, 1]


@pytest.mark.parametrize("pair", [((), ()), ((1,), (2,)), ((1, 1, 1), (1, 2, 3))])
def test_without_variation_there_is_no_correlation(pair):
    first, second = (array(*values) for values in pair)
    assert spearman(first, second) is None
    assert bootstrap_interval(first, second, seed=1) is None


@given(NUMBERS)
def test_the_correlation_is_that_of_the_ranks(pairs):
    first, second = np.array(pairs, dtype=float).T
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        assert spearman(first, second) is None
    else:
        expected = np.corrcoef(average_ranks(first), average_ranks(second))[0, 1]
        assert spearman(first, second) == pytest.approx(expected, abs=1e-12)


def test_the_interval_equals_one_from_sorting_each_resample_anew():
    """All 27 resamples of three accounts are equally likely, so the exact distribution is known."""
    first, second = array(1, 2, 3), array(2, 1, 3)
    exact = [spearman(first[list(drawn)], second[list(drawn)]) for drawn in product(range(3), repeat=3)]
    exact = [value for value in exact if value is not None]
    low, high = bootstrap_interval(first, second, seed=3, resamples=20_000, level=0.3)
    assert (low, high) == pytest.approx(tuple(np.quantile(exact, [0.35, 0.65])), abs=1e-9)


def test_an_interval_holds_the_correlation_and_repeats_with_its_seed():
    generator = np.random.default_rng(5)
    first = generator.normal(size=200)
    second = first + generator.normal(size=200)
    low, high = bootstrap_interval(first, second, seed=9)
    assert low < spearman(first, second) < high
    assert bootstrap_interval(first, second, seed=9) == (low, high)
    assert bootstrap_interval(first, second, seed=8) != (low, high)


def test_lift_compares_the_chosen_with_another_choice_and_with_chance():
    scores, revenue, outcome = array(4, 3, 2, 1), array(1, 2, 3, 4), array(10, 6, 3, 1)
    other = lift(scores, outcome, 2, revenue)
    assert (other.chosen, other.other, other.difference, other.ratio) == (8, 2, 6, 4)
    assert lift(scores, outcome, 2).ratio == pytest.approx(8 / 5)


def test_equal_scores_at_the_edge_share_the_places_left():
    assert lift(array(9, 5, 5, 1), array(10, 4, 0, 7), 2).chosen == pytest.approx((10 + 2) / 2)


def test_a_fall_is_not_divided_by_a_fall():
    result = lift(array(2, 1), array(-1, -3), 1)
    assert (result.difference, result.ratio) == (1, None)


def test_choosing_everybody_lifts_nothing():
    assert lift(array(3, 2, 1), array(5, 1, 3), 7, array(1, 2, 3)).ratio == 1


def test_calibration_goes_by_tenths_from_the_best():
    bands = calibration(np.arange(100.0), np.arange(100.0) * 2)
    assert [band.count for band in bands] == [10] * 10
    assert (bands[0].mean_score, bands[0].mean_outcome) == (94.5, 189)
    assert bands[9].band == 10


def test_equal_scores_fall_into_one_band():
    bands = calibration(np.full(20, 5.0), np.arange(20.0))
    assert sorted(band.count for band in bands) == [0] * 9 + [20]


def test_few_accounts_make_few_bands():
    assert [band.count for band in calibration(array(3, 1, 2), array(1, 1, 1))] == [1, 1, 1]
    assert calibration(array(), array()) == ()


def test_the_overlap_of_two_choices_is_counted():
    result = overlap(["a", "b", "c"], ["b", "c", "d", "e"])
    assert (result.both, result.only_first, result.only_second, result.share) == (2, 1, 2, 0.4)
    assert overlap([], []).share is None


def test_the_rarer_of_yes_and_no_counts_as_event():
    assert events(array(1, 1, 1, 0, math.nan)) == 1
    assert events(array(1.5, 2, math.nan)) == 2


def test_a_back_test_puts_it_together():
    scores = np.arange(20.0)
    outcome = scores + np.tile([0.5, -0.5], 10)
    result = backtest(scores, outcome, -scores, top=5, seed=4)
    assert (result.n, result.events, result.enough, result.top, result.seed) == (20, 20, True, 5, 4)
    assert result.spearman == pytest.approx(spearman(scores, outcome))
    assert result.lift_vs_baseline.chosen == pytest.approx(outcome[15:].mean())
    assert result.lift_vs_baseline.other == pytest.approx(outcome[:5].mean())
    assert result.lift_vs_random.other == pytest.approx(outcome.mean())
    assert result.overlap.both == 0


def test_accounts_without_outcome_are_left_out():
    result = backtest(array(1, 2, 3, math.nan), array(1, math.nan, 3, 4), array(1, 1, 2, 3), top=1)
    assert (result.n, result.enough) == (2, False)


def test_nine_events_are_not_enough_and_ten_are():
    assert [backtest(np.arange(n), np.arange(n) + 0.5, np.ones(n), top=2).enough for n in (9, 10)] == [
        False,
        True,
    ]


def test_nothing_to_compare_gives_counts_only():
    result = backtest(array(), array(), array(), top=3)
    assert (result.n, result.spearman, result.interval, result.lift_vs_random) == (0, None, None, None)


@pytest.mark.parametrize(
    ("scores", "top", "code"), [(array(1, 2), 1, "lengths_differ"), (array(1), 0, "top_invalid")]
)
def test_bad_input_is_refused(scores, top, code):
    with pytest.raises(InputError) as refusal:
        backtest(scores, array(1), array(1), top=top)
    assert refusal.value.code == code


@settings(max_examples=50, deadline=None)
@given(NUMBERS, st.randoms())
def test_the_order_of_accounts_does_not_matter(pairs, random):
    scores, outcome = np.array(pairs, dtype=float).T
    order = random.sample(range(len(pairs)), len(pairs))
    straight = backtest(scores, outcome, -scores, top=3)
    shuffled = backtest(scores[order], outcome[order], -scores[order], top=3)
    assert shuffled.lift_vs_baseline.chosen == pytest.approx(straight.lift_vs_baseline.chosen)
    assert [band.count for band in shuffled.bands] == [band.count for band in straight.bands]
    assert (shuffled.overlap, shuffled.events) == (straight.overlap, straight.events)
