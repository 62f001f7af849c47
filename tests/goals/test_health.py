"""Health, its completeness, and whether it was right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.health import Input, Outcome, backtest, colour, health, share


def test_health_is_the_weighted_mean_of_what_is_known():
    found = health([Input("contact", 80, 3), Input("usage", 40, 1)])
    assert (found.score, found.colour, found.completeness) == (70.0, "green", 1.0)
    assert found.contributions == {"contact": 60.0, "usage": 10.0}


def test_a_missing_input_lowers_the_completeness_and_not_the_health():
    found = health([Input("contact", 80, 3), Input("usage", None, 1)])
    assert (found.score, found.completeness, found.missing) == (80.0, 0.75, ["usage"])


@pytest.mark.parametrize("inputs", [[], [Input("contact", None)]])
def test_nothing_known_is_no_health(inputs):
    found = health(inputs)
    assert (found.score, found.colour, found.completeness) == (None, None, 0.0)


@pytest.mark.parametrize(
    ("score", "expected"), [(39.9, "red"), (40, "amber"), (69.9, "amber"), (70, "green")]
)
def test_the_colours_have_limits(score, expected):
    assert colour(score) == expected


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Input("a", 101), "input_out_of_range"),
        (Input("a", float("nan")), "input_out_of_range"),
        (Input("a", 50, 0), "weight_not_positive"),
    ],
)
def test_bad_inputs_are_refused_by_name(bad, code):
    with pytest.raises(CannotCompute) as refusal:
        health([bad])
    assert refusal.value.code == code
    assert "a" in str(refusal.value)


def outcomes(red_lost, red_kept, green_lost, green_kept):
    groups = [(20, True, red_lost), (20, False, red_kept), (80, True, green_lost), (80, False, green_kept)]
    return [Outcome(f"{s}{lost}{n}", s, lost) for s, lost, count in groups for n in range(count)]


def test_precision_and_recall_of_the_warnings():
    found = backtest(outcomes(14, 6, 7, 73))
    assert (found.precision.value, found.recall.value) == (0.7, pytest.approx(14 / 21))
    assert (found.red, found.lost, found.red_and_lost, found.accounts) == (20, 21, 14, 100)
    assert found.precision.low < 0.7 < found.precision.high


def test_few_events_give_counts_and_no_percentage():
    found = backtest(outcomes(5, 3, 4, 88))
    assert (found.precision.value, found.recall.value, found.auc) == (None, None, None)
    assert (found.precision.hits, found.precision.cases, found.recall.cases) == (5, 8, 9)


def test_an_account_without_a_score_was_not_judged():
    found = backtest([*outcomes(10, 0, 0, 10), Outcome("new", None, True)])
    assert (found.accounts, found.without_score, found.lost) == (21, 1, 10)


def test_a_score_that_always_knew_has_an_area_of_one():
    assert backtest(outcomes(10, 0, 0, 10)).auc == 1.0


def test_a_score_that_knows_nothing_has_an_area_of_a_half():
    assert backtest(outcomes(10, 10, 10, 10)).auc == 0.5


def test_it_reaches_the_published_interval_of_wilson():
    found = share(81, 263)
    assert (found.low, found.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))


@given(st.integers(10, 500), st.floats(0, 1))
def test_the_interval_contains_the_share_and_stays_within_zero_and_one(cases, part):
    found = share(round(cases * part), cases)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
