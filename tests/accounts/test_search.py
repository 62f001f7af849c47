"""Search finds a company however its name is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Account
from kam.lib.text import fold
from tests.factories import make_account


@pytest.mark.parametrize(
    "typed",
    [
        "Müller",
        "MUELLER",
        "mueller gmbh",
        "müller GmbH & Co. KG",
        "maschinenbau mueller",
        "köln",
        "Koeln",
        "mueller.example",
    ],
)
def test_it_finds_the_account(account: Account, typed: str) -> None:
    assert list(Account.objects.search(typed)) == [account]


@pytest.mark.parametrize("typed", ["Meier", "Müller Hamburg", "!!!", "%", "_"])
def test_it_finds_nothing_else(account: Account, typed: str) -> None:
    assert not Account.objects.search(typed).exists()


def test_it_finds_by_external_id(db: None) -> None:
    known = make_account("Known", external_id="C-4711")
    assert list(Account.objects.search("c-4711")) == [known]


def test_nothing_typed_finds_everything(account: Account) -> None:
    assert Account.objects.search("  ").count() == 1


@given(st.sampled_from(["Müller", "Größe", "Straße", "Øresund", "Łódź"]), st.data())
def test_folding_is_the_same_for_every_way_of_writing(name: str, data: st.DataObject) -> None:
    typed = "".join(data.draw(st.sampled_from([c, c.upper(), c.lower()])) for c in name)
    assert fold(typed) == fold(name)


@given(st.text(alphabet="aäöüßÄÖÜẞéÈñÇøØł& .-GmbHKG0123@"))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


class EveryNameIsFoundByItself(TestCase):
    @given(
        st.text(
            alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60
        )
    )
    def test_a_name_is_found_by_itself(self, name: str) -> None:
        if not fold(name):
            return
        account = make_account(name)
        assert account in Account.objects.search(name)
