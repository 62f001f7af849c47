"""How sure a ranking is: closed forms, published figures and properties."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.inputs import InputError
from scoring.ranking import ranks, score_matrix
from scoring.stability import Cut, Uncertainty, margins, ranked_draws, stability, words
from scoring.weights import roc

TRIANGLE = np.array([[10.0, 0], [0, 10], [6, 6]])
FIVE = roc([1, 2, 3, 4, 5])


def random_ratings(accounts, criteria=5, seed=5):
    return np.random.default_rng(seed).uniform(1, 10, (accounts, criteria))


def test_first_ranks_agree_with_the_closed_form():
    """A wins for w > .6, B for w < .4, C between: .40, .40, .20; mean weights of A (.8, .2)."""
    result = stability(TRIANGLE, [1, 1], Cut(top=1), Uncertainty())
    assert result.p_top == pytest.approx([0.4, 0.4, 0.2], abs=0.015)
    assert result.central_weights == pytest.approx(np.array([[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]]), abs=0.01)


def test_first_ranks_agree_with_the_closed_form_when_an_order_is_known():
    """With w1 >= w2 the first weight is uniform on .5 to 1: A wins above .6."""
    result = stability(TRIANGLE, [2, 1], Cut(top=1), Uncertainty(order=[1, 2]))
    assert result.p_top == pytest.approx([0.8, 0.0, 0.2], abs=0.015)


def test_a_missing_rating_may_be_anything_from_one_to_ten():
    """One criterion, unknown against 4: above it in six of nine parts of the scale."""
    result = stability(np.array([[np.nan], [4.0]]), [1], Cut(top=1), Uncertainty())
    assert result.p_top == pytest.approx([2 / 3, 1 / 3], abs=0.015)


def test_a_rating_give_or_take_one_agrees_with_the_closed_form():
    """Uniform on 4..6 against uniform on 5..7: the first is ahead with probability 1/8."""
    result = stability(np.array([[5.0], [6.0]]), [1], Cut(top=1), Uncertainty(half_width=1.0))
    assert result.p_top == pytest.approx([1 / 8, 7 / 8], abs=0.015)


def test_ratings_are_not_drawn_beyond_the_scale():
    result = stability(np.array([[9.5], [8.9]]), [1], Cut(threshold=10.01), Uncertainty(half_width=3.0))
    assert list(result.p_top) == [0, 0]


def test_a_threshold_cuts_by_total_instead_of_number():
    result = stability(TRIANGLE, [1, 1], Cut(threshold=6), Uncertainty())
    assert result.p_top == pytest.approx([0.4, 0.4, 1.0], abs=0.015)
    assert result.margin == pytest.approx([-1.0, -1.0, 0.0])


def test_a_criterion_that_does_not_apply_is_left_out_of_the_total():
    applicable = np.array([[True, False], [True, True]])
    ratings = np.array([[7.0, 1.0], [6.0, 6.0]])
    result = stability(ratings, [1, 1], Cut(top=1), Uncertainty(), applicable)
    assert list(result.p_top) == [1.0, 0.0]


def test_an_account_to_which_nothing_applies_is_never_key():
    applicable = np.array([[False, False], [True, True]])
    result = stability(np.full((2, 2), 5.0), [1, 1], Cut(top=2), Uncertainty(), applicable)
    assert list(result.p_top) == [0.0, 1.0]
    assert list(result.rank) == [0, 1]


def test_equal_accounts_share_their_fate():
    ratings = np.vstack([random_ratings(30), np.tile(random_ratings(1, seed=9), (10, 1))])
    result = stability(ratings, FIVE, Cut(top=12), Uncertainty(samples=500))
    assert len(set(result.p_top[30:])) == len(set(result.rank_low[30:])) == 1


def test_the_probabilities_add_up_to_the_number_of_places():
    result = stability(random_ratings(60), FIVE, Cut(top=7), Uncertainty(order=[1, 2, 3, 4, 5]))
    assert result.p_top.sum() == pytest.approx(7)


def test_more_places_than_accounts_let_everybody_in():
    result = stability(random_ratings(3), FIVE, Cut(top=5), Uncertainty(samples=10))
    assert list(result.p_top) == [1, 1, 1]
    assert np.isnan(result.margin).all()


def test_one_account_is_first():
    result = stability(random_ratings(1), FIVE, Cut(top=1), Uncertainty(samples=10))
    assert (result.rank_low[0], result.rank_high[0], result.p_top[0]) == (1, 1, 1.0)


def test_no_accounts_give_an_empty_result():
    assert len(stability(np.empty((0, 5)), FIVE, Cut(top=3), Uncertainty(samples=10)).p_top) == 0


def test_the_rank_interval_holds_the_rank_and_all_ranks_met():
    ratings = random_ratings(40)
    result = stability(ratings, FIVE, Cut(top=5), Uncertainty(order=[1, 2, 3, 4, 5], samples=300))
    assert (result.rank_low <= result.rank).all()
    assert (result.rank <= result.rank_high).all()
    assert ((result.p_top > 0) == (result.rank_low <= 5))[result.rank > 5].all()


def test_the_same_seed_gives_the_same_result_to_the_last_digit():
    known = Uncertainty(order=[1, 2, 3, 4, 5], half_width=0.5, samples=200, seed=11)
    first, again = (stability(random_ratings(50), FIVE, Cut(top=5), known) for _ in range(2))
    assert (first.p_top == again.p_top).all()
    assert np.array_equal(first.central_weights, again.central_weights, equal_nan=True)
    assert (first.seed, first.samples) == (11, 200)


def test_memory_does_not_grow_with_the_number_of_draws():
    ratings = random_ratings(2_000)
    assert _peak(ratings, 4_000) < 1.5 * _peak(ratings, 1_000) + 2**20


def test_large_portfolios_rank_the_first_draws_only():
    result = stability(random_ratings(20_000), FIVE, Cut(top=5), Uncertainty(samples=1_100))
    assert result.ranked_samples == 1_000
    assert result.rank_high.max() <= 20_000


@pytest.mark.parametrize(("accounts", "draws"), [(1, 9_604), (1_041, 9_604), (5_000, 2_000), (10**6, 1_000)])
def test_the_more_accounts_the_fewer_draws_are_ranked(accounts, draws):
    assert ranked_draws(accounts) == draws


def test_the_ranks_of_the_first_draws_hold_nearly_all_of_the_others():
    """Of n draws the extremes leave out a further draw with a probability of 2 / (n + 1) at most."""
    ratings, known = random_ratings(300), Uncertainty(order=[1, 2, 3, 4, 5], half_width=0.5, seed=3)
    first = stability(ratings, FIVE, Cut(top=12), replace(known, samples=1_000))
    outside = []
    for seed in range(50, 90):
        rank = stability(ratings, FIVE, Cut(top=12), replace(known, samples=1, seed=seed)).rank_high
        outside.append((rank > first.rank_high).mean())
    assert np.mean(outside) < 2 / 1_001 * 2


def test_margins_measure_the_way_to_the_other_side():
    assert margins(np.array([8.0, 7.0, 6.5, 5.0]), Cut(top=2)) == pytest.approx([1.5, 0.5, -0.5, -2.0])


def test_ties_at_the_line_are_all_inside():
    assert margins(np.array([8.0, 7.0, 7.0, 5.0]), Cut(top=2)) == pytest.approx([3.0, 2.0, 2.0, -2.0])


@pytest.mark.parametrize(
    ("probability", "key"),
    [
        (1.0, "firm_in"),
        (0.95, "firm_in"),
        (0.949, "grey"),
        (0.051, "grey"),
        (0.05, "firm_out"),
        (0.0, "firm_out"),
    ],
)
def test_probabilities_are_put_in_words(probability, key):
    assert words(probability) == key


@pytest.mark.parametrize("cut", [{}, {"top": 0}, {"top": -1}, {"top": 3, "threshold": 5.0}])
def test_a_cut_line_needs_exactly_one_meaning(cut):
    with pytest.raises(InputError) as refusal:
        Cut(**cut)
    assert refusal.value.code == "cut_invalid"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 4))
def test_an_account_that_dominates_another_is_never_less_sure(seed, accounts, criteria):
    ratings = np.round(random_ratings(accounts, criteria, seed))
    result = stability(ratings, [1] * criteria, Cut(top=2), Uncertainty(samples=50, seed=seed))
    better = (ratings[:, None, :] >= ratings[None, :, :]).all(axis=2)
    first, second = np.nonzero(better)
    assert (result.p_top[first] >= result.p_top[second]).all()
    assert (result.rank_low[first] <= result.rank_low[second]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_accounts_does_not_matter(seed):
    ratings = random_ratings(9, 3, seed)
    order = np.random.default_rng(seed).permutation(9)
    known = Uncertainty(order=[1, 2, 3], samples=40, seed=seed)
    straight = stability(ratings, roc([1, 2, 3]), Cut(top=3), known)
    shuffled = stability(ratings[order], roc([1, 2, 3]), Cut(top=3), known)
    assert (shuffled.p_top == straight.p_top[order]).all()
    assert (shuffled.rank_high == straight.rank_high[order]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_certain_weights_and_ratings_repeat_the_ranking(seed):
    ratings = random_ratings(12, 3, seed)
    weights = roc([1, 2, 3])
    fixed = Uncertainty(intervals=[(w, w) for w in weights], samples=20, seed=seed)
    result = stability(ratings, weights, Cut(top=4), fixed)
    place = ranks(score_matrix(ratings, weights).total)
    assert list(result.p_top == 1) == list(place <= 4)
    assert (result.rank_low == place).all()
    assert (result.rank_high == place).all()


def _peak(ratings, samples):
    tracemalloc.start()
    stability(ratings, FIVE, Cut(top=10), Uncertainty(order=[1, 2, 3, 4, 5], half_width=0.5, samples=samples))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
