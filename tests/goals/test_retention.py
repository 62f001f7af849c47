"""Retention of a fixed cohort: published bridges, traps and laws."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.retention import compound_growth, retention, retention_from_movements, retention_of_accounts
from tests.reference_cases import reference_cases, tolerance

money = st.decimals("-1000", "100000", places=2)
pairs = st.lists(st.tuples(money, money), max_size=30)


@pytest.mark.parametrize(
    ("start", "expansion", "contraction", "churn", "nrr", "grr"),
    [
        (Decimal("10.0"), Decimal("1.8"), Decimal("0.6"), Decimal("0.9"), 1.03, 0.85),
        (100_000, 8_000, 6_000, 8_000, 0.94, 0.86),
        (27_000, 8_000, 0, 5_000, 30 / 27, 22 / 27),
    ],
)
def test_it_reaches_published_bridges(start, expansion, contraction, churn, nrr, grr):
    found = retention_from_movements(start, expansion=expansion, contraction=contraction, churn=churn)
    assert found == (pytest.approx(nrr), pytest.approx(grr))


def test_three_accounts_of_a_hundred_that_expand_shrink_and_leave():
    found = retention([(100, 130), (100, 70), (100, 0)])
    assert found.nrr == pytest.approx(200 / 300)
    assert found.grr == pytest.approx(170 / 300)
    assert found.logo_retention == pytest.approx(2 / 3)


def test_new_business_and_returning_customers_are_in_no_rate():
    base = {"A": 1000, "B": 500, "C": 300, "D": 200, "E": 0}
    found = retention_of_accounts(base, {"A": 1200, "B": 400, "D": 200, "E": 150, "F": 700})
    assert (found.nrr, found.grr, found.logo_retention) == (0.9, 0.8, 0.75)
    assert (found.churned, found.contraction, found.expansion, found.new) == (300, 100, 200, 850)


def test_the_netting_level_changes_the_gross_rate_only():
    by_account, by_product = retention([(100, 90)]), retention([(50, 70), (50, 20)])
    assert (by_account.grr, by_product.grr) == (0.9, 0.7)
    assert by_account.nrr == by_product.nrr == 0.9


def test_an_empty_cohort_has_no_rate():
    found = retention_of_accounts({}, {"A": 10})
    assert (found.nrr, found.grr, found.logo_retention, found.growth) == (None, None, None, None)
    assert found.new == 10


def test_credits_alone_are_lost_revenue_and_more():
    found = retention([(100, -20), (100, 100)])
    assert (found.nrr, found.grr, found.logo_retention) == (0.4, 0.4, 0.5)
    assert found.churned == 120


def test_a_base_of_credits_is_no_cohort():
    found = retention([(-50, 100)])
    assert (found.base_accounts, found.new, found.nrr) == (0, 100, None)


@pytest.mark.parametrize(
    ("movements", "code"),
    [({"churn": -1}, "movement_negative"), ({"churn": 80, "contraction": 30}, "lost_more_than_all")],
)
def test_impossible_movements_are_refused(movements, code):
    with pytest.raises(CannotCompute) as refusal:
        retention_from_movements(100, **movements)
    assert refusal.value.code == code


def test_it_compounds_growth_over_years():
    assert compound_growth(9_000, 13_000, 3) == pytest.approx(0.1304, abs=6e-5)
    assert compound_growth(0, 13_000, 3) is None


@given(pairs)
def test_the_gross_rate_is_at_most_one_and_at_most_the_net_rate(rows):
    found = retention(rows)
    assert found.grr is None or found.grr <= min(1, found.nrr)


@given(pairs)
def test_the_movements_add_up_to_the_current_revenue_to_the_cent(rows):
    found = retention(rows)
    bridge = found.base_revenue + found.expansion - found.contraction - found.churned + found.new
    assert bridge == found.current_revenue == sum(current for _, current in rows)


def test_it_agrees_with_the_reference_bridges():
    for case in reference_cases("growth-retention", "retention_bridge"):
        given_, expected = dict(case["input"]), case["expected"]
        found = dict(
            zip(("nrr", "grr"), retention_from_movements(given_.pop("start"), **given_), strict=True)
        )
        assert {key: found[key] for key in expected} == pytest.approx(expected, abs=tolerance(case))


def test_it_agrees_with_the_reference_accounts():
    for case in reference_cases("growth-retention", "retention_accounts"):
        found = retention_of_accounts(case["input"]["p0"], case["input"]["p1"])
        for key, value in case["expected"].items():
            got = getattr(found, key)
            assert got is None if value is None else float(got) == pytest.approx(value, abs=tolerance(case))


def test_it_agrees_with_the_reference_growth():
    for case in reference_cases("growth-retention", "cagr"):
        found = compound_growth(case["input"]["start"], case["input"]["end"], case["input"]["years"])
        assert found == pytest.approx(case["expected"]["cagr"], abs=tolerance(case))
