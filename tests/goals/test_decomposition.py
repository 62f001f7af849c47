"""Bridges from one revenue to the next add up to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.decomposition import Sold, orders_and_size, price_volume_mix

money = st.decimals("-100000", "1000000", places=2)
orders = st.integers(0, 500)
quantities = st.decimals("-5", "1000", places=3)
books = st.dictionaries(
    st.text(max_size=3), st.builds(Sold, quantities, money, quantities, money), max_size=8
)


def test_four_more_orders_and_five_hundred_more_each_are_twice_twenty_one_thousand():
    found = orders_and_size((40, 200_000), (44, Decimal("242000")))
    assert (found.change, found.orders_effect, found.size_effect) == (42_000, 21_000, 21_000)
    assert (found.size_before, found.size_after) == (5_000, 5_500)


@pytest.mark.parametrize(
    ("before", "after", "by_orders", "by_size"),
    [
        ((0, 0), (3, 900), 900, 0),
        ((3, 900), (0, 0), -900, 0),
        ((0, 0), (0, 0), 0, 0),
        ((0, 0), (0, -50), 0, -50),
        ((2, 100), (2, 160), 0, 60),
    ],
)
def test_a_period_without_orders_has_no_size_to_compare(before, after, by_orders, by_size):
    found = orders_and_size(before, after)
    assert (found.orders_effect, found.size_effect) == (by_orders, by_size)


def test_thirds_of_a_cent_are_not_lost():
    found = orders_and_size((3, Decimal("100.00")), (7, Decimal("100.01")))
    assert found.orders_effect == Decimal("95.24")
    assert found.orders_effect + found.size_effect == Decimal("0.01")


def test_fewer_than_no_orders_are_refused():
    with pytest.raises(CannotCompute) as refusal:
        orders_and_size((-1, 0), (1, 1))
    assert refusal.value.code == "orders_negative"


@given(orders, money, orders, money)
def test_orders_and_size_add_up_to_the_cent(orders_0, revenue_0, orders_1, revenue_1):
    found = orders_and_size((orders_0, revenue_0), (orders_1, revenue_1))
    assert found.orders_effect + found.size_effect == revenue_1 - revenue_0


def test_a_price_rise_alone_is_price():
    total = price_volume_mix({"A": Sold(10, 100, 10, 120)}).total
    assert (total.price, total.volume, total.mix) == (20, 0, 0)


def test_growth_of_everything_alike_is_volume():
    total = price_volume_mix({"A": Sold(10, 100, 20, 200), "B": Sold(10, 500, 20, 1000)}).total
    assert (total.price, total.volume, total.mix) == (0, 600, 0)


def test_a_shift_towards_the_dearer_offering_is_mix():
    total = price_volume_mix({"A": Sold(10, 100, 5, 50), "B": Sold(10, 500, 15, 750)}).total
    assert (total.price, total.volume, total.mix) == (0, 0, 200)


def test_new_and_lost_offerings_stand_apart():
    bridge = price_volume_mix({"A": Sold(0, 0, 4, 80), "B": Sold(3, 60, 0, 0), "C": Sold(1, 10, 1, 10)})
    assert (bridge.total.new, bridge.total.lost, bridge.total.volume) == (80, -60, 0)
    assert (bridge.before, bridge.after) == (70, 90)


def test_an_offering_of_credits_alone_is_lost_revenue():
    assert price_volume_mix({"A": Sold(3, 60, -1, -20)}).total.lost == -80


def test_a_bridge_of_nothing_is_flat():
    assert price_volume_mix({}).total.change == 0


@given(books)
def test_price_volume_and_mix_add_up_to_the_cent(offerings):
    bridge = price_volume_mix(offerings)
    rows = [bridge.total, *bridge.offerings.values()]
    assert all(row.price + row.volume + row.mix + row.new + row.lost == row.change for row in rows)
    assert bridge.before + bridge.total.change == bridge.after
