"""Today over the API: the lines of the page, each with its reason and an address."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Task
from reports.queries.today import SHOWN

URL = "/api/v1/today/"


def overdue(account: Any, assignee: Any, count: int = 1) -> None:
    day = timezone.localdate() - timedelta(days=3)
    for number in range(count):
        Task.objects.create(
            account=account, title=f"Call {number}", due_on=day, assignee=assignee, reason="Asked twice"
        )


def test_each_line_has_its_reason_and_leads_somewhere(api: Any, alice: Any, account: Any) -> None:
    overdue(account, alice)
    task = Task.objects.get()
    (band,) = api(alice).get(URL, headers={"Accept-Language": "en"}).json()["bands"]
    (item,) = band.pop("items")
    assert band == {
        "code": "now",
        "title": "Now",
        "hint": "Overdue, due today, or waiting for you",
        "count": 1,
    }
    assert (item["title"], item["reason"], item["account"]) == ("Call 0", "Asked twice", str(account.pk))
    assert (item["action"], item["address"]) == ("Open task", reverse("accounts:task_edit", args=[task.pk]))
    assert item["due"]


def test_what_is_a_colleagues_is_not_mine(api: Any, alice: Any, bob: Any, account: Any) -> None:
    overdue(account, bob)
    assert api(alice).get(URL).json() == {"bands": []}


@pytest.mark.parametrize("count", [1, 2 * SHOWN])
def test_it_takes_the_same_queries_for_any_number(
    api: Any, alice: Any, account: Any, count: int, django_assert_num_queries: Any
) -> None:
    overdue(account, alice, count)
    client = api(alice)
    client.get(URL)
    with django_assert_num_queries(18):
        (band,) = client.get(URL).json()["bands"]
    assert (band["count"], len(band["items"])) == (count, min(count, SHOWN))


def test_what_it_does_not_know_is_refused(api: Any, alice: Any) -> None:
    assert api(alice).get(f"{URL}?band=now").json()["code"] == "unknown_parameter"
