"""What is equal in a key shows the same."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Account
from goals.models import Plan
from kam.lib.looks import looks
from tests.factories import make_account


@dataclass(frozen=True)
class Figure:
    amount: int
    parts: list[Any]


def test_it_goes_into_lists_and_figures() -> None:
    assert looks([1, {"a": [2]}, Figure(3, [None])]) == (1, ("a", (2,)), (3, (None,)))
    assert looks(Figure(3, [1])) != looks(Figure(3, [2]))


def test_a_row_says_its_fields_and_those_of_what_was_loaded_with_it(alice: Any) -> None:
    account = make_account("Glass", owner=alice)
    Plan.objects.create(account=account, why="They grow")

    def seen() -> Any:
        return looks(Account.objects.select_related("owner", "plan").get(pk=account.pk))

    before = seen()
    assert before == seen()
    type(alice).objects.filter(pk=alice.pk).update(name="Alicia")
    renamed = seen()
    Plan.objects.update(why="They shrink")
    assert len({before, renamed, seen()}) == 3


def test_what_cannot_say_how_it_looks_is_like_nothing_else() -> None:
    assert looks(object) != looks(object)
