"""Creating, changing, archiving and deleting accounts."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actions.accounts import (
    add_external_ids,
    archive_account,
    create_account,
    delete_account,
    reactivate_account,
    update_account,
)
from accounts.models import Account, Activity
from kam.lib.errors import Conflict, DomainError, InvalidInput
from tests.factories import make_account, make_line, make_team, make_user


def test_it_creates_an_account_of_the_creators(alice: Any) -> None:
    account = create_account(
        values={"name": " Größe & Söhne GmbH ", "domain": "https://www.groesse.de/"}, by=alice
    )
    assert (account.owner, account.name, account.domain) == (alice, "Größe & Söhne GmbH", "groesse.de")
    assert account.sort_key == "groesse soehne"


def test_it_writes_one_activity(alice: Any) -> None:
    account = create_account(values={"name": "New"}, by=alice)
    activity = Activity.objects.get(account=account)
    assert (activity.verb, activity.actor, activity.details["after"]["name"]) == (
        "account.created",
        alice,
        "New",
    )


def test_it_is_found_by_its_external_id(alice: Any) -> None:
    account = create_account(values={"name": "New"}, by=alice, external_ids=[("erp", "C-1")])
    assert list(Account.objects.search("c-1")) == [account]


def test_an_external_id_belongs_to_one_account(alice: Any) -> None:
    make_account(external_id="C-1", source="erp")
    with pytest.raises(InvalidInput) as refused:
        create_account(values={"name": "New"}, by=alice, external_ids=[("erp", "C-1")])
    assert refused.value.code == "external_id_taken"


def test_who_cannot_own_accounts_is_on_the_team_of_what_she_creates(db: None) -> None:
    operator = make_user("Olga", "operations")
    account = create_account(values={"name": "New"}, by=operator)
    assert account.owner is None
    assert Account.objects.visible_to(operator).get() == account


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"name": "  "}, "invalid", "name"),
        ({"name": "x" * 201}, "invalid", "name"),
        ({"name": "A", "status": "lost"}, "invalid", "status"),
        ({"name": "A", "employees": -1}, "invalid", "employees"),
        ({"name": "A", "employees": 10**30}, "invalid", "employees"),
        ({"name": "A", "latitude": "91", "longitude": "7"}, "bad_latitude", "latitude"),
        ({"name": "A", "latitude": "50"}, "half_coordinates", "longitude"),
        ({"name": "A", "vat_id": "DE1"}, "bad_vat_id", "vat_id"),
        ({"name": "A", "key_since": "2026-01-01"}, "unknown_field", "key_since"),
        ({}, "no_name", "name"),
    ],
)
def test_bad_values_are_refused(alice: Any, values: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_account(values=values, by=alice)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Account.objects.exists()


def test_it_changes_what_differs_and_says_so(account: Any, alice: Any) -> None:
    update_account(account, values={"city": "Bonn", "name": account.name}, by=alice, expected_version=1)
    activity = Activity.objects.get(verb="account.updated")
    assert activity.details == {"before": {"city": "Köln"}, "after": {"city": "Bonn"}}
    assert account.version == 2
    assert list(Account.objects.search("bonn")) == [account]


def test_a_change_that_changes_nothing_writes_nothing(account: Any, alice: Any) -> None:
    update_account(account, values={"city": "Köln"}, by=alice)
    assert account.version == 1
    assert not Activity.objects.exists()


def test_a_stale_version_is_refused(account: Any, alice: Any, bob: Any) -> None:
    stale = Account.objects.get(pk=account.pk)
    update_account(account, values={"city": "Bonn"}, by=bob)
    with pytest.raises(Conflict) as refused:
        update_account(stale, values={"city": "Aachen"}, by=alice, expected_version=1)
    assert refused.value.current.city == "Bonn"


def test_a_search_keeps_external_ids_when_the_name_changes(alice: Any) -> None:
    account = create_account(values={"name": "Old"}, by=alice, external_ids=[("erp", "C-77")])
    update_account(account, values={"name": "Renamed"}, by=alice)
    assert list(Account.objects.search("renamed c-77")) == [account]


def test_assigning_is_a_right_of_its_own(account: Any, alice: Any) -> None:
    operator = make_user("Olga", "operations")
    with pytest.raises(PermissionDenied):
        update_account(account, values={"owner": operator}, by=operator)


def test_a_viewer_cannot_own_an_account(account: Any, dana: Any, rita: Any) -> None:
    with pytest.raises(InvalidInput):
        update_account(account, values={"owner": rita}, by=dana)


def test_nobody_moves_an_account_out_of_her_own_reach(account: Any, alice: Any, charlie: Any) -> None:
    with pytest.raises(DomainError) as refused:
        update_account(account, values={"owner": charlie, "team": make_team()}, by=alice)
    assert refused.value.code == "out_of_reach"
    assert Account.objects.get(pk=account.pk).owner == alice


def test_it_archives_and_reactivates(account: Any, alice: Any) -> None:
    archive_account(account, by=alice)
    assert not Account.objects.active().exists()
    reactivate_account(account, by=alice)
    assert Account.objects.active().get() == account
    assert set(Activity.objects.values_list("verb", flat=True)) == {"account.archived", "account.reactivated"}


def test_it_notes_further_external_ids_once(account: Any, alice: Any) -> None:
    for _turn in range(2):
        add_external_ids(account, external_ids=[("erp", "C-9")], by=alice)
    assert Activity.objects.get().details["after"] == {"external_ids": ["erp: C-9"]}


def test_it_deletes_an_account_and_keeps_the_trace(account: Any, alice: Any) -> None:
    delete_account(account, by=alice)
    activity = Activity.objects.get()
    assert (activity.verb, activity.account, activity.subject_label) == (
        "account.deleted",
        None,
        account.name,
    )
    assert not Account.objects.exists()


def test_an_account_with_sales_stays(account: Any, alice: Any) -> None:
    make_line(account)
    with pytest.raises(DomainError, match=r"sales|Umsatz"):
        delete_account(account, by=alice)
    assert not Activity.objects.exists()


def test_an_account_with_subsidiaries_stays(account: Any, alice: Any) -> None:
    make_account(parent=account)
    with pytest.raises(DomainError) as refused:
        delete_account(account, by=alice)
    assert refused.value.code == "has_subsidiaries"
