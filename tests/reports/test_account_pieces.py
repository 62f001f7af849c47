"""The account page is drawn from pieces kept by what they show: every change is seen at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account, AccountReference, Activity, Contact, SalesOrder, Task
from goals.models import Goal, Plan
from kam.users.models import Organisation, User
from scoring.models import Score
from tests.factories import make_contact, make_goal
from tests.reports.test_account_list import scored, sold
from tests.reports.test_account_page import ENGLISH, url


@pytest.fixture
def page(sign_in: Any, account: Any, dana: Any, bob: Any) -> Callable[..., str]:
    """Return what Dana reads of an account about which every room knows something."""
    sold(account, "5000")
    scored(account)
    contact = make_contact(account, "Pannhorst")
    contact.emails.create(address="p@example.com")
    make_goal(account, "Grow together", owner=bob)
    due = timezone.localdate() + timedelta(days=1)
    Task.objects.create(account=account, title="Send prices", due_on=due, assignee=bob)
    AccountReference.objects.create(account=account, source="erp", external_id="K-17")
    Plan.objects.create(account=account, why="They grow")
    Activity.objects.create(
        account=account, verb="call", actor=bob, contact=contact, body="Spoke about glass"
    )
    client = sign_in(dana)

    def read(rest: str = "", **cookies: str) -> str:
        for name, value in cookies.items():
            client.cookies[name] = value
        return str(client.get(url(account, rest), headers=ENGLISH).content.decode())

    assert "Send prices" in read()
    return read


CHANGES: dict[str, Callable[[], object]] = {
    "Renamed brand": lambda: Account.objects.update(brand_name="Renamed brand"),
    "Optics": lambda: Account.objects.update(industry="Optics"),
    "Robert": lambda: User.objects.filter(name="Bob Berger").update(name="Robert"),
    "Alicia": lambda: User.objects.filter(name="Alice Amann").update(name="Alicia"),
    "Winterhalter": lambda: Contact.objects.update(last_name="Winterhalter"),
    "w@example.com": lambda: Contact.objects.get().emails.update(address="w@example.com"),
    "Send the prices again": lambda: Task.objects.update(title="Send the prices again"),
    "Grow apart": lambda: Goal.objects.update(title="Grow apart"),
    "K-18": lambda: AccountReference.objects.update(external_id="K-18"),
    "rank 3": lambda: Score.objects.update(rank=3),
    "$5k": lambda: Organisation.objects.update_or_create(pk=1, defaults={"currency": "USD"}),
    "€12k": lambda: sold(Account.objects.get(), "7000"),
    "Nothing planned": lambda: Task.objects.all().delete(),
    "They shrink": lambda: Plan.objects.update(why="They shrink"),
    "No open goal": lambda: Goal.objects.all().delete(),
    "Somebody new": lambda: make_contact(Account.objects.get(), "new", first_name="Somebody"),
    "Second call": lambda: Activity.objects.create(
        account=Account.objects.get(), verb="call", body="Second call"
    ),
    "1 day overdue": lambda: Task.objects.update(due_on=timezone.localdate() - timedelta(days=1)),
}


@pytest.mark.parametrize("words", CHANGES)
def test_a_change_is_seen_at_once(page: Any, words: str) -> None:
    assert words not in page()
    CHANGES[words]()
    assert words in page()


def test_tomorrow_is_another_day(page: Any) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert "2 days overdue" in page()


def test_the_language_is_the_readers(page: Any) -> None:
    assert "Nächster Schritt" in page(django_language="de")
    assert "Next step" in page(django_language="en")


def test_the_window_is_the_one_asked_for(page: Any) -> None:
    for window in ("3m", "all", "12m"):
        marked = f'<a href="?window={window}&amp;basis=net#facts" aria-current="true">'
        assert marked in page(f"?window={window}")


def test_facts_are_net_until_gross_is_asked_for(page: Any) -> None:
    other = '<a class="link" href="?window=12m&amp;basis={}#facts">'
    assert other.format("gross") in page()
    assert other.format("net") in page("?basis=gross")
    assert other.format("gross") in page("?basis=nonsense")


def test_an_account_that_stopped_ordering_leads_to_its_last_window(page: Any) -> None:
    told = "No order in this window: the last one was on"
    assert told not in page()
    SalesOrder.objects.update(ordered_on=timezone.localdate() - timedelta(days=800))
    last = SalesOrder.objects.get().ordered_on.isoformat()
    assert told in page()
    assert f'href="?window=12m&amp;basis=net&amp;as_of={last}#facts"' in page()
    then = page(f"?as_of={last}")
    assert told not in then
    assert f'<a href="?window=3m&amp;basis=net&amp;as_of={last}#facts">' in then
    assert '<a class="link" href="?window=12m&amp;basis=net#facts">Up to today</a>' in then


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "2026-02-30"])
def test_a_day_that_is_none_means_today(page: Any, day: str) -> None:
    assert "Up to today" not in page(f"?as_of={day}")


def test_a_role_that_was_taken_away_takes_its_buttons_along(page: Any, dana: Any) -> None:
    assert all(words in page() for words in ("composer", "Hand over", "Plan a step"))
    User.objects.filter(pk=dana.pk).update(role="viewer")
    assert not any(words in page() for words in ("composer", "Hand over", "Plan a step"))
