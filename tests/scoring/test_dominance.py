"""Who stands before whom whatever the weights: small cases, and what sampling says about them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.dominance import dominance
from scoring.ranking import score_matrix
from scoring.weight_samples import sample_weights

ORDERS = [[1, 2], [1, 1], [2, 1, 3], [1, 2, 2], [1, 1, 3], [1, 2, 2, 4], [4, 3, 2, 1]]
FOUR = np.array([[9.0, 9], [8, 8], [8, 9], [1, 10], [8, 8]])


def test_dominance_tells_better_everywhere_from_nowhere_worse():
    result = dominance(FOUR)
    assert list(result.over) == [3, 0, 2, 0, 0]
    assert list(result.under) == [0, 2, 1, 0, 2]
    assert list(result.strictly_over) == [2, 0, 0, 0, 0]
    assert list(result.strictly_under) == [0, 1, 0, 0, 1]


def test_the_accounts_that_beat_one_are_named():
    assert dominance(FOUR).beaten_by.tolist() == [[-1] * 3, [0, 2, -1], [0, -1, -1], [-1] * 3, [0, 2, -1]]
    assert dominance(FOUR, named=1).beaten_by.tolist() == [[-1], [0], [0], [-1], [0]]


def test_a_missing_rating_is_dominated_only_by_the_highest():
    result = dominance(np.array([[9.0, 10], [8, np.nan], [9, 9]]))
    assert list(result.under) == [0, 1, 1]


def test_the_order_of_importance_decides_more_than_no_order():
    """The first leads where it matters most and never loses that lead: 9, then (9 + 1) / 2 against 4."""
    ratings = np.array([[9.0, 1], [4, 5]])
    assert list(dominance(ratings).over) == [0, 0]
    assert list(dominance(ratings, order=[1, 2]).over) == [1, 0]
    assert list(dominance(ratings, order=[2, 1]).over) == [0, 0]


def test_a_criterion_that_does_not_apply_counts_between_the_others():
    applicable = np.array([[True, False], [True, True]])
    assert list(dominance(np.array([[9.0, 1], [8, 8]]), applicable).under) == [0, 1]
    assert list(dominance(np.array([[9.0, 1], [8, 10]]), applicable).under) == [0, 0]


def test_an_account_to_which_nothing_applies_beats_nobody():
    result = dominance(np.array([[9.0], [8.0]]), np.array([[False], [True]]))
    assert list(result.over) == list(result.under) == [0, 0]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from(ORDERS),
    st.booleans(),
)
def test_no_draw_contradicts_dominance(seed, order, is_ordered):
    generator = np.random.default_rng(seed)
    shape = (6, len(order))
    ratings = generator.integers(1, 11, shape).astype(float)
    applicable = generator.random(shape) < 0.85
    applicable[:, 0] = True
    known = order if is_ordered else None
    draws = sample_weights(300, len(order), generator, order=known)
    totals = np.array([score_matrix(ratings, draw.tolist(), applicable).total for draw in draws])
    for account, names in enumerate(dominance(ratings, applicable, known, named=6).beaten_by.tolist()):
        for other in names[: names.index(-1)]:
            assert (totals[:, other] >= totals[:, account] - 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_without_gaps_it_is_the_comparison_of_every_criterion(seed):
    ratings = np.random.default_rng(seed).integers(1, 6, (9, 3)).astype(float)
    nowhere_behind = (ratings[:, None, :] >= ratings[None, :, :]).all(axis=2)
    ahead = (ratings[:, None, :] > ratings[None, :, :]).any(axis=2)
    result = dominance(ratings)
    assert list(result.over) == list((nowhere_behind & ahead).sum(axis=1))
    assert list(result.under) == list((nowhere_behind & ahead).sum(axis=0))
