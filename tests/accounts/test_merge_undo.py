"""Taking two accounts apart again: exactly, and keeping what people changed since."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions.accounts import update_account
from accounts.actions.contacts import delete_contact
from accounts.actions.merges import merge_accounts, undo_merge
from accounts.merging.undo import MergeUndo
from accounts.models import Account, AccountMerge, Activity, Contact, SalesLine
from accounts.rollup import refresh_rollups, verify_rollups
from goals.models import Goal, Plan
from kam.integrations import jobs
from kam.lib.errors import DomainError
from scoring.models import Decision, Rating
from tests.accounts.pairs import everything, furnish, make_batch, pair, shared_rows
from tests.factories import make_account, make_contact, make_goal, make_line

pytestmark = pytest.mark.django_db


def test_merge_and_undo_leave_every_table_as_it_was(dana: Any) -> None:
    target, source = pair(dana)
    before = everything()
    merge = merge_accounts(target, source, by=dana)
    assert everything() != before
    merge = undo_merge(merge, by=dana)
    after = everything()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert (merge.state, merge.kept, merge.rows.count()) == ("undone", [], 0)
    assert verify_rollups() == []


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_two_have_undo_is_exact(dana: Any, data: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        target, source = _drawn(dana, data)
        chosen = data.draw(
            st.dictionaries(
                st.sampled_from(["name", "city", "parent", "owner", "status"]),
                st.sampled_from(["target", "source"]),
            )
        )
        before = everything()
        undo_merge(merge_accounts(target, source, by=dana, fields=chosen), by=dana)
        assert everything() == before
        assert verify_rollups() == []
        transaction.set_rollback(True)


def _drawn(person: Any, data: Any) -> tuple[Account, Account]:
    """Return two accounts of drawn shape, perhaps in one group, each furnished or bare."""
    shared = shared_rows(person)
    made: list[Account] = []
    for name in ("A GmbH", "A AG"):
        above = data.draw(st.sampled_from([None, *made]))
        account = make_account(
            name,
            city=data.draw(st.sampled_from(["", "Köln"])),
            status=data.draw(st.sampled_from(["active", "inactive"])),
            owner=data.draw(st.sampled_from([None, person])),
            parent=above,
            ultimate_parent=above,
        )
        if data.draw(st.booleans()):
            furnish(account, person, shared, data.draw(st.sampled_from([date(2026, 3, 1), date(2026, 3, 5)])))
        for amount in data.draw(st.lists(st.integers(-99_999, 99_999), max_size=3)):
            make_line(account, Decimal(amount) / 100, order_no=f"O-{amount % 2}")
        refresh_rollups([account.pk])
        account.refresh_from_db()
        made.append(account)
    return (made[0], made[1]) if data.draw(st.booleans()) else (made[1], made[0])


def test_what_people_changed_since_stays_changed_and_is_named(dana: Any) -> None:
    target, source = make_account("A", city=""), make_account("B", city="Bonn")
    goal = make_goal(source, "Old")
    merge = merge_accounts(target, source, by=dana)
    target.refresh_from_db()
    update_account(target, values={"city": "Köln"}, by=dana)
    Goal.objects.filter(pk=goal.pk).update(title="New")
    merge = undo_merge(merge, by=dana)
    target.refresh_from_db()
    goal.refresh_from_db()
    assert (target.city, goal.title, goal.account) == ("Köln", "New", source)
    assert [note["params"]["field"] for note in merge.kept if "field" in note["params"]] == ["city"]


def test_what_was_deleted_or_came_since_is_named(dana: Any) -> None:
    target, source = make_account("A"), make_account("B")
    contact, _other = make_contact(source), make_contact(source)
    merge = merge_accounts(target, source, by=dana)
    delete_contact(Contact.objects.get(pk=contact.pk), by=dana)
    new = make_contact(target)
    kept = undo_merge(merge, by=dana).kept
    told = [(note["params"]["kind"], note["params"]["count"]) for note in kept]
    assert told.count(("accounts.contact.account", 1)) == 2
    new.refresh_from_db()
    assert new.account == target


def test_doubts_are_named_without_writing(dana: Any, django_assert_num_queries: Any) -> None:
    target, source = pair(dana)
    merge = merge_accounts(target, source, by=dana)
    make_contact(target)
    before = everything()
    assert len(MergeUndo(merge).doubts()) == 1
    assert everything() == before


def test_lines_imported_since_stay(dana: Any) -> None:
    from django.utils import timezone

    target, source = make_account("A"), make_account("B")
    make_line(source)
    merge = merge_accounts(target, source, by=dana)
    make_line(target, batch=make_batch(committed_at=timezone.now()))
    kept = undo_merge(merge, by=dana).kept
    assert SalesLine.objects.filter(account=target).count() == 1
    assert [note["params"]["count"] for note in kept] == [1]


def test_a_row_that_has_lost_what_it_hung_on_is_named(dana: Any, alice: Any) -> None:
    target, source = pair(dana)
    merge = merge_accounts(target, source, by=dana)
    Rating.objects.all().delete()
    for note in merge.aside:
        if note["model"] == "scoring.rating":
            note["fields"]["criterion_id"] = str(source.pk)
    merge.save()
    kept = undo_merge(merge, by=dana).kept
    assert any(note["params"].get("model") == "scoring.rating" for note in kept)


def test_the_plan_comes_back_as_it_was(dana: Any) -> None:
    target, source = pair(dana)
    merge = merge_accounts(target, source, by=dana)
    Plan.objects.filter(account=target).update(why="Rewritten")
    undo_merge(merge, by=dana)
    assert Plan.objects.get(account=target).why == "Rewritten"
    assert Plan.objects.get(account=source).why == "Why Nordmetall AG"


def test_a_state_that_somebody_else_has_by_now_is_not_given_back(dana: Any) -> None:
    target, source = make_account(), make_account()
    Decision.objects.create(account=target, state="proposed")
    Decision.objects.create(account=source, state="proposed")
    merge = merge_accounts(target, source, by=dana)
    undo_merge(merge, by=dana)
    assert Decision.objects.waiting().count() == 2


def test_undo_is_refused_while_the_account_is_merged_on(dana: Any) -> None:
    first, second, third = make_account("A"), make_account("B"), make_account("C")
    merge = merge_accounts(second, first, by=dana)
    onward = merge_accounts(third, second, by=dana)
    with pytest.raises(DomainError) as refused:
        undo_merge(merge, by=dana)
    assert refused.value.code == "merged_on"
    undo_merge(onward, by=dana)
    assert undo_merge(AccountMerge.objects.get(pk=merge.pk), by=dana).state == "undone"
    assert Account.objects.count() == 3


def test_undo_twice_is_refused(dana: Any) -> None:
    merge = merge_accounts(make_account(), make_account(), by=dana)
    undo_merge(merge, by=dana)
    with pytest.raises(DomainError) as refused:
        undo_merge(merge, by=dana)
    assert refused.value.code == "undone_already"


def test_many_lines_go_back_in_a_job(dana: Any, monkeypatch: Any) -> None:
    target, source = make_account(), make_account()
    make_line(source), make_line(source)
    merge = merge_accounts(target, source, by=dana)
    monkeypatch.setattr("accounts.actions.merges.LINES_AT_ONCE", 1)
    merge = undo_merge(merge, by=dana)
    assert merge.state == "undoing"
    jobs.run(merge.job.pk)
    assert SalesLine.objects.filter(account=source).count() == 2


def test_both_timelines_tell_it(dana: Any) -> None:
    target, source = make_account(), make_account()
    undo_merge(merge_accounts(target, source, by=dana), by=dana)
    told = Activity.objects.filter(verb="account.merge_undone").values_list("account", flat=True)
    assert set(told) == {target.pk, source.pk}


def test_they_can_be_merged_again_afterwards(dana: Any) -> None:
    target, source = pair(dana)
    undo_merge(merge_accounts(target, source, by=dana), by=dana)
    assert merge_accounts(source, target, by=dana).state == "merged"
