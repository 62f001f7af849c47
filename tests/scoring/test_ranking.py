"""Totals, bounds and ranks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking import ranks, score_account, score_matrix
from scoring.weights import WeightError, roc
from tests.reference_cases import reference_cases

RATING = st.one_of(st.none(), st.floats(1, 10))
WEIGHT = st.floats(0.01, 100)


@st.composite
def portfolios(draw, missing=True):
    m = draw(st.integers(1, 5))
    rating = RATING if missing else st.floats(1, 10)
    rows = draw(st.lists(st.lists(rating, min_size=m, max_size=m), min_size=1, max_size=8))
    return rows, draw(st.lists(WEIGHT, min_size=m, max_size=m))


def test_a_total_is_the_weighted_mean_of_the_ratings():
    score = score_account([8, 6, 9, 7, 8, 5], [5, 15, 15, 25, 25, 15])
    assert score.total == pytest.approx(7.15)
    assert (score.low, score.high, score.completeness) == (score.total, score.total, 1.0)


def test_the_published_weighted_sums_come_out():
    scores = score_matrix(np.array([[1.0, 0, 3], [0, 5, 6]]), [1, 1, 1])
    assert scores.total * 3 == pytest.approx([4.0, 11.0])
    assert list(ranks(scores.total)) == [2, 1]


def test_the_example_on_revenue_size_and_tenure_comes_out():
    facts = np.array([[100.0, 10, 0], [550, 40, 365], [1000, 20, 730]])
    ratings = 1 + 9 * (facts - facts.min(axis=0)) / (facts.max(axis=0) - facts.min(axis=0))
    total = score_matrix(ratings, [0.5, 0.3, 0.2]).total
    assert total == pytest.approx([1.0, 0.5 * 5.5 + 0.3 * 10 + 0.2 * 5.5, 0.5 * 10 + 0.3 * 4 + 0.2 * 10])
    assert list(ranks(total)) == [3, 2, 1]


def test_the_highest_single_rating_does_not_win():
    weights = roc([1, 2, 3, 4, 5])
    ratings = np.array([[9.0, 6, 8, 7, 3], [7, 9, 8, 9, 10], [8, 8, 7, 8, 6]])
    total = score_matrix(ratings, weights).total
    assert total == pytest.approx([7.653335, 7.970003, 7.763324], abs=0.002)
    assert list(ranks(total)) == [3, 1, 2]


def test_a_missing_rating_is_bounded_by_one_and_ten():
    score = score_account([8, None], [3, 1])
    assert (score.total, score.low, score.high) == (6.25, 6.25, 8.5)
    assert score.completeness == 0.75
    assert [(c.rating, c.weight, c.contribution) for c in score.components] == [
        (8, 0.75, 6.0),
        (None, 0.25, None),
    ]


def test_an_account_without_any_rating_may_be_anything():
    score = score_account([None, None], [1, 2])
    assert (score.total, score.high, score.completeness) == pytest.approx((1.0, 10.0, 0.0))


def test_a_criterion_that_does_not_apply_gives_its_weight_to_the_others():
    score = score_account([8, 4, None], [0.5, 0.25, 0.25], applicable=[True, True, False])
    assert score.total == pytest.approx(8 * 2 / 3 + 4 / 3)
    assert (score.completeness, score.components[2].weight) == (1.0, 0.0)


def test_an_account_to_which_nothing_applies_has_no_total():
    score = score_account([5, 5], [1, 1], applicable=[False, False])
    assert (score.total, score.low, score.high, score.completeness) == (None, None, None, 0.0)
    assert np.isnan(score_matrix(np.array([[5.0, 5.0]]), [1, 1], np.zeros((1, 2), dtype=bool)).total[0])


def test_equal_totals_share_a_rank_and_the_next_place_stays_empty():
    assert list(ranks([7.0, 9.0, 7.0, 5.0, None])) == [2, 1, 2, 4, 0]


def test_rounding_errors_do_not_break_ties():
    assert list(ranks([0.1 + 0.2, 0.3])) == [1, 1]


def test_no_accounts_have_no_ranks():
    assert list(ranks([])) == []


def test_weights_that_cannot_be_scaled_are_refused():
    with pytest.raises(WeightError):
        score_account([5, 5], [0, 0])


def test_ratings_and_weights_of_different_length_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        score_matrix(np.ones((2, 3)), [1, 1])
    with pytest.raises(ValueError, match="zip"):
        score_account([1, 2, 3], [1, 1])


@given(portfolios(), st.data())
def test_all_accounts_together_equal_each_one_alone_to_the_last_bit(portfolio, data):
    rows, weights = portfolio
    flags = [[data.draw(st.booleans()) for _ in weights] for _ in rows]
    scores = score_matrix(np.array(rows, dtype=float), weights, np.array(flags))
    for place, row in enumerate(rows):
        one = score_account(row, weights, flags[place])
        if one.total is None:
            assert np.isnan(scores.total[place])
            continue
        together = (scores.total, scores.low, scores.high, scores.completeness)
        assert tuple(part[place] for part in together) == (one.total, one.low, one.high, one.completeness)
        assert [c.weight for c in one.components] == list(scores.weights[place])
        found = [None if np.isnan(c) else c for c in scores.contributions[place]]
        assert found == [c.contribution for c in one.components]


@given(portfolios(), st.floats(0.01, 100))
def test_scaling_the_weights_changes_no_total(portfolio, factor):
    rows, weights = portfolio
    ratings = np.array(rows, dtype=float)
    scaled = score_matrix(ratings, [w * factor for w in weights]).total
    assert scaled == pytest.approx(score_matrix(ratings, weights).total, abs=1e-9)


@given(portfolios(), st.randoms())
def test_the_order_of_accounts_does_not_matter(portfolio, random):
    rows, weights = portfolio
    order = list(range(len(rows)))
    random.shuffle(order)
    ratings = np.array(rows, dtype=float)
    total = score_matrix(ratings, weights).total
    shuffled = score_matrix(ratings[order], weights).total
    assert list(shuffled) == list(total[order])
    assert list(ranks(shuffled)) == list(ranks(total)[order])


@given(portfolios(), st.randoms())
def test_the_order_of_criteria_does_not_matter(portfolio, random):
    rows, weights = portfolio
    order = random.sample(range(len(weights)), len(weights))
    shuffled = [[row[k] for k in order] for row in rows]
    straight = score_matrix(np.array(rows, dtype=float), weights).total
    assert score_matrix(np.array(shuffled, dtype=float), [weights[k] for k in order]).total == pytest.approx(
        straight
    )


@given(portfolios(), st.data())
def test_adding_an_account_leaves_every_other_total_bit_identical(portfolio, data):
    rows, weights = portfolio
    new = data.draw(st.lists(RATING, min_size=len(weights), max_size=len(weights)))
    before = score_matrix(np.array(rows, dtype=float), weights).total
    after = score_matrix(np.array([*rows, new], dtype=float), weights).total
    assert list(after[:-1]) == list(before)


@given(portfolios(), st.data())
def test_a_better_rating_never_lowers_a_total_or_a_rank(portfolio, data):
    rows, weights = portfolio
    ratings = np.array(rows, dtype=float)
    account, criterion = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(weights) - 1))
    before = score_matrix(ratings, weights).total
    old = ratings[account, criterion]
    ratings[account, criterion] = data.draw(st.floats(1 if np.isnan(old) else old, 10))
    after = score_matrix(ratings, weights).total
    assert after[account] >= before[account]
    assert ranks(after)[account] <= ranks(before)[account]


@given(portfolios(missing=False), st.data())
def test_an_account_at_least_as_good_everywhere_is_not_ranked_behind(portfolio, data):
    rows, weights = portfolio
    better = [data.draw(st.floats(rating, 10)) for rating in rows[0]]
    place = ranks(score_matrix(np.array([*rows, better]), weights).total)
    assert place[-1] <= place[0]


@given(portfolios())
def test_bounds_enclose_the_total_within_the_scale(portfolio):
    rows, weights = portfolio
    scores = score_matrix(np.array(rows, dtype=float), weights)
    assert (scores.low <= scores.high).all()
    assert scores.low.min() >= 1 - 1e-9
    assert scores.high.max() <= 10 + 1e-9


@pytest.mark.acceptance
def test_all_reference_scorecards_come_out():
    for case in reference_cases("scorecard", "scorecard_weighted"):
        names, weights = list(case["input"]["ratings"]), case["input"]["weights"]
        rows = [[case["input"]["ratings"][name][criterion] for criterion in weights] for name in names]
        total = score_matrix(np.array(rows, dtype=float), list(weights.values())).total
        expected = [case["expected"]["scores"][name] for name in names]
        assert total == pytest.approx(expected, abs=case["tolerance"]["abs"]), case["id"]
        assert [names[i] for i in np.argsort(ranks(total))] == case["expected"]["order"]
