"""Reads whose SQL is written once: the same rows as Django's own, and never another person's."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject

from accounts.models import Account, AccountReference, Task
from kam.lib.prepared import prepared
from tests.factories import make_account

TODAY = date(2026, 3, 1)


@prepared
def steps(account_ids: list[UUID], until: date | None = None) -> QuerySet[Task, Any]:
    found = Task.objects.filter(account__in=account_ids).with_people().order_by("due_on", "id")
    return found.filter(due_on__lte=until) if until else found


@prepared
def seen(pk: UUID, *, user: Any) -> QuerySet[Account, Any]:
    return Account.objects.visible_to(user).filter(pk=pk).with_references().with_owner()


@prepared
def computed(until: date) -> QuerySet[Task, Any]:
    return Task.objects.filter(due_on__lte=until + timedelta(days=1))


@prepared
def hidden_shape(until: date) -> QuerySet[Task, Any]:
    return Task.objects.filter(title="x")[: until.day]


@pytest.fixture
def three(alice: Any) -> list[Any]:
    made = [make_account(f"C{number}", owner=alice) for number in range(3)]
    for number, account in enumerate(made):
        day = TODAY + timedelta(days=number)
        Task.objects.create(account=account, title=f"T{number}", due_on=day, assignee=alice)
    return made


def test_each_use_fills_in_its_values(three: list[Any], django_assert_num_queries: Any) -> None:
    for account, title in zip(three, ("T0", "T1", "T2"), strict=True):
        with django_assert_num_queries(1):
            found = steps([account.pk])
        assert [(task.title, task.assignee.name, task.due_on.year) for task in found] == [
            (title, "Alice Amann", 2026)
        ]
    ids = [account.pk for account in three]
    assert [task.title for task in steps(ids)] == ["T0", "T1", "T2"]
    assert [task.title for task in steps(ids, TODAY + timedelta(days=1))] == ["T0", "T1"]
    assert [task.title for task in steps(ids, TODAY)] == ["T0"]


def test_without_ids_nothing_is_asked(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert steps([]) == []


@pytest.mark.parametrize("read", [computed, hidden_shape])
def test_what_would_be_kept_as_it_was_the_first_time_is_refused(db: None, read: Any) -> None:
    with pytest.raises(ValueError, match=read.__name__):
        read(TODAY)


def test_nobody_reads_through_anothers_statement(account: Any, alice: Any, charlie: Any, dana: Any) -> None:
    people = (dana, charlie, alice, charlie, dana)
    for wrapped in (lambda user: user, lambda user: SimpleLazyObject(lambda: user)):
        assert [len(seen(account.pk, user=wrapped(user))) for user in people] == [1, 0, 1, 0, 1]


def test_a_right_that_was_taken_away_is_gone(account: Any, dana: Any) -> None:
    assert seen(account.pk, user=dana)
    dana.role = "sales"
    assert not seen(account.pk, user=dana)
    dana.role, dana.is_active = "leader", False
    assert not seen(account.pk, user=dana)


def test_related_rows_come_along(account: Any, alice: Any) -> None:
    AccountReference.objects.create(account=account, source="erp", external_id="7")
    for _time in range(2):
        (found,) = seen(account.pk, user=alice)
        with CaptureQueriesContext(connection) as queries:
            assert [reference.external_id for reference in found.references.all()] == ["7"]
            assert found.owner == alice
        assert not queries
    assert found == account
