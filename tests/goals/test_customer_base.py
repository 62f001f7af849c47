"""BG/NBD against the published numbers of the CDNOW data, and lifetime value."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.customer_base import (
    BuyingModel,
    expected_purchases,
    fit,
    lifetime_value,
    log_likelihood,
    probability_alive,
    probability_of_purchases,
)
from tests.reference_cases import reference_cases, tolerance
from tests.shared_data import shared_data

CDNOW = BuyingModel(r=0.243, alpha=4.414, a=0.793, b=2.426)


def test_it_reaches_the_published_conditional_expectation():
    assert expected_purchases(CDNOW, 39, (2, 30.43, 38.86)) == pytest.approx(1.226, abs=0.0005)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [(0.1429, 0.0078), (1, 0.0532), (3, 0.1506), (31.8571, 1.0405), (32, 1.0437), (78, 1.8576)],
)
def test_it_reaches_the_published_expectation_of_a_new_customer(weeks, expected):
    model = BuyingModel(0.2426, 4.4136, 0.7929, 2.4259)
    assert expected_purchases(model, weeks) == pytest.approx(expected, abs=0.0006)


def test_it_reaches_the_published_probability_of_no_purchase():
    assert probability_of_purchases(CDNOW, 0, 39) == pytest.approx(0.5737864, abs=1e-6)


def test_the_probabilities_add_up_to_one_and_their_mean_is_the_expectation():
    chances = [probability_of_purchases(CDNOW, count, 39) for count in range(300)]
    assert sum(chances) == pytest.approx(1)
    assert sum(n * chance for n, chance in enumerate(chances)) == pytest.approx(expected_purchases(CDNOW, 39))


def test_nothing_is_bought_in_no_time():
    assert expected_purchases(CDNOW, 0, (2, 30.43, 38.86)) == 0.0


def test_a_customer_without_repeat_purchases_had_no_chance_to_drop_out():
    assert probability_alive(CDNOW, (0, 0.0, 38.86)) == 1.0


def test_long_silence_after_many_purchases_is_an_end():
    assert probability_alive(CDNOW, (2_000, 20.0, 300.0)) < 1e-6
    assert expected_purchases(CDNOW, 39, (2_000, 300.0, 300.0)) > 100


@pytest.mark.parametrize("model", [BuyingModel(0.2, 4, 1, 2), BuyingModel(0.2, 4, 0.4, 0.6)])
def test_the_poles_of_the_formula_are_stepped_over(model):
    beside = BuyingModel(model.r, model.alpha, model.a + 1e-4, model.b)
    assert expected_purchases(model, 39) == pytest.approx(expected_purchases(beside, 39), rel=1e-3)


@given(st.integers(1, 60), st.floats(0, 100), st.floats(0, 100), st.floats(0.1, 100))
def test_who_bought_longer_ago_is_expected_to_buy_less(x, last, silence, more):
    soon = expected_purchases(CDNOW, 39, (x, last, last + silence))
    late = expected_purchases(CDNOW, 39, (x, last, last + silence + more))
    assert 0 <= late <= soon


@pytest.mark.parametrize("history", [(-1, 0, 1), (1, 5, 4), (0, 3, 4), (1, -1, 4)])
def test_an_impossible_history_is_refused(history):
    with pytest.raises(CannotCompute) as refusal:
        expected_purchases(CDNOW, 39, history)
    assert refusal.value.code == "no_such_history"


def test_parameters_lie_above_zero():
    with pytest.raises(CannotCompute):
        BuyingModel(0, 1, 1, 1)


def test_a_handful_of_customers_makes_no_model():
    with pytest.raises(CannotCompute) as refusal:
        fit([(1, 2.0, 3.0)] * 99)
    assert refusal.value.params == {"needed": 100, "found": 99}


@pytest.fixture(scope="module")
def cdnow():
    with (shared_data("cdnow") / "cdnow_customers_summary.csv").open(newline="") as rows:
        return [(int(r["frequency"]), float(r["recency"]), float(r["T"])) for r in csv.DictReader(rows)]


def test_it_agrees_with_the_reference_cases():
    for case in reference_cases("customer-base", "bgnbd_expected"):
        model = BuyingModel(**case["input"]["parameters"])
        found = [expected_purchases(model, weeks) for weeks in case["input"]["t"]]
        assert found == pytest.approx(case["expected"]["expected"], abs=tolerance(case))
    for case in reference_cases("customer-base", "bgnbd_conditional"):
        past = (case["input"]["x"], case["input"]["t_x"], case["input"]["T"])
        found = expected_purchases(BuyingModel(**case["input"]["parameters"]), case["input"]["t"], past)
        assert found == pytest.approx(case["expected"]["expected"], abs=tolerance(case))
    for case in reference_cases("customer-base", "bgnbd_pmf"):
        model = BuyingModel(**case["input"]["parameters"])
        found = probability_of_purchases(model, case["input"]["n"], case["input"]["t"])
        assert found == pytest.approx(case["expected"]["probability"], abs=tolerance(case))


@pytest.mark.acceptance
def test_it_agrees_with_the_reference_likelihood(cdnow):
    for case in reference_cases("customer-base", "bgnbd_loglik"):
        model, expected = BuyingModel(**case["input"]["parameters"]), case["expected"]
        assert len(cdnow) == expected["customers"]
        allowed = tolerance(case, "log_likelihood")
        assert log_likelihood(model, cdnow) == pytest.approx(expected["log_likelihood"], abs=allowed)
        found, meant = fit(cdnow), case["input"]["parameters"]
        assert {name: getattr(found, name) for name in meant} == pytest.approx(meant, abs=0.01)


@pytest.mark.parametrize(
    ("retention", "discount", "expected"), [(0.8, 0.1, 2.67), (0.9, 0.12, 4.09), (0.6, 0.1, 1.20)]
)
def test_it_reaches_the_published_margin_multiples(retention, discount, expected):
    assert lifetime_value(1, retention, discount) == pytest.approx(expected, abs=0.005)


def test_many_years_approach_the_infinite_horizon():
    assert lifetime_value(100, 0.8, 0.1, years=3) == pytest.approx(
        100 * (8 / 11 + (8 / 11) ** 2 + (8 / 11) ** 3)
    )
    assert lifetime_value(100, 0.8, 0.1, years=200) == pytest.approx(lifetime_value(100, 0.8, 0.1))


@pytest.mark.parametrize(("retention", "discount"), [(1.1, 0.2), (-0.1, 0.1), (1, 0), (0.5, -0.1)])
def test_a_value_without_end_is_refused(retention, discount):
    with pytest.raises(CannotCompute) as refusal:
        lifetime_value(1, retention, discount)
    assert refusal.value.code == "value_without_end"
