"""Random weights that agree with what is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.weight_samples import intervals_around, sample_weights
from scoring.weights import WeightError, normalised, roc


def draw(count=4_000, criteria=3, seed=7, **known):
    return sample_weights(count, criteria, np.random.default_rng(seed), **known)


@pytest.mark.parametrize("order", [[1, 2, 3, 4, 5], [3, 1, 2], [1, 2, 2], [1, 1, 3], [1]])
def test_the_mean_of_ordered_weights_is_the_rank_order_centroid(order):
    drawn = draw(40_000, len(order), order=order)
    assert drawn.mean(axis=0) == pytest.approx(roc(order), abs=0.005)


@pytest.mark.parametrize("order", [[1, 2, 3, 4], [1, 2, 2, 4], [2, 1, 2, 1]])
def test_wide_intervals_change_nothing_about_ordered_weights(order):
    walked = draw(20_000, 4, order=order, intervals=[(0, 1)] * 4)
    direct = draw(20_000, 4, order=order)
    assert walked.mean(axis=0) == pytest.approx(direct.mean(axis=0), abs=0.01)
    assert walked.std(axis=0) == pytest.approx(direct.std(axis=0), abs=0.01)


def test_narrow_intervals_agree_with_drawing_until_they_fit():
    intervals = [(0.4, 0.6), (0.1, 0.5), (0.0, 0.3)]
    low, high = np.array(intervals).T
    free = draw(400_000)
    fitting = free[((free >= low) & (free <= high)).all(axis=1)]
    walked = draw(20_000, intervals=intervals)
    assert walked.mean(axis=0) == pytest.approx(fitting.mean(axis=0), abs=0.005)
    assert walked.std(axis=0) == pytest.approx(fitting.std(axis=0), abs=0.005)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=6), st.floats(0, 1.2))
def test_weights_stay_within_their_intervals_and_add_up_to_one(weights, share):
    intervals = intervals_around(normalised(weights), share)
    drawn = draw(50, len(weights), intervals=intervals)
    low, high = np.array(intervals).T
    assert drawn.sum(axis=1) == pytest.approx(np.ones(50))
    assert (drawn >= low - 1e-9).all()
    assert (drawn <= high + 1e-9).all()


def test_a_locked_weight_does_not_move():
    drawn = draw(100, intervals=[(0.5, 0.5), (0, 1), (0, 1)])
    assert drawn[:, 0] == pytest.approx(np.full(100, 0.5))
    assert drawn[:, 1].std() > 0.05


def test_the_same_seed_gives_the_same_weights():
    assert (draw(seed=3) == draw(seed=3)).all()
    assert not (draw(seed=3) == draw(seed=4)).any()


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"intervals": [(0.6, 1), (0.6, 1), (0, 1)]}, "intervals_infeasible"),
        ({"intervals": [(0, 0.2)] * 3}, "intervals_infeasible"),
        ({"intervals": [(0.5, 0.1), (0, 1), (0, 1)]}, "intervals_infeasible"),
        ({"intervals": [(float("nan"), 1), (0, 1), (0, 1)]}, "intervals_infeasible"),
        ({"intervals": [(0, 0.2), (0.5, 1), (0, 1)], "order": [1, 2, 3]}, "intervals_infeasible"),
        ({"intervals": [(0, 1)]}, "lengths_differ"),
        ({"order": [1, 2]}, "lengths_differ"),
        ({"order": [1, 3, 4]}, "ranks_have_gaps"),
    ],
)
def test_contradictory_knowledge_is_refused(known, code):
    with pytest.raises(WeightError) as refusal:
        draw(10, **known)
    assert refusal.value.code == code
