"""Two accounts look alike, and somebody says that they are two companies."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.actions.distinctions import doubt_again, tell_apart
from accounts.actions.merges import merge_accounts, undo_merge
from accounts.merging.preview import preview
from accounts.models import Account, Activity, Distinction
from kam.lib.errors import DomainError
from tests.factories import make_account

pytestmark = pytest.mark.django_db
HINT = "gibt es vielleicht doppelt"


@pytest.fixture
def alike() -> tuple[Account, Account]:
    return make_account("Nordmetall GmbH"), make_account("Nordmetall AG")


def page_of(client: Any, account: Account, name: str = "detail") -> str:
    return str(client.get(reverse(f"accounts:{name}", args=[account.pk])).content.decode())


def pairs() -> set[tuple[Any, Any]]:
    return set(Distinction.objects.values_list("account", "other"))


def test_it_is_not_hinted_at_any_more_on_either_side(sign_in: Any, dana: Any, alike: Any) -> None:
    client = sign_in(dana)
    assert all(HINT in page_of(client, account) for account in alike)
    tell_apart(*alike, by=dana)
    assert not any(HINT in page_of(client, account) for account in alike)


def test_a_third_one_is_still_hinted_at(sign_in: Any, dana: Any, alike: Any) -> None:
    third = make_account("Nordmetall KG")
    tell_apart(*alike, by=dana)
    assert HINT in page_of(sign_in(dana), alike[0])
    assert list(Account.objects.similar_to(alike[0])) == [third]


def test_it_is_written_once_and_taken_back(dana: Any, alike: Any) -> None:
    first, second = alike
    assert [tell_apart(first, second, by=dana), tell_apart(second, first, by=dana)] == [True, False]
    assert [doubt_again(second, first, by=dana), doubt_again(second, first, by=dana)] == [True, False]
    told = Activity.objects.filter(verb__in=("account.told_apart", "account.doubted_again")).order_by("pk")
    assert [(row.verb, row.account, row.actor) for row in told] == [
        ("account.told_apart", first, dana),
        ("account.doubted_again", second, dana),
    ]
    assert list(Account.objects.similar_to(first)) == [second]


def test_an_account_is_not_told_apart_from_itself(dana: Any, alike: Any) -> None:
    with pytest.raises(DomainError):
        tell_apart(alike[0], alike[0], by=dana)


def test_the_page_says_it_and_takes_it_back(sign_in: Any, dana: Any, alike: Any) -> None:
    client, (first, second) = sign_in(dana), alike
    url = reverse("accounts:apart", args=[first.pk])
    answer = client.post(url, {"with": second.pk}, follow=True)
    page = answer.content.decode()
    assert "sind zwei Unternehmen" in page and "Zurücknehmen" in page
    assert "Wahrscheinlich dasselbe Unternehmen" not in page
    client.post(url, {"with": second.pk, "again": "1"})
    assert "Wahrscheinlich dasselbe Unternehmen" in page_of(client, first, "merge")
    assert client.post(url, {"with": first.pk}).status_code == 302 and not pairs()


def test_who_does_not_see_the_other_one_says_nothing_of_it(
    sign_in: Any, alice: Any, account: Account
) -> None:
    url = reverse("accounts:apart", args=[account.pk])
    page = sign_in(alice).post(url, {"with": make_account().pk}, follow=True)
    assert "keiner, den Sie sehen" in page.content.decode()
    assert not pairs()


def test_an_edit_of_one_does_not_ask_again(sign_in: Any, dana: Any, alike: Any) -> None:
    first, second = alike
    tell_apart(first, second, by=dana)
    data = {"name": "Nordmetall SE", "currency": "EUR", "status": "active", "version": first.version}
    assert sign_in(dana).post(reverse("accounts:edit", args=[first.pk]), data).status_code == 302


def test_the_api_lists_what_is_alike_and_takes_the_answer(sign_in: Any, dana: Any, alike: Any) -> None:
    client, url = sign_in(dana), f"/api/v1/accounts/{alike[0].pk}/twins/"
    other = str(alike[1].pk)

    def say(word: str) -> Any:
        return client.post(
            url, {"account": other, "same_company": word}, content_type="application/json"
        ).json()

    found = client.get(url).json()
    assert ([row["id"] for row in found["likely"]], found["told_apart"]) == ([other], [])
    assert ([row["id"] for row in say("no")["told_apart"]], client.get(url).json()["likely"]) == ([other], [])
    assert [row["id"] for row in say("unknown")["likely"]] == [other]
    assert client.post(url, {"account": other}, content_type="application/json").status_code == 422


def test_a_merge_hands_it_on_and_its_undo_brings_it_back(dana: Any, alike: Any) -> None:
    target, source = alike
    third, fourth = make_account(), make_account()
    tell_apart(target, source, by=dana)
    tell_apart(source, third, by=dana)
    for each in alike:
        tell_apart(each, fourth, by=dana)
    before = pairs()
    assert any("nicht dasselbe" in text for text in preview(target, source, by=dana, chosen={}).warnings)
    merge = merge_accounts(target, source, by=dana)
    assert pairs() == {
        pair for other in (third, fourth) for pair in ((target.pk, other.pk), (other.pk, target.pk))
    }
    undo_merge(merge, by=dana)
    assert pairs() == before
