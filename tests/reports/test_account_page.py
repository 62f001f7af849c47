"""The account page, its timeline and its next steps."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.accounts import update_account
from accounts.actions.timeline import record
from accounts.models import Activity, SalesOrder, Task
from scoring.models import Decision
from tests.factories import make_account, make_contact, make_goal
from tests.reports.test_account_list import scored

ENGLISH = {"Accept-Language": "en"}


def url(account: Any, rest: str = "") -> str:
    return f"/accounts/{account.pk}/{rest}"


def test_it_shows_an_account_that_has_nothing_yet(sign_in: Any, account: Any, alice: Any) -> None:
    page = sign_in(alice).get(url(account), headers=ENGLISH).content.decode()
    for words in (
        "Nothing has been written down yet",
        "Nothing planned",
        "not rated yet",
        "no order yet",
        "No open goal",
    ):
        assert words in page


def test_it_shows_what_the_rooms_know(sign_in: Any, account: Any, alice: Any) -> None:
    today = timezone.localdate()
    for days, net in ((10, 1200), (400, 1000)):
        SalesOrder.objects.create(
            account=account,
            order_no=str(days),
            ordered_on=today - timedelta(days=days),
            gross=net,
            net=net,
            lines=1,
        )
    scored(account)
    make_goal(account, "Grow together")
    make_contact(account, "Pannhorst")
    Task.objects.create(account=account, title="Send prices", due_on=today - timedelta(days=2))
    Decision.objects.create(account=account)
    page = sign_in(alice).get(url(account), headers=ENGLISH).content.decode()
    for words in (
        "+20%",
        "rank 1",
        "Grow together",
        "Pannhorst",
        "2 days overdue",
        "the decision is open",
        "1 rating is missing",
    ):
        assert words in page


def test_an_outsider_does_not_find_it(sign_in: Any, account: Any, charlie: Any) -> None:
    assert sign_in(charlie).get(url(account)).status_code == 404


def test_a_viewer_reads_without_buttons(sign_in: Any, account: Any, rita: Any) -> None:
    page = sign_in(rita).get(url(account)).content.decode()
    assert "/edit/" not in page
    assert "composer" not in page


def test_the_timeline_on_a_page_of_its_own_skips_no_level_of_headings(
    sign_in: Any, account: Any, alice: Any
) -> None:
    record("account.created", by=alice, account=account)
    page = sign_in(alice).get(url(account, "timeline/")).content.decode().partition("<main")[2]
    assert page.index("<h1") < page.index("<h2") < page.index('<h3 class="day"')


def test_a_parent_out_of_reach_is_not_named(sign_in: Any, account: Any, alice: Any, charlie: Any) -> None:
    account.parent = make_account("Secret Holding", owner=charlie)
    account.save()
    page = sign_in(alice).get(url(account)).content.decode()
    assert "Secret" not in page
    assert "Secret" not in sign_in(alice).get(url(account, "edit/")).content.decode()


def test_the_number_of_queries_does_not_grow(sign_in: Any, account: Any, alice: Any, bob: Any) -> None:
    client, counts = sign_in(alice), []
    scored(account)
    for size in (2, 25):
        for _number in range(size):
            contact = make_contact(account)
            contact.emails.create(address="a@example.com")
            Activity.objects.create(account=account, verb="call", actor=bob, contact=contact)
            Task.objects.create(account=account, title="Call", assignee=bob)
            make_goal(account, owner=bob)
            make_account(parent=account, owner=alice)
        client.get(url(account))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(account))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 17


def test_an_entry_is_written_without_javascript(sign_in: Any, account: Any, bob: Any) -> None:
    answer = sign_in(bob).post(
        url(account, "log/"), {"verb": "call", "body": "Spoke about prices", "minutes": "10"}
    )
    assert (answer.status_code, answer["Location"]) == (302, url(account))
    assert Activity.objects.get(verb="call").actor == bob


def test_htmx_gets_the_stream_with_the_entry(sign_in: Any, account: Any, bob: Any) -> None:
    answer = sign_in(bob).post(
        url(account, "log/"), {"verb": "note", "body": "Hello"}, headers={"HX-Request": "true"}
    )
    assert answer.content.decode().strip().startswith('<div id="stream">')
    assert "Hello" in answer.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"verb": "x", "body": "y"},
        {"verb": "note", "body": "y", "minutes": "-1"},
        {"verb": "note", "body": "y", "occurred_at": "2999-01-01T00:00"},
        {"verb": "note", "body": "a\x00b"},
    ],
)
def test_a_bad_entry_comes_back_with_its_error(sign_in: Any, account: Any, bob: Any, data: Any) -> None:
    assert sign_in(bob).post(url(account, "log/"), data).status_code == 200
    assert not Activity.objects.exists()


def test_the_timeline_is_filtered_and_paged(sign_in: Any, account: Any, alice: Any) -> None:
    for number in range(35):
        Activity.objects.create(account=account, verb="note", body=f"Entry {number:02d}", actor=alice)
    Activity.objects.create(account=account, verb="call", body="A call", actor=alice)
    client = sign_in(alice)
    calls = client.get(url(account, "timeline/?kind=call"), headers={"HX-Request": "true"}).content.decode()
    assert "A call" in calls
    assert "Entry" not in calls
    cursor = client.get(url(account)).context["timeline"].next
    older = client.get(
        url(account, f"timeline/?cursor={cursor}"), headers={"HX-Request": "true"}
    ).content.decode()
    assert older.count('class="tl') == 6


def test_a_change_is_told_field_by_field(sign_in: Any, account: Any, alice: Any) -> None:
    update_account(account, values={"city": "Bonn", "status": "prospect"}, by=alice)
    page = sign_in(alice).get(url(account), headers=ENGLISH).content.decode()
    assert "2 fields changed" in page
    assert "Prospect" in page


def test_a_task_is_ticked_off_and_taken_back(sign_in: Any, account: Any, bob: Any) -> None:
    task, client = Task.objects.create(account=account, title="Send prices"), sign_in(bob)
    answer = client.post(
        f"/accounts/tasks/{task.pk}/complete/", headers={"HX-Request": "true"}
    ).content.decode()
    assert '<section id="tasks"' in answer
    assert f"/accounts/tasks/{task.pk}/reopen/" in answer
    assert "toast" in answer
    client.post(f"/accounts/tasks/{task.pk}/reopen/")
    assert Task.objects.open().get() == task


def test_an_outsider_and_a_viewer_tick_nothing_off(
    sign_in: Any, account: Any, charlie: Any, rita: Any
) -> None:
    address = f"/accounts/tasks/{Task.objects.create(account=account, title='Call').pk}/complete/"
    assert [sign_in(person).post(address).status_code for person in (charlie, rita)] == [404, 403]


def test_a_step_is_planned_and_changed(sign_in: Any, account: Any, alice: Any, bob: Any) -> None:
    client = sign_in(alice)
    client.post(url(account, "tasks/new/"), {"title": "Call", "due_on": "2026-12-01", "assignee": alice.pk})
    task = Task.objects.get()
    client.post(
        f"/accounts/tasks/{task.pk}/",
        {"title": "Call", "due_on": "2026-12-01", "assignee": bob.pk, "version": 1},
    )
    stale = client.post(f"/accounts/tasks/{task.pk}/", {"title": "Write", "version": 1})
    assert (stale.status_code, Task.objects.get().title, Task.objects.get().assignee) == (200, "Call", bob)
