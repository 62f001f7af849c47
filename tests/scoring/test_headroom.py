"""Room to grow, in pure arithmetic."""

from datetime import date

import pytest

from scoring.headroom import Statement, headroom

EARLIER, LATER = date(2026, 1, 1), date(2026, 6, 1)


def test_nothing_said_is_unknown_and_not_zero() -> None:
    assert headroom([], 1000) is None


@pytest.mark.parametrize(
    ("kind", "amount", "room", "share"),
    [("white_space", 400, 400, None), ("potential", 1000, 700, None), ("wallet", 1200, 900, 0.25)],
)
def test_each_statement_says_it_its_own_way(kind: str, amount: float, room: float, share: float) -> None:
    found = headroom([Statement(kind, amount, LATER)], 300)
    assert found is not None
    assert (found.amount, found.share, found.exceeded) == (room, share, False)


def test_the_newest_statement_counts_and_the_most_direct_one_of_a_day() -> None:
    said = [Statement("white_space", 50, EARLIER), Statement("wallet", 500, LATER)]
    found = headroom(said, 100)
    assert found is not None and (found.kind, found.amount) == ("wallet", 400)
    found = headroom([*said, Statement("potential", 300, LATER)], 100)
    assert found is not None and (found.kind, found.amount, found.share) == ("potential", 200, 0.2)


def test_revenue_above_what_was_stated_says_so_and_is_never_negative() -> None:
    found = headroom([Statement("potential", 100, LATER)], 300)
    assert found is not None and (found.amount, found.exceeded) == (0, True)


def test_reversals_do_not_enlarge_the_room() -> None:
    found = headroom([Statement("potential", 100, LATER)], -50)
    assert found is not None and found.amount == 100


def test_a_wallet_below_our_revenue_tells_no_share() -> None:
    found = headroom([Statement("wallet", 100, LATER)], 300)
    assert found is not None and (found.share, found.exceeded) == (None, True)
