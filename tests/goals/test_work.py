"""Work that was logged, and the goal it was done for."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity
from goals.actions.goals import link_activity, unlink_activity
from goals.models import Goal, GoalActivity
from goals.work import work_listing, work_without_goal
from kam.lib.errors import InvalidInput
from tests.factories import make_account, make_goal


def url(name: str, *arguments: Any) -> str:
    return reverse(f"goals:{name}", args=arguments)


def logged(account: Any, by: Any = None, days: int = 1, verb: str = "call") -> Activity:
    moment = timezone.now() - timedelta(days)
    return Activity.objects.create(
        account=account, verb=verb, body="Talked prices", actor=by, occurred_at=moment
    )


def test_work_of_30_days_at_accounts_with_an_open_goal_is_listed(account: Any, alice: Any) -> None:
    entry = logged(account, alice)
    assert not work_without_goal(alice).exists()
    make_goal(account)
    logged(account, days=31)
    logged(account, verb="account.updated")
    logged(make_account(owner=alice))
    assert list(work_without_goal(alice)) == [entry]


def test_linking_takes_it_off_the_list_and_says_so_once(account: Any, alice: Any) -> None:
    goal, entry = make_goal(account), logged(account, alice)
    Goal.objects.update(worked_at=timezone.now() - timedelta(40))
    for _ in range(2):
        link_activity(goal, entry, by=alice)
    assert not work_without_goal(alice).exists() and not Goal.objects.idle().exists()
    assert Activity.objects.filter(verb="goal.work_linked").count() == 1
    unlink_activity(entry, by=alice)
    unlink_activity(entry, by=alice)
    assert list(work_without_goal(alice)) == [entry]
    assert Activity.objects.filter(verb="goal.work_unlinked").count() == 1


def test_a_second_link_moves_it(account: Any, alice: Any) -> None:
    first, second, entry = make_goal(account), make_goal(account), logged(account)
    link_activity(first, entry, by=alice)
    link_activity(second, entry, by=alice)
    assert GoalActivity.objects.get().goal == second


def test_a_goal_of_another_account_is_refused(account: Any, alice: Any) -> None:
    with pytest.raises(InvalidInput):
        link_activity(make_goal(make_account()), logged(account), by=alice)


def test_it_is_linked_from_the_list_and_taken_back(sign_in: Any, bob: Any, account: Any) -> None:
    goal, entry = make_goal(account, "Grow"), logged(account, bob)
    client, back = sign_in(bob), url("work") + "?mine=true"
    assert "Talked prices" in client.get(back).content.decode()
    page = client.post(url("work_link", entry.pk), {"goal": goal.pk, "back": back}, follow=True)
    assert page.redirect_chain[-1][0] == back
    assert url("work_unlink", entry.pk) in page.content.decode()
    client.post(url("work_unlink", entry.pk), {"back": back})
    assert not GoalActivity.objects.exists()


def test_it_is_linked_from_the_timeline_and_the_goal(sign_in: Any, bob: Any, account: Any) -> None:
    goal, entry = make_goal(account, "Grow"), logged(account, bob)
    client = sign_in(bob)
    timeline = client.get(reverse("accounts:timeline", args=[account.pk])).content.decode()
    assert url("work_link", entry.pk) in timeline
    assert "Grow" in client.get(url("work_link", entry.pk)).content.decode()
    assert url("work_link", entry.pk) in client.get(url("detail", goal.pk)).content.decode()
    client.post(url("work_link", entry.pk), {"goal": goal.pk, "back": url("detail", goal.pk)})
    assert "Talked prices" in client.get(url("detail", goal.pk)).content.decode()
    assert client.get(url("plan", account.pk)).context["page"].work_without_goal == 0


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_never_leads_to_another_site(sign_in: Any, bob: Any, account: Any, back: str) -> None:
    entry = logged(account)
    answer = sign_in(bob).post(url("work_link", entry.pk), {"goal": make_goal(account).pk, "back": back})
    assert answer.url == reverse("accounts:detail", args=[account.pk])


def test_a_goal_that_is_closed_or_elsewhere_is_no_choice(sign_in: Any, bob: Any, account: Any) -> None:
    entry, client = logged(account), sign_in(bob)
    for goal in (make_goal(make_account(owner=bob)), make_goal(account, closed_at=timezone.now())):
        client.post(url("work_link", entry.pk), {"goal": goal.pk})
    client.post(url("work_link", entry.pk), {"goal": "x"})
    assert not GoalActivity.objects.exists()


def test_charlie_finds_nothing(sign_in: Any, charlie: Any, bob: Any, account: Any) -> None:
    make_goal(account)
    entry = logged(account, bob)
    client = sign_in(charlie)
    assert client.get(url("work")).context["listing"].rows == []
    assert client.get(url("work_link", entry.pk)).status_code == 404


def test_a_change_is_no_work(sign_in: Any, bob: Any, account: Any) -> None:
    entry = logged(account, bob, verb="account.updated")
    assert sign_in(bob).get(url("work_link", entry.pk)).status_code == 404


def test_the_list_needs_the_same_queries_at_two_sizes(alice: Any, bob: Any) -> None:
    counts = []
    for size in (2, 9):
        for _ in range(size):
            account = make_account(owner=alice)
            make_goal(account)
            logged(account, bob)
        with CaptureQueriesContext(connection) as queries:
            listing = work_listing(alice, {})
            assert all(str(row.activity.account) and str(row.activity.actor) for row in listing.rows)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_goals_without_work_can_be_acted_on(sign_in: Any, bob: Any, account: Any) -> None:
    make_goal(account, "Sleepy")
    Goal.objects.update(worked_at=timezone.now() - timedelta(40))
    page = sign_in(bob).get(url("list") + "?idle=true").content.decode()
    assert reverse("accounts:task_create", args=[account.pk]) in page


def test_the_api_links_and_lists(api: Any, bob: Any, account: Any) -> None:
    goal, entry = make_goal(account), logged(account, bob)
    client, address = api(bob), f"/api/v1/goals/{goal.pk}/work/"
    assert client.post(address, {"activity": str(entry.pk)}).status_code == 200
    assert [row["id"] for row in client.get(address).json()["results"]] == [str(entry.pk)]
    elsewhere = logged(make_account(owner=bob))
    assert client.post(address, {"activity": str(elsewhere.pk)}).status_code == 422
    assert client.post(address, {"activity": str(logged(make_account()).pk)}).status_code == 422


def test_a_change_cannot_be_linked(account: Any, alice: Any) -> None:
    entry = logged(account, alice, verb="account.updated")
    with pytest.raises(InvalidInput):
        link_activity(make_goal(account), entry, by=alice)
