"""Give and take in words, and the plan as the customer may see it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from goals.actions.plans import update_plan
from goals.balance import balance
from goals.models import (
    Challenge,
    Expectation,
    JointProject,
    Plan,
    Procedure,
    Promise,
    ValueEntry,
)
from goals.plan_page import plan_page
from goals.visible import shared_texts
from kam.lib.errors import InvalidInput
from tests.factories import make_goal

INSIDE = "Zimtschnecke"
DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ([], "none"),
        ([("give", 100)], "we_give"),
        ([("get", None)], "we_get"),
        ([("give", 100), ("get", None)], "unknown"),
        ([("give", 100), ("get", 50)], "even"),
        ([("give", 101), ("get", 50)], "we_give"),
        ([("give", 50), ("get", 100)], "even"),
        ([("give", 50), ("get", 60), ("get", 41)], "we_get"),
    ],
)
def test_the_balance_of_give_and_take(entries: Any, verdict: str) -> None:
    found = balance([(way, None if worth is None else Decimal(worth)) for way, worth in entries])
    assert found.verdict == verdict


def test_what_carries_no_amount_is_counted() -> None:
    found = balance([("give", None), ("give", Decimal(5)), ("get", None)])
    assert (found.given, found.gave, found.received, found.silent) == (5, 2, 1, 2)


def test_the_balance_looks_at_twelve_months(account: Any) -> None:
    for ago in (10, 400):
        ValueEntry.objects.create(
            account=account, direction="give", text="Audit", occurred_on=DAY - timedelta(ago)
        )
    assert plan_page(account, DAY).balance.gave == 1


@pytest.fixture
def half_open(account: Any) -> Any:
    """A plan of which the half is meant for the customer; everything else holds one word."""
    Plan.objects.create(account=account, why=INSIDE, how="Two visits a month", shared=["how", "what"])
    Expectation.objects.create(account=account, side="internal", text=f"{INSIDE} margin")
    Expectation.objects.create(account=account, side="external", text="Answer within four hours")
    words = {"account": account, "promised_on": DAY, "due_on": DAY}
    Promise.objects.create(text="Price list", visibility="shareable", **words)
    Promise.objects.create(text=f"{INSIDE} discount", visibility="internal", **words)
    project = {"account": account, "benefit_customer": "Quiet", "benefit_ours": INSIDE}
    JointProject.objects.create(title="Stock on site", state="running", **project)
    JointProject.objects.create(title=f"{INSIDE} idea", state="idea", **project)
    JointProject.objects.create(title=f"{INSIDE} secret", state="running", visibility="internal", **project)
    Challenge.objects.create(account=account, title="Coolant", raised_on=DAY, visibility="shareable")
    Challenge.objects.create(account=account, title=f"{INSIDE} quarrel", raised_on=DAY)
    Procedure.objects.create(account=account, title="Spares", customer_text="In a day", internal_text=INSIDE)
    given = {"account": account, "occurred_on": DAY}
    ValueEntry.objects.create(direction="give", text="Audit", visibility="shareable", **given)
    ValueEntry.objects.create(direction="get", text=f"{INSIDE} favour", **given)
    make_goal(account, "Halve downtime", visibility="shareable", why=INSIDE, cause=INSIDE)
    make_goal(account, f"{INSIDE} goal")
    return account


def test_the_customer_sees_what_is_shareable_and_nothing_else(sign_in: Any, bob: Any, half_open: Any) -> None:
    page = sign_in(bob).get(reverse("goals:plan_customer", args=[half_open.pk])).content.decode()
    shown = ("Two visits a month", "Answer within four hours", "Price list", "Stock on site", "Quiet")
    shown += ("Coolant", "In a day", "Audit", "Halve downtime")
    assert [text for text in shown if text not in page] == []
    assert INSIDE not in page


def test_an_empty_plan_says_what_to_do(sign_in: Any, bob: Any, account: Any) -> None:
    page = sign_in(bob).get(reverse("goals:plan_customer", args=[account.pk]))
    assert page.context["page"].is_empty and page.status_code == 200


def test_texts_are_shared_one_by_one(sign_in: Any, alice: Any, account: Any) -> None:
    body = {"why": "Growth", "how": "Visits", "version": "1", "shared": ["how"]}
    sign_in(alice).post(reverse("goals:plan_edit", args=[account.pk]), body)
    assert shared_texts(Plan.objects.get()) == {"how": "Visits"}


def test_a_text_that_there_is_not_cannot_be_shared(account: Any, alice: Any) -> None:
    with pytest.raises(InvalidInput):
        update_plan(account, values={"shared": ["colour"]}, by=alice)


def test_the_api_shares_texts(api: Any, alice: Any, account: Any) -> None:
    client, url = api(alice), f"/api/v1/plans/{account.pk}/"
    assert client.get(url).json()["shared"] == ["purpose_customer"]
    assert client.patch(url, {"shared": ["why"]}).json()["shared"] == ["why"]
    assert client.patch(url, {"shared": ["colour"]}).status_code == 422


def test_the_plan_marks_what_is_shareable(sign_in: Any, bob: Any, half_open: Any) -> None:
    url = reverse("goals:plan", args=[half_open.pk])
    page = sign_in(bob).get(url, headers={"Accept-Language": "en"}).content.decode()
    assert page.count("The customer may see this") == 5
