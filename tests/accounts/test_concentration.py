"""Pareto, Lorenz, Gini and Herfindahl against published numbers and against their own laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from accounts.concentration import (
    abc_classes,
    concentration,
    gini,
    hhi,
    lorenz_points,
    pareto_exponent,
    pareto_gini,
    pareto_points,
    pareto_top_share,
    top_count,
    top_share,
)
from tests.reference_cases import reference_cases, tolerance

R_INEQ = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
amounts = st.lists(st.floats(0.01, 1e9), min_size=1, max_size=40)
any_amounts = st.lists(st.floats(-1e6, 1e6), max_size=40)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7, 7, 7, 7], 0.0),
        ([1, 2, 3, 4, 5], 4 / 15),
        ([20_000, 30_000, 40_000, 50_000, 60_000], 0.2),
        ([10] * 9 + [100], 0.4263158),
        (R_INEQ, 0.4620911),
    ],
)
def test_it_reaches_published_gini_indices(values, expected):
    assert gini(values) == pytest.approx(expected, abs=1e-6)


def test_the_unbiased_gini_of_one_who_has_all_is_one():
    values = np.array([0.000001, 0.000001, 0.000001, 1e9])
    assert gini(values, unbiased=True) == pytest.approx(1)


def test_it_reaches_the_published_unbiased_gini():
    assert gini(R_INEQ, unbiased=True) == pytest.approx(0.5134, abs=1e-4)


def test_the_gini_looks_at_positive_amounts_only():
    assert gini([-5, 0, 1, 2, 3, 4, 5]) == gini([1, 2, 3, 4, 5])


def test_a_gini_of_nothing_is_missing_and_not_zero():
    assert gini([]) is None
    assert gini([-1, 0]) is None
    assert gini([3]) == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [([30, 30, 20, 20], 2_600), ([10, 9, 12, 15, 12, 11, 15, 16], 1_296), ([42], 10_000)],
)
def test_it_reaches_published_herfindahl_indices(values, expected):
    assert hhi(values) == pytest.approx(expected)


def test_the_herfindahl_index_looks_at_positive_amounts_only():
    assert hhi([30, 30, 20, 20, -10]) == pytest.approx(2_600)


def test_four_equal_accounts_are_four_effective_accounts():
    assert concentration([5, 5, 5, 5]).effective_number == pytest.approx(4)


def test_a_fifth_of_the_accounts_is_rounded_up():
    assert [top_count(n, 0.2) for n in (1, 5, 6, 10, 35, 4_338, 4_372)] == [1, 1, 2, 2, 7, 868, 875]


def test_two_of_ten_accounts_bring_eighty_percent():
    found = concentration([40, 40, 5, 3, 3, 3, 2, 2, 1, 1])
    assert (found.top20_count, found.top20_share, found.top10_share) == (2, 0.8, 1.0)
    assert (found.accounts_for_50, found.accounts_for_80, found.accounts_for_95) == (2, 2, 7)
    assert found.largest_share == 0.4


def test_a_limit_that_is_met_exactly_costs_no_further_account():
    assert concentration([0.1] * 10).accounts_for_80 == 8


def test_a_portfolio_without_accounts_has_no_shares():
    found = concentration([])
    assert (found.accounts, found.total, found.top20_count) == (0, 0.0, 0)
    assert (found.top20_share, found.gini, found.hhi, found.accounts_for_50) == (None, None, None, None)


def test_a_total_that_is_not_positive_has_no_shares():
    found = concentration([10, -10])
    assert (found.accounts, found.top20_share, found.largest_share, found.accounts_for_80) == (
        2,
        None,
        None,
        None,
    )
    assert pareto_points([10, -10]) == []


def test_reversals_push_the_pareto_curve_above_one():
    assert pareto_points([120, -20]) == [(0.0, 0.0), (0.5, 1.2), (1.0, 1.0)]


def test_the_lorenz_curve_of_one_to_five_is_the_published_one():
    heights = [y for _, y in lorenz_points([5, 3, 1, 4, 2])]
    assert heights == pytest.approx([0, 1 / 15, 0.2, 0.4, 2 / 3, 1])


def test_curves_are_thinned_and_keep_their_ends():
    curve = pareto_points(range(1, 100_001))
    assert len(curve) == 200
    assert (curve[0], curve[-1]) == ((0.0, 0.0), (1.0, 1.0))


def test_the_account_that_crosses_eighty_percent_is_an_a_account():
    values = {"a": 500, "b": 250, "c": 100, "d": 60, "e": 40, "f": 30, "g": 20}
    assert "".join(abc_classes(values).values()) == "AAABBCC"


def test_abc_classes_of_nothing_are_refused():
    with pytest.raises(CannotCompute) as refusal:
        abc_classes({"a": 0})
    assert refusal.value.code == "total_not_positive"


def test_eighty_twenty_is_a_pareto_distribution_of_its_own():
    alpha = pareto_exponent(0.2, 0.8)
    assert alpha == pytest.approx(1.160964, abs=1e-6)
    assert pareto_top_share(0.04, alpha) == pytest.approx(0.64)
    assert pareto_gini(alpha) == pytest.approx(0.7565, abs=6e-5)


def test_an_even_split_is_no_pareto_distribution():
    with pytest.raises(CannotCompute):
        pareto_exponent(0.5, 0.5)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(bad):
    with pytest.raises(CannotCompute) as refusal:
        concentration([1, bad])
    assert refusal.value.code == "not_finite"


@given(amounts, st.floats(0.001, 1000))
def test_the_gini_does_not_know_the_currency(values, rate):
    assert gini([value * rate for value in values]) == pytest.approx(gini(values), abs=1e-9)


@given(any_amounts)
def test_the_gini_lies_between_zero_and_one(values):
    index = gini(values)
    assert index is None or 0 <= index <= 1


@given(amounts)
def test_the_herfindahl_index_lies_between_equal_and_one_for_all(values):
    assert 10_000 / len(values) - 1e-6 <= hhi(values) <= 10_000 + 1e-6


@given(amounts)
def test_more_accounts_are_needed_for_more_revenue(values):
    found = concentration(values)
    assert 1 <= found.accounts_for_50 <= found.accounts_for_80 <= found.accounts_for_95 <= len(values)


@given(amounts)
def test_the_lorenz_curve_never_rises_above_the_diagonal(values):
    assert all(y <= x + 1e-9 for x, y in lorenz_points(values))


def test_it_agrees_with_the_reference_cases_of_gini_and_herfindahl():
    for case in reference_cases("concentration", "hhi"):
        assert hhi(case["input"]["values"]) == pytest.approx(case["expected"]["hhi"], abs=tolerance(case))
    for case in reference_cases("concentration", "top_share"):
        share = top_share(case["input"]["values"], case["input"]["fraction"])
        assert share == pytest.approx(case["expected"]["share"], abs=tolerance(case))


def test_it_agrees_with_the_reference_cases_of_gini():
    for case in reference_cases("concentration", "gini"):
        # Accounts without revenue do not enter our index, so they leave the case as well.
        values = [value for value in case["input"]["values"] if value > 0]
        if len(values) == len(case["input"]["values"]):
            assert gini(values) == pytest.approx(case["expected"]["gini"], abs=tolerance(case))


QUANTILES = {
    "uniform on (0, b)": lambda p, _: p,
    "exponential": lambda p, _: -np.log1p(-p),
}


def test_it_agrees_with_the_closed_forms_of_distributions():
    middles = (np.arange(200_000) + 0.5) / 200_000
    for case in reference_cases("concentration", "gini_distribution"):
        name, parameter = case["input"]["distribution"], case["input"]["parameter"]
        found = gini(QUANTILES[name](middles, parameter)) if name in QUANTILES else pareto_gini(parameter)
        assert found == pytest.approx(case["expected"]["gini"], abs=tolerance(case))
