"""The timeline, tasks and offerings."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.actions.activities import log_activity
from accounts.actions.next_steps import complete_task, create_task, reopen_task, update_task
from accounts.actions.offerings import create_offering, delete_offering, update_offering
from accounts.models import LOGGABLE, Activity, Offering, Task
from accounts.templatetags.timeline import SENTENCES, WITH_SOMEBODY, entry_sentence
from kam.lib.errors import Conflict, DomainError, InvalidInput
from tests.factories import make_account, make_contact, make_line, make_offering


def test_it_logs_a_call_with_a_person(account: Any, alice: Any) -> None:
    contact = make_contact(account)
    values = {"verb": "call", "body": " Spoke about\r\nprices ", "contact": contact, "minutes": 20}
    activity = log_activity(account, values=values, by=alice)
    assert (activity.body, activity.contact, activity.actor) == ("Spoke about\nprices", contact, alice)


@pytest.mark.parametrize(
    ("language", "verb", "said"),
    [
        ("en", "visit", "met Eva Roth on a visit"),
        ("de", "visit", "hat Eva Roth bei einem Besuch getroffen"),
        ("de", "call", "hat mit Eva Roth telefoniert"),
        ("de", "reference", "hat von Eva Roth eine Referenz erhalten"),
    ],
)
def test_the_person_stands_where_the_language_puts_her(
    account: Any, alice: Any, language: str, verb: str, said: str
) -> None:
    contact = make_contact(account, first_name="Eva", last_name="Roth")
    entry = log_activity(account, values={"verb": verb, "body": "x", "contact": contact}, by=alice)
    with translation.override(language):
        assert entry_sentence(entry) == said


def test_whatever_can_be_logged_has_words_with_and_without_a_person() -> None:
    assert WITH_SOMEBODY.keys() == LOGGABLE
    assert SENTENCES.keys() >= LOGGABLE


@pytest.mark.parametrize(
    "values",
    [
        {"body": " "},
        {"body": "x", "verb": "account.deleted"},
        {"body": "x", "minutes": 0},
        {"body": "x" * 20_001},
        {"body": "x", "visibility": "public"},
    ],
)
def test_a_bad_entry_is_refused(account: Any, alice: Any, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        log_activity(account, values=values, by=alice)
    assert not Activity.objects.exists()


def test_what_has_not_happened_is_refused(account: Any, alice: Any) -> None:
    with pytest.raises(InvalidInput):
        log_activity(
            account, values={"body": "x", "occurred_at": timezone.now() + timedelta(days=2)}, by=alice
        )


def test_a_person_of_another_account_is_refused(account: Any, alice: Any) -> None:
    with pytest.raises(InvalidInput):
        log_activity(account, values={"body": "x", "contact": make_contact(make_account())}, by=alice)


def test_a_task_is_completed_once_and_taken_back(account: Any, alice: Any) -> None:
    task = create_task(account, values={"title": "Send prices", "due_on": date(2026, 3, 1)}, by=alice)
    for _turn in range(2):
        complete_task(task, by=alice)
    reopen_task(task, by=alice)
    assert task.done_at is None
    assert list(Activity.objects.order_by("id").values_list("verb", flat=True)) == [
        "task.created",
        "task.completed",
        "task.reopened",
    ]


def test_one_reason_opens_one_task(account: Any, alice: Any) -> None:
    tasks = [create_task(account, values={"title": "Call"}, by=None, key="cooling") for _turn in range(2)]
    assert tasks[0].pk == tasks[1].pk
    complete_task(tasks[0], by=alice)
    assert create_task(account, values={"title": "Call"}, by=None, key="cooling").pk != tasks[0].pk
    with pytest.raises(DomainError):
        reopen_task(tasks[0], by=alice)


def test_a_task_changes_hands(account: Any, alice: Any, bob: Any) -> None:
    task = create_task(account, values={"title": "Call"}, by=alice)
    update_task(task, values={"assignee": bob}, by=alice)
    assert Activity.objects.get(verb="task.updated").details["after"] == {"assignee": "Bob Berger"}


def test_a_stale_change_of_a_task_is_refused(account: Any, alice: Any) -> None:
    task = create_task(account, values={"title": "Call"}, by=alice)
    update_task(Task.objects.get(), values={"title": "Write"}, by=alice)
    with pytest.raises(Conflict):
        update_task(task, values={"title": "Meet"}, by=alice, expected_version=1)


def test_a_task_needs_a_title(account: Any, alice: Any) -> None:
    with pytest.raises(InvalidInput):
        create_task(account, values={"due_on": date(2026, 3, 1)}, by=alice)


def test_offerings_have_two_levels(db: None, dana: Any) -> None:
    group = create_offering(values={"code": "G", "name": "Presses"}, by=dana)
    item = create_offering(values={"code": "G-1", "parent": group}, by=dana)
    assert (item.name, list(Offering.objects.groups())) == ("G-1", [group])
    with pytest.raises(InvalidInput):
        create_offering(values={"code": "G-1-1", "parent": item}, by=dana)
    with pytest.raises(InvalidInput):
        update_offering(group, values={"parent": make_offering()}, by=dana)


def test_a_code_exists_once(dana: Any) -> None:
    make_offering("P-100")
    with pytest.raises(InvalidInput) as refused:
        create_offering(values={"code": "P-100"}, by=dana)
    assert refused.value.code == "code_taken"


def test_an_offering_that_was_sold_stays(account: Any, dana: Any) -> None:
    offering = make_offering()
    make_line(account, offering=offering)
    with pytest.raises(DomainError):
        delete_offering(offering, by=dana)
