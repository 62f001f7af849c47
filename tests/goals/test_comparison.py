"""Key accounts against their twins."""

import random

import pytest

from accounts.arithmetic import CannotCompute
from goals.comparison import Subject, compare_matched, contribution_change, match


def subjects(prefix, count, advantage=0.0, segment="mid"):
    dice = random.Random(prefix)
    return [
        Subject(f"{prefix}{n}", segment, 1000 * 1.1**n, 0.01 * (n % 5), advantage + dice.gauss(0, 1))
        for n in range(count)
    ]


def test_each_key_account_meets_the_nearest_other_of_its_segment():
    keys = [Subject("k", "mid", 1000, 0.1, 0)]
    others = [
        Subject("far", "mid", 900, 0.1, 0),
        Subject("near", "mid", 990, 0.1, 0),
        Subject("twin of another segment", "large", 1000, 0.1, 0),
    ]
    assert [(a.account, b.account) for a, b in match(keys, others)] == [("k", "near")]


def test_no_other_account_serves_twice():
    pairs = match(subjects("k", 12), subjects("o", 20))
    assert len({other.account for _, other in pairs}) == len(pairs)


def test_accounts_that_are_not_alike_are_not_compared():
    pairs = match([Subject("k", "mid", 1e9, 0.1, 0)], subjects("o", 20))
    assert pairs == []


def test_the_order_in_which_accounts_are_given_does_not_matter():
    keys, others = subjects("k", 12), subjects("o", 30)
    first = {(a.account, b.account) for a, b in match(keys, others)}
    assert first == {(a.account, b.account) for a, b in match(keys[::-1], others[::-1])}


def test_it_finds_a_real_advantage_with_an_interval_around_it():
    found = compare_matched(subjects("k", 40, advantage=3), subjects("o", 60))
    assert found.low < found.difference < found.high
    assert found.low < 3 < found.high
    assert found.conclusive


def test_no_advantage_is_not_conclusive():
    found = compare_matched(subjects("k", 40), subjects("o", 60))
    assert not found.conclusive


def test_the_difference_is_that_of_the_two_means():
    found = compare_matched(subjects("k", 40), subjects("o", 60))
    assert found.difference == pytest.approx(found.key_mean - found.other_mean)


def test_the_same_seed_gives_the_same_interval():
    first, again = (compare_matched(subjects("k", 15), subjects("o", 30), seed=7) for _ in range(2))
    assert first == again


def test_key_accounts_without_a_twin_are_named():
    giant = Subject("giant", "mid", 1e9, 0.1, 0)
    assert compare_matched([*subjects("k", 15), giant], subjects("o", 30)).unmatched == ["giant"]


def test_a_small_sample_is_refused_with_its_numbers():
    with pytest.raises(CannotCompute) as refusal:
        compare_matched(subjects("k", 9), subjects("o", 60))
    assert (refusal.value.code, refusal.value.params) == ("too_few_pairs", {"found": 9, "needed": 10})


def test_a_size_that_is_none_is_refused():
    with pytest.raises(CannotCompute):
        match([Subject("k", "mid", 0, 0.1, 0)], subjects("o", 3))


def test_contribution_changes_from_the_first_to_the_last_year():
    assert contribution_change([10, 12, 8, 10, 99, 14, 16, 12, 18]) == 15 - 10 + 0.0


def test_seven_quarters_are_too_few():
    with pytest.raises(CannotCompute) as refusal:
        contribution_change([1] * 7)
    assert refusal.value.code == "too_few_quarters"
