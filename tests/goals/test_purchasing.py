"""Overdue orders, exhausted volume, peers and the wallet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.arithmetic import CannotCompute
from goals.purchasing import (
    Buyer,
    cadences,
    cross_sell,
    overdue,
    peers_of,
    saturation,
    share_of_wallet,
    wallet_allocation,
    white_space,
)

START = date(2026, 1, 1)
AS_OF = START + timedelta(days=120)


def weekly(account, offering, weeks, gap=7):
    return [(account, offering, START + timedelta(days=gap * week)) for week in range(weeks)]


def test_each_offering_has_a_rhythm_of_its_own():
    found = cadences(weekly("Acme", "oil", 5) + weekly("Acme", "belts", 5, gap=20), AS_OF)
    medians = {row.offering: row.gaps.median for row in found}
    assert (medians["oil"], medians["belts"]) == (7.0, 20.0)
    assert None in medians


def test_what_is_late_by_more_of_its_own_gaps_comes_first():
    found = overdue(cadences(weekly("Slow", "belts", 4, gap=25) + weekly("Quick", "oil", 5), AS_OF))
    assert [(row.account, row.offering) for row in found][:2] == [("Quick", None), ("Quick", "oil")]
    assert found[-1].account == "Slow"


def test_a_punctual_account_is_not_listed():
    assert overdue(cadences(weekly("Acme", "oil", 18), AS_OF)) == []


@pytest.mark.parametrize(
    ("after", "share", "saturated", "plays"),
    [
        (120, 0.85, True, ("size", "new_offering", "beta")),
        (120, 0.84, False, ("volume",)),
        (100, 0.90, False, ()),
        (120, None, None, ()),
    ],
)
def test_rising_units_near_the_ceiling_of_the_wallet_end_the_volume_play(after, share, saturated, plays):
    found = saturation(100, after, share)
    assert (found.saturated, found.plays) == (saturated, plays)


def buyers(*spends, segment="machinery", size=100.0):
    return [Buyer(f"peer{n}", segment, size, {"service": spent}) for n, spent in enumerate(spends)]


def test_peers_are_of_one_segment_and_size():
    acme = Buyer("Acme", "machinery", 100)
    others = [
        acme,
        Buyer("half", "machinery", 50),
        Buyer("double", "machinery", 200),
        Buyer("giant", "machinery", 201),
        Buyer("bakery", "food", 100),
    ]
    assert [peer.account for peer in peers_of(acme, others)] == ["half", "double"]


def test_it_proposes_what_peers_buy_scaled_to_the_size_of_the_account():
    acme = Buyer("Acme", "machinery", 150, {"service": 10})
    (found,) = cross_sell(acme, buyers(20, 40, 30, 0, 0), {"service": 0.5})
    assert (found.peers, found.buyers, found.adoption) == (5, 3, 0.6)
    assert (found.peer_median, found.expected, found.current, found.value) == (30, 45, 10, 35)
    assert found.margin_value == 17.5


@pytest.mark.parametrize(("spends", "proposed"), [((9, 9, 0, 0, 0), 1), ((9, 0, 0, 0, 0), 0)])
def test_an_offering_needs_forty_percent_of_the_peers(spends, proposed):
    assert len(cross_sell(Buyer("Acme", "machinery", 100), buyers(*spends))) == proposed


def test_who_buys_as_much_as_its_peers_gets_no_proposal():
    assert cross_sell(Buyer("Acme", "machinery", 100, {"service": 30}), buyers(30, 30, 30, 30, 30)) == []


def test_the_most_valuable_offering_comes_first():
    peers = [Buyer(f"p{n}", "machinery", 100, {"oil": 5, "belts": 50, "pumps": 20}) for n in range(5)]
    found = cross_sell(Buyer("Acme", "machinery", 100), peers)
    assert [row.offering for row in found] == ["belts", "pumps", "oil"]
    weighed = cross_sell(Buyer("Acme", "machinery", 100), peers, {"oil": 0.9, "belts": 0.01, "pumps": 0.5})
    assert [row.offering for row in weighed] == ["pumps", "oil", "belts"]


def test_few_peers_propose_nothing():
    with pytest.raises(CannotCompute) as refusal:
        cross_sell(Buyer("Acme", "machinery", 100), buyers(9, 9, 9, 9))
    assert (refusal.value.code, refusal.value.params) == ("too_few_peers", {"found": 4, "needed": 5})


@pytest.mark.parametrize(
    ("spend", "penetration", "open_offerings"),
    [
        ({"a": 120, "b": 30, "c": 25}, 0.6, ["d", "e"]),
        ({"a": 85, "c": 40}, 0.4, ["b", "d", "e"]),
        ({"a": 80, "b": 80, "c": 80, "d": 80, "e": 80}, 1.0, []),
        ({"e": 150}, 0.2, ["a", "b", "c", "d"]),
    ],
)
def test_it_reaches_the_published_white_space_grid(spend, penetration, open_offerings):
    found = white_space(spend, ["a", "b", "c", "d", "e"])
    assert (found.penetration, found.open) == (penetration, open_offerings)


@pytest.mark.parametrize(
    ("own", "spend", "share"), [(30, 120, 0.25), (30, None, None), (0, 0, None), (-5, 50, 0)]
)
def test_the_share_of_an_unknown_wallet_is_unknown(own, spend, share):
    assert share_of_wallet(own, spend) == share


def test_a_wallet_smaller_than_our_revenue_is_refused():
    with pytest.raises(CannotCompute) as refusal:
        share_of_wallet(60, 50)
    assert refusal.value.code == "spend_below_revenue"


@pytest.mark.parametrize(
    ("ranks", "shares"),
    [
        ({"a": 1, "b": 2}, [0.667, 0.333]),
        ({"a": 1, "b": 2, "c": 3}, [0.5, 0.333, 0.167]),
        ({"a": 1, "b": 1, "c": 3}, [0.417, 0.417, 0.167]),
    ],
)
def test_it_reaches_the_published_wallet_allocation(ranks, shares):
    assert list(wallet_allocation(ranks).values()) == pytest.approx(shares, abs=0.0005)


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 5), min_size=1, max_size=8))
def test_the_allocated_shares_add_up_to_one(ranks):
    assert sum(wallet_allocation(ranks).values()) == pytest.approx(1)
