"""Contribution, cost to serve, whale curve and discounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.profitability import (
    AccountBooks,
    Activity,
    Concession,
    Movement,
    account_contribution,
    discount_leakage,
    fell_while_revenue_rose,
    time_driven_costs,
    whale_curve,
)


def test_contribution_is_what_is_left_of_the_list_price():
    found = account_contribution(AccountBooks(*map(Decimal, (1000, 100, 50, 500, 120))))
    assert (found.net_revenue, found.gross_margin, found.contribution) == (850, 350, 230)
    assert found.contribution_rate == pytest.approx(230 / 850)
    assert found.discount_rate == pytest.approx(0.15)


def test_an_account_without_revenue_has_no_rates():
    found = account_contribution(AccountBooks(Decimal(0), cost_to_serve=Decimal(80)))
    assert (found.contribution, found.contribution_rate, found.discount_rate) == (-80, None, None)


@pytest.fixture
def customer_service():
    work = {
        "orders": Activity(Decimal(8), 49_000),
        "inquiries": Activity(Decimal(44), 1_400),
        "credit checks": Activity(Decimal(50), 2_500),
    }
    return time_driven_costs(560_000, 700_000, work)


def test_it_reaches_the_published_time_driven_rates(customer_service):
    assert customer_service.rate_per_minute == Decimal("0.80")
    assert list(customer_service.unit_costs.values()) == [Decimal("6.40"), Decimal("35.20"), Decimal("40.00")]


def test_it_reaches_the_published_used_and_unused_capacity(customer_service):
    assert (customer_service.used_minutes, customer_service.used_cost) == (578_600, 462_880)
    assert (customer_service.unused_minutes, customer_service.unused_cost) == (121_400, 97_120)
    assert round(customer_service.utilisation, 2) == 0.83


def test_costs_without_capacity_are_refused():
    with pytest.raises(CannotCompute) as refusal:
        time_driven_costs(1, 0, {})
    assert refusal.value.code == "no_capacity"


def test_the_whale_curve_rises_above_the_total_and_falls_back():
    found = whale_curve([50, -20, 30, 0, 20])
    assert found.cumulated == pytest.approx([0.625, 1.0, 1.25, 1.25, 1.0])
    assert (found.peak, found.peak_accounts, found.destroyed) == (1.25, 3, 0.25)


@pytest.mark.parametrize("contributions", [[], [5, -5], [-1]])
def test_a_whale_curve_of_no_profit_is_refused(contributions):
    with pytest.raises(CannotCompute) as refusal:
        whale_curve(contributions)
    assert refusal.value.code == "total_not_positive"


@given(st.lists(st.integers(-1000, 1000), min_size=1).filter(lambda values: sum(values) > 0))
def test_the_whale_curve_ends_at_one_and_peaks_at_one_or_more(contributions):
    found = whale_curve(contributions)
    assert found.cumulated[-1] == pytest.approx(1)
    assert found.peak >= 1 - 1e-9


def test_staying_below_the_policy_offsets_no_leak():
    rows = [(1000, 150, "0.10"), (1000, 0, "0.10"), (500, 50, "0.10")]
    found = discount_leakage(Concession(*map(Decimal, row)) for row in rows)
    assert (found.granted, found.allowed, found.leaked) == (200, 250, 50)
    assert (found.granted_rate, found.leaked_rate) == (0.08, 0.02)


def test_a_reversal_takes_back_what_its_line_leaked():
    rows = [(100, 20, "0.10"), (-100, -20, "0.10"), (-100, -5, "0.10"), (50, 10, "0.10")]
    found = discount_leakage(Concession(*map(Decimal, row)) for row in rows)
    assert (found.granted, found.allowed, found.leaked) == (5, -5, 5)


def test_no_line_leaks_nothing():
    assert discount_leakage([]).leaked_rate is None


def test_it_lists_accounts_that_earn_less_on_more_the_largest_fall_first():
    rows = {"small": (10, 20, 5, 4), "large": (10, 11, 5, 1), "fine": (10, 20, 5, 6), "lost": (10, 5, 5, 1)}
    found = fell_while_revenue_rose(Movement(name, *map(Decimal, row)) for name, row in rows.items())
    assert [row.account for row in found] == ["large", "small"]
