"""From facts to ratings."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules import RuleError, apply_rule, histogram, portfolio_context, rating_for, validate_rule
from tests.reference_cases import reference_cases

PORTFOLIO = {"type": "linear", "bounds": "portfolio"}
FIXED = {"type": "linear", "bounds": [0, 100]}
LATE = {"type": "days_beyond_terms", "bounds": [0, 60]}
STEPS = {"type": "steps", "steps": [[10, 4], [50, 7], [100, 10]]}
RULES = [
    PORTFOLIO,
    FIXED,
    LATE,
    STEPS,
    {**STEPS, "interpolate": True},
    {"type": "log", "bounds": "portfolio"},
    {"type": "log", "bounds": [1, 1000], "direction": "lower"},
    {"type": "distance", "bounds": [50, 500]},
    {"type": "percentile"},
    {"type": "percentile", "direction": "lower"},
]
RISING = [rule for rule in RULES if validate_rule(rule).get("direction", "higher") == "higher"]
VALUES = st.lists(st.one_of(st.just(math.nan), st.floats(-1e6, 1e6)), min_size=1, max_size=12)


def rate(rule, *values):
    return list(apply_rule(rule, np.array(values, dtype=float)))


def test_own_lowest_and_highest_become_one_and_ten():
    assert rate(PORTFOLIO, 100, 550, 1000) == pytest.approx([1, 5.5, 10])


def test_lower_is_better_when_the_rule_says_so():
    assert rate({**PORTFOLIO, "direction": "lower"}, 0, 15, 60) == pytest.approx([10, 7.75, 1])


def test_facts_beyond_fixed_bounds_stay_on_the_scale():
    assert rate(FIXED, -50, 0, 50, 100, 900) == pytest.approx([1, 1, 5.5, 10, 10])


def test_days_beyond_terms_and_distance_are_better_when_lower():
    assert rate(LATE, -5, 0, 30, 90) == pytest.approx([10, 10, 5.5, 1])
    assert rate({"type": "distance", "bounds": [50, 500]}, 10, 275, 9000) == pytest.approx([10, 5.5, 1])


def test_a_logarithmic_rule_gives_each_power_of_ten_the_same_step():
    rule = {"type": "log", "bounds": [1, 1000]}
    assert rate(rule, -3, 0, 1, 10, 100, 1000) == pytest.approx([1, 1, 1, 4, 7, 10])


def test_logarithmic_portfolio_bounds_leave_out_zero_and_below():
    assert portfolio_context({"type": "log", "bounds": "portfolio"}, np.array([0.0, -1, 5, 50]))[
        "bounds"
    ] == [5, 50]


def test_steps_rate_from_their_value_on():
    assert rate(STEPS, 9.99, 10, 49, 50, 1000) == [1, 4, 4, 7, 10]


def test_interpolated_steps_agree_with_the_published_partial_values():
    """Cut-offs 50, 75, 90, 100 with values 1, .8, .5, 0, here put on the scale of 1 to 10."""
    rule = {"type": "steps", "interpolate": True, "steps": [[50, 10], [75, 8.2], [90, 5.5], [100, 1]]}
    values = [(rating - 1) / 9 for rating in rate(rule, 50, 90, 100, 10, 40, 101, 120)]
    assert values == pytest.approx([1, 0.5, 0, 1, 1, 0, 0])


def test_percentiles_spread_accounts_evenly_and_ties_share_the_middle():
    assert rate({"type": "percentile"}, 1, 2, 3, 1000) == pytest.approx([1, 4, 7, 10])
    assert rate({"type": "percentile"}, 0, 0, 0, 7) == pytest.approx([4, 4, 4, 10])


def test_percentiles_of_many_accounts_keep_a_small_context():
    values = np.random.default_rng(1).lognormal(size=20_000)
    context = portfolio_context({"type": "percentile"}, values)
    ratings = apply_rule({"type": "percentile"}, values, context)
    exact = 1 + 9 * np.argsort(np.argsort(values)) / (len(values) - 1)
    assert len(context["quantiles"]) <= 1_001
    assert np.abs(ratings - exact).max() < 0.01


@pytest.mark.parametrize("rule", [PORTFOLIO, {"type": "log", "bounds": "portfolio"}, {"type": "percentile"}])
def test_equal_facts_get_the_middle_of_the_scale(rule):
    assert rate(rule, 7, 7, 7) == [5.5, 5.5, 5.5]
    assert rate(rule, 7) == [5.5]


def test_a_later_account_beside_equal_ones_is_above_or_below_them():
    context = portfolio_context(PORTFOLIO, np.array([7.0, 7]))
    assert [rating_for(PORTFOLIO, value, context) for value in (6, 7, 8)] == [1, 5.5, 10]


@pytest.mark.parametrize("rule", [PORTFOLIO, {"type": "log", "bounds": "portfolio"}, {"type": "percentile"}])
def test_a_criterion_without_any_value_rates_nothing(rule):
    assert np.isnan(rate(rule, math.nan, math.nan)).all()
    assert rating_for(rule, 5.0, portfolio_context(rule, np.array([math.nan]))) is None
    assert rate(rule) == []


def test_the_context_counts_what_is_missing():
    context = portfolio_context(PORTFOLIO, np.array([1, math.nan, 3]))
    assert context == {"count": 2, "missing": 1, "bounds": [1.0, 3.0]}


def test_defaults_are_filled_in():
    assert validate_rule(PORTFOLIO) == {"type": "linear", "direction": "higher", "bounds": "portfolio"}
    assert validate_rule(LATE)["direction"] == "lower"
    assert validate_rule(STEPS)["below"] == 1


@pytest.mark.parametrize("rule", RULES)
def test_a_checked_rule_is_a_rule(rule):
    checked = validate_rule(rule)
    assert validate_rule(json.loads(json.dumps(checked))) == checked


@pytest.mark.parametrize(
    ("rule", "code", "field"),
    [
        (None, "rule_invalid", "rule"),
        ([], "rule_invalid", "rule"),
        ({}, "type_unknown", "type"),
        ({"type": ["linear"]}, "type_unknown", "type"),
        ({"type": "magic"}, "type_unknown", "type"),
        ({**FIXED, "colour": 1}, "key_unknown", "colour"),
        ({"type": "linear"}, "bounds_missing", "bounds"),
        ({"type": "linear", "bounds": "own"}, "bounds_invalid", "bounds"),
        ({"type": "linear", "bounds": [1]}, "bounds_invalid", "bounds"),
        ({"type": "linear", "bounds": [1, None]}, "bounds_invalid", "bounds"),
        ({"type": "linear", "bounds": [1, math.nan]}, "bounds_invalid", "bounds"),
        ({"type": "linear", "bounds": [1, 10**400]}, "bounds_invalid", "bounds"),
        ({"type": "linear", "bounds": [0, 1e300]}, "bounds_invalid", "bounds"),
        ({"type": "linear", "bounds": [True, False]}, "bounds_invalid", "bounds"),
        ({"type": "linear", "bounds": {"low": 1}}, "bounds_invalid", "bounds"),
        ({"type": "linear", "bounds": [5, 5]}, "bounds_empty", "bounds"),
        ({"type": "linear", "bounds": [6, 5]}, "bounds_reversed", "bounds"),
        ({"type": "log", "bounds": [0, 5]}, "bounds_not_positive", "bounds"),
        ({**FIXED, "direction": "up"}, "direction_invalid", "direction"),
        ({**FIXED, "direction": ["higher"]}, "direction_invalid", "direction"),
        ({"type": "steps"}, "steps_invalid", "steps"),
        ({"type": "steps", "steps": []}, "steps_invalid", "steps"),
        ({"type": "steps", "steps": [[1, 2, 3]]}, "steps_invalid", "steps"),
        ({"type": "steps", "steps": [["x", 2]]}, "steps_invalid", "steps"),
        ({"type": "steps", "steps": [[1, 5]] * 51}, "steps_invalid", "steps"),
        ({"type": "steps", "steps": [[2, 5], [1, 6]]}, "steps_out_of_order", "steps"),
        ({"type": "steps", "steps": [[1, 5], [1, 6]]}, "steps_out_of_order", "steps"),
        ({"type": "steps", "steps": [[1, 11]]}, "rating_invalid", "steps"),
        ({**STEPS, "below": 0}, "rating_invalid", "below"),
        ({**STEPS, "interpolate": "yes"}, "interpolate_invalid", "interpolate"),
    ],
)
def test_a_bad_rule_is_refused_with_code_and_field(rule, code, field):
    with pytest.raises(RuleError) as refusal:
        validate_rule(rule)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert "%" not in str(refusal.value)


@given(st.sampled_from(RULES), VALUES)
def test_one_fact_is_rated_as_among_all(rule, values):
    numbers = np.array(values)
    context = json.loads(json.dumps(portfolio_context(rule, numbers)))
    together = apply_rule(rule, numbers)
    for value, rating in zip(values, together, strict=True):
        one = rating_for(rule, None if math.isnan(value) else value, context)
        assert one == (None if math.isnan(rating) else rating)


@given(st.sampled_from(RULES), VALUES)
def test_ratings_stay_on_the_scale_and_missing_stays_missing(rule, values):
    ratings = apply_rule(rule, np.array(values))
    known = ratings[~np.isnan(ratings)]
    assert ((known >= 1) & (known <= 10)).all()
    assert np.isnan(ratings[np.isnan(values)]).all()


@given(st.sampled_from(RISING), VALUES)
def test_a_higher_fact_is_never_rated_lower(rule, values):
    known = np.sort([value for value in values if not math.isnan(value)])
    ratings = apply_rule(rule, known)
    ratings = ratings[~np.isnan(ratings)]
    assert (np.diff(ratings) >= -1e-9).all()


@given(VALUES, st.floats(-1e6, 1e6))
def test_with_fixed_bounds_adding_an_account_changes_no_other_rating(values, new):
    for rule in (FIXED, LATE, STEPS):
        assert np.array_equal(rate(rule, *values, new)[:-1], rate(rule, *values), equal_nan=True)


@given(VALUES, st.integers(-8, 8))
def test_the_unit_of_a_fact_does_not_matter_with_portfolio_bounds(values, power):
    scaled = apply_rule(PORTFOLIO, np.array(values) * 2.0**power)
    assert np.array_equal(scaled, apply_rule(PORTFOLIO, np.array(values)), equal_nan=True)


def test_a_histogram_counts_values_missing_ones_and_outliers():
    result = histogram(np.array([1.0, 2, 3, 4, 5, 100, math.nan]), bins=3)
    assert result.counts == (5, 0, 1)
    assert result.edges == pytest.approx((1, 34, 67, 100))
    assert (result.missing, result.outliers_low, result.outliers_high) == (1, 0, 1)
    assert (result.fence_low, result.fence_high) == pytest.approx((-1.5, 8.5))


def test_a_histogram_of_nothing_is_empty():
    assert histogram(np.array([math.nan])).counts == ()


def test_a_histogram_of_equal_values_has_no_outliers():
    result = histogram(np.array([3.0, 3, 3]))
    assert (sum(result.counts), result.outliers_low, result.outliers_high) == (3, 0, 0)


@pytest.mark.acceptance
def test_all_reference_ratings_come_out():
    for case in reference_cases("scorecard", "minmax_rating"):
        direction = "lower" if case["input"].get("direction") == "low" else "higher"
        found = rate({**PORTFOLIO, "direction": direction}, *case["input"]["values"].values())
        assert found == pytest.approx(list(case["expected"]["ratings"].values()), abs=1e-9), case["id"]
