"""Handing an account over, its team, and the people at the customer."""

from datetime import date
from typing import Any

import pytest

from accounts.actions.contacts import create_contact, delete_contact, emails_of, phones_of, update_contact
from accounts.actions.team import reassign_account, set_team
from accounts.models import Account, Activity, Contact
from kam.lib.errors import Conflict, DomainError, InvalidInput
from tests.factories import make_account, make_contact, make_user


def test_a_handover_leaves_the_former_manager_on_the_team(account: Any, alice: Any, charlie: Any) -> None:
    reassign_account(account, people={"owner": charlie}, by=alice, note="Moves to the north")
    assert account.owner == charlie
    assert list(account.team_members.values_list("user__name", "function")) == [("Alice Amann", "sales")]
    assert set(Activity.objects.values_list("verb", flat=True)) == {
        "account.reassigned",
        "account.handover_note",
    }


def test_a_handover_is_refused_when_the_account_would_be_lost_from_sight(
    account: Any, alice: Any, charlie: Any
) -> None:
    with pytest.raises(DomainError) as refused:
        reassign_account(account, people={"owner": charlie, "team": None}, by=alice, keep_former=False)
    assert refused.value.code == "out_of_reach"


def test_a_leader_hands_over_without_staying(account: Any, dana: Any, charlie: Any) -> None:
    reassign_account(account, people={"owner": charlie}, by=dana, keep_former=False)
    assert not account.team_members.exists()


def test_an_account_manager_is_no_key_account_manager(account: Any, dana: Any, bob: Any) -> None:
    with pytest.raises(InvalidInput):
        reassign_account(account, people={"kam": bob}, by=dana)


def test_a_team_is_replaced_and_one_activity_written(
    account: Any, alice: Any, bob: Any, charlie: Any
) -> None:
    set_team(account, members=[(bob, "sales"), (charlie, "sponsor")], by=alice)
    set_team(account, members=[(bob, "service")], by=alice)
    assert list(account.team_members.values_list("user", "function")) == [(bob.pk, "service")]
    assert Activity.objects.filter(verb="account.team_changed").count() == 2
    assert not Account.objects.visible_to(charlie).exists()


def test_the_same_team_again_writes_nothing(account: Any, alice: Any, bob: Any) -> None:
    for _turn in range(2):
        set_team(account, members=[(bob, "sales")], by=alice)
    assert Activity.objects.count() == 1


def test_an_unknown_function_is_refused(account: Any, alice: Any, bob: Any) -> None:
    with pytest.raises(InvalidInput):
        set_team(account, members=[(bob, "boss")], by=alice)


def test_an_inactive_colleague_is_refused(account: Any, alice: Any) -> None:
    with pytest.raises(InvalidInput):
        set_team(account, members=[(make_user(is_active=False), "sales")], by=alice)


def test_a_person_has_several_addresses(account: Any, alice: Any) -> None:
    values = {
        "last_name": "Größe",
        "emails": ["Erika@example.com", "office@example.com", "erika@example.com"],
        "phones": [("+49 221 123456", "work"), ("+49 170 1234567", "mobile")],
    }
    contact = create_contact(account, values=values, by=alice)
    assert emails_of(contact) == ["erika@example.com", "office@example.com"]
    assert len(phones_of(contact)) == 2
    assert list(Contact.objects.search("groesse erika")) == [contact]


def test_a_change_of_addresses_is_one_activity(account: Any, alice: Any) -> None:
    contact = create_contact(account, values={"last_name": "A", "emails": ["a@example.com"]}, by=alice)
    update_contact(contact, values={"emails": ["b@example.com"], "left_on": date(2026, 1, 1)}, by=alice)
    details = Activity.objects.get(verb="contact.updated").details
    assert details["before"] == {"left_on": None, "emails": ["a@example.com"]}
    assert not Contact.objects.current().exists()


def test_a_stale_change_of_a_person_is_refused(account: Any, alice: Any) -> None:
    contact = make_contact(account)
    update_contact(Contact.objects.get(), values={"note": "x"}, by=alice)
    with pytest.raises(Conflict):
        update_contact(contact, values={"last_name": "B"}, by=alice, expected_version=1)


@pytest.mark.parametrize(
    "values",
    [
        {"last_name": " "},
        {"last_name": "A", "emails": ["x"]},
        {"last_name": "A", "phones": [("1", "work")]},
        {"last_name": "A", "phones": [("+49 221 123456", "fax")]},
        {"last_name": "A", "language": "fr"},
        {"last_name": "A", "emails": [f"a{n}@example.com" for n in range(21)]},
    ],
)
def test_bad_input_about_a_person_is_refused(account: Any, alice: Any, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        create_contact(account, values=values, by=alice)


def test_a_deleted_person_leaves_no_name_behind(account: Any, alice: Any) -> None:
    delete_contact(make_contact(account, "Geheim"), by=alice)
    activity = Activity.objects.get()
    assert "Geheim" not in f"{activity.subject_label}{activity.details}"


def test_accounts_that_may_be_the_same_are_found(account: Any) -> None:
    twin = make_account("Müller Maschinenbau AG")
    by_domain = make_account("Other", domain="mueller.example")
    assert set(Account.objects.similar_to(account)) == {twin, by_domain}
