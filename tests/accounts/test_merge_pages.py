"""The pages of a merge, the way from old addresses, and who is told that an account gibt es vielleicht doppelt."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.actions.merges import merge_accounts
from accounts.models import Account, AccountMerge
from tests.accounts.pairs import pair
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db


def test_the_screen_shows_both_and_says_what_collides(sign_in: Any, dana: Any) -> None:
    target, source = pair(dana)
    page = (
        sign_in(dana).get(reverse("accounts:merge", args=[target.pk]), {"with": source.pk}).content.decode()
    )
    assert "Nordmetall AG" in page and "Beide sind Key Accounts" in page
    assert "Hat jemand beide bewertet" in page


def test_it_merges_with_the_chosen_values_and_shows_the_record(sign_in: Any, dana: Any) -> None:
    target, source = make_account("A GmbH", city="Köln"), make_account("B AG", city="Bonn")
    data = {"with": source.pk, "choose-city": "source"}
    answer = sign_in(dana).post(reverse("accounts:merge", args=[target.pk]), data)
    target.refresh_from_db()
    merge = AccountMerge.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("accounts:merge_detail", args=[merge.pk]),
    )
    assert target.city == "Bonn"


def test_the_record_is_shown_and_undone(sign_in: Any, dana: Any) -> None:
    target, source = pair(dana)
    merge = merge_accounts(target, source, by=dana)
    make_contact(target)
    client = sign_in(dana)
    page = client.get(reverse("accounts:merge_detail", args=[merge.pk])).content.decode()
    assert "Why Nordmetall AG" in page and "kamen nach der Zusammenführung" in page
    client.post(reverse("accounts:merge_undo", args=[merge.pk]))
    assert Account.objects.filter(pk=source.pk).exists()
    assert client.get(reverse("accounts:merge_detail", args=[merge.pk])).status_code == 200
    assert client.get(reverse("accounts:merges")).status_code == 200


def test_old_addresses_lead_to_the_account_that_stays(sign_in: Any, dana: Any, charlie: Any) -> None:
    target, source = make_account(), make_account()
    old, new = reverse("goals:plan", args=[source.pk]), reverse("goals:plan", args=[target.pk])
    merge_accounts(target, source, by=dana)
    answer = sign_in(dana).get(f"{old}?x=1")
    assert (answer.status_code, answer["Location"]) == (301, f"{new}?x=1")
    assert sign_in(charlie).get(old).status_code == 404


def test_an_address_of_nobody_stays_missing(sign_in: Any, dana: Any) -> None:
    assert (
        sign_in(dana)
        .get(reverse("accounts:detail", args=["01990000-0000-7000-8000-000000000000"]))
        .status_code
        == 404
    )


def test_the_other_account_is_suggested_and_searched(sign_in: Any, dana: Any) -> None:
    account = make_account("Nordmetall GmbH")
    make_account("Nordmetall AG")
    make_account("Zeta Werke")
    url = reverse("accounts:merge", args=[account.pk])
    assert "Nordmetall AG" in sign_in(dana).get(url).content.decode()
    assert "Zeta Werke" in sign_in(dana).get(url, {"q": "zeta"}).content.decode()


def test_two_ticked_rows_go_to_the_screen(sign_in: Any, dana: Any) -> None:
    first, second = make_account("A"), make_account("B")
    client = sign_in(dana)
    answer = client.get(reverse("accounts:merge_pair"), {"account": [second.pk, first.pk]})
    assert answer["Location"] == f"{reverse('accounts:merge', args=[first.pk])}?with={second.pk}"
    assert client.get(reverse("accounts:merge_pair"), {"account": first.pk})["Location"].endswith("?merge=1")
    assert (
        f'value="{first.pk}" form="merge-two"'
        in client.get(reverse("accounts:list"), {"merge": 1}).content.decode()
    )


def test_the_account_page_hints_at_a_twin_and_not_at_a_subsidiary(sign_in: Any, dana: Any) -> None:
    first = make_account("Nordmetall GmbH", domain="nord.example")
    below = make_account("Service", domain="nord.example", parent=first, ultimate_parent=first)
    client = sign_in(dana)

    def hints(account: Account) -> bool:
        return (
            "gibt es vielleicht doppelt"
            in client.get(reverse("accounts:detail", args=[account.pk])).content.decode()
        )

    assert (hints(first), hints(below)) == (False, False)
    make_account("Nordmetall AG")
    assert hints(first)


def test_an_edit_that_makes_a_twin_asks_first(sign_in: Any, dana: Any) -> None:
    make_account("Nordmetall GmbH")
    account = make_account("Other GmbH")
    client, url = sign_in(dana), reverse("accounts:edit", args=[account.pk])
    data = {"name": "Nordmetall AG", "currency": "EUR", "status": "active", "version": account.version}
    page = client.post(url, data)
    assert page.status_code == 200 and "Trotzdem speichern" in page.content.decode()
    client.post(url, data | {"anyway": "1"})
    account.refresh_from_db()
    assert account.name == "Nordmetall AG"
