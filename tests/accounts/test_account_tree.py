"""Moving companies between groups keeps the top of every tree right."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actions.accounts import create_account, update_account
from accounts.models import Account
from kam.lib.errors import DomainError, InvalidInput
from tests.factories import make_account


def move(child: Account, parent: Account | None) -> None:
    update_account(Account.objects.get(pk=child.pk), values={"parent": parent}, by=None)


def top(account: Account) -> Account | None:
    return Account.objects.get(pk=account.pk).ultimate_parent


def test_a_subsidiary_knows_the_top(db: None) -> None:
    holding = make_account("Holding")
    middle = create_account(values={"name": "Middle", "parent": holding}, by=None)
    leaf = create_account(values={"name": "Leaf", "parent": middle}, by=None)
    assert (middle.ultimate_parent, leaf.ultimate_parent) == (holding, holding)


def test_a_move_takes_the_whole_subtree_along(db: None) -> None:
    old, new, middle, leaf = (make_account(name) for name in ("Old", "New", "Middle", "Leaf"))
    move(middle, old)
    move(leaf, middle)
    move(middle, new)
    assert (top(middle), top(leaf)) == (new, new)


def test_leaving_a_group_makes_a_top(db: None) -> None:
    old, middle, leaf = (make_account(name) for name in ("Old", "Middle", "Leaf"))
    move(middle, old)
    move(leaf, middle)
    move(middle, None)
    assert (top(middle), top(leaf)) == (None, middle)


def test_a_loop_is_refused(db: None) -> None:
    upper, lower = make_account("Upper"), make_account("Lower")
    move(lower, upper)
    with pytest.raises(InvalidInput) as refused:
        move(upper, lower)
    assert refused.value.code == "tree_loop"


def test_an_account_is_not_its_own_parent(account: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        move(account, account)
    assert refused.value.code == "own_parent"


def test_a_group_is_the_account_and_all_below(db: None) -> None:
    holding, middle, leaf, other = (make_account(name) for name in ("Holding", "Middle", "Leaf", "Other"))
    move(middle, holding)
    move(leaf, middle)
    assert set(Account.objects.in_group_of(holding.pk)) == {holding, middle, leaf}
    assert other not in Account.objects.in_group_of(holding.pk)


class AnyMovesLeaveAForest(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 5))), max_size=15))
    def test_tops_are_what_walking_up_finds(self, moves: list[tuple[int, int | None]]) -> None:
        accounts = [make_account() for _number in range(6)]
        for child, parent in moves:
            try:
                move(accounts[child], None if parent is None else accounts[parent])
            except DomainError:
                continue
        for account in Account.objects.all():
            above = account
            while above.parent is not None:
                above = above.parent
            assert account.ultimate_parent_id == (None if above.pk == account.pk else above.pk)
