"""What a plan says of itself over the API, what the customer may read of it, and templates to begin with."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Activity
from goals.models import (
    Challenge,
    Expectation,
    JointProject,
    Opportunity,
    Plan,
    Procedure,
    Promise,
    ValueEntry,
)
from tests.factories import make_decision, make_goal

DAY = date(2026, 6, 1)


def address(account: Any, part: str) -> str:
    return f"/api/v1/plans/{account.pk}/{part}/"


def test_a_plan_says_how_it_stands(api: Any, alice: Any, account: Any) -> None:
    today = timezone.localdate()
    Plan.objects.create(account=account, why="They grow")
    Plan.objects.update(updated_at=timezone.now() - timedelta(days=100))
    late = Promise.objects.create(account=account, text="Late", promised_on=DAY, due_on=DAY)
    for state in ("kept", "kept", "broken"):
        Promise.objects.create(
            account=account, text=state, promised_on=DAY, due_on=DAY, state=state, closed_on=DAY
        )
    for direction, amount in (("give", 300), ("give", None), ("get", 100)):
        ValueEntry.objects.create(
            account=account, direction=direction, text="Training", amount=amount, occurred_on=today
        )
    Opportunity.objects.create(account=account, title="Retrofit", value=Decimal(500), expected_on=today)
    Activity.objects.create(account=account, verb="call", occurred_at=timezone.now())
    body = api(alice).get(address(account, "standing"), headers={"Accept-Language": "en"}).json()
    assert (body["plan_stale"], body["work_without_goal"], body["open_opportunities"]) == (True, 1, "500.00")
    promises = body["promises"]
    assert (promises["kept"], promises["closed"], promises["overdue"]) == (2, 3, [str(late.pk)])
    assert promises["kept_rate"] == pytest.approx(2 / 3)
    assert body["give_and_get"] == {
        "given": "300.00",
        "got": "100.00",
        "gave": 2,
        "received": 1,
        "silent": 1,
        "verdict": "we_give",
    }
    assert [step["done"] for step in body["steps"]] == [False, True, False, True]
    assert body["steps"][2]["missing"] == "No goal has a current value."
    counts = {block["kind"]: block["count"] for block in body["blocks"]}
    assert (counts["promises"], counts["values"], counts["projects"]) == (4, 3, 0)


def test_a_plan_nobody_wrote_is_not_stale(api: Any, alice: Any, account: Any) -> None:
    body = api(alice).get(address(account, "standing")).json()
    assert (body["plan_updated_at"], body["plan_stale"], body["promises"]["kept_rate"]) == (None, False, None)


def test_the_standing_takes_the_same_queries_for_any_plan(
    api: Any, alice: Any, account: Any, django_assert_num_queries: Any
) -> None:
    client, url = api(alice), address(account, "standing")
    client.get(url)
    for count in (1, 5):
        for _number in range(count):
            make_goal(account)
            Promise.objects.create(account=account, text="Call", promised_on=DAY, due_on=DAY)
        with django_assert_num_queries(21):
            client.get(url)


def test_the_customers_plan_holds_nothing_internal(api: Any, alice: Any, account: Any) -> None:
    secret = "CANARY"
    Plan.objects.create(account=account, why="Together", how=secret, shared=["why"])
    shareable = {"account": account, "visibility": "shareable"}
    make_goal(account, "Shared goal", visibility="shareable", cause=secret, why=secret)
    make_goal(account, secret, visibility="internal")
    Promise.objects.create(text="Price list", promised_on=DAY, due_on=DAY, **shareable)
    internal = {"account": account, "visibility": "internal"}
    Promise.objects.create(text=secret, promised_on=DAY, due_on=DAY, **internal)
    Expectation.objects.create(account=account, side="internal", text=secret)
    Expectation.objects.create(account=account, side="external", text="Two days")
    Procedure.objects.create(account=account, title="Orders", customer_text="By noon", internal_text=secret)
    JointProject.objects.create(
        title="Pilot", benefit_ours=secret, benefit_customer="Less waste", state="running", **shareable
    )
    Challenge.objects.create(title="Waste", raised_on=DAY, solution="Filter", **shareable)
    ValueEntry.objects.create(direction="get", text="Reference", amount=4711, occurred_on=DAY, **shareable)
    ValueEntry.objects.create(direction="give", text="Training", amount=300, occurred_on=DAY, **shareable)
    body = api(alice).get(address(account, "customer")).json()
    text = json.dumps(body)
    assert secret not in text
    assert "4711" not in text
    assert [row["text"] for row in body["texts"]] == ["Together"]
    assert [row["title"] for row in body["goals"]] == ["Shared goal"]
    assert body["expectations"] == [{"side": "external", "text": "Two days"}]
    assert body["projects"] == [{"title": "Pilot", "benefit_customer": "Less waste", "state": "running"}]
    assert {row["text"]: row["amount"] for row in body["values"]} == {"Reference": None, "Training": "300.00"}
    assert body["promises"][0]["owner"] is None


def test_a_template_fills_what_is_empty_and_leaves_what_stands(api: Any, alice: Any, account: Any) -> None:
    client = api(alice)
    client.patch(f"/api/v1/plans/{account.pk}/", {"why": "Ours"})
    (grow, *_rest) = client.get("/api/v1/plan-templates/", headers={"Accept-Language": "en"}).json()[
        "results"
    ]
    assert (grow["code"], grow["label"]) == ("grow", "Grow with the customer")
    plan = client.post(address(account, "template"), {"template": "grow"}, headers={"Accept-Language": "en"})
    assert (plan.json()["why"], plan.json()["how"]) == ("Ours", grow["texts"]["how"])
    unknown = client.post(address(account, "template"), {"template": "shrink"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "no_template")


def test_expectations_of_the_decision_are_taken_over_once(api: Any, alice: Any, account: Any) -> None:
    make_decision(
        account,
        state="approved",
        decided_at=datetime(2026, 6, 1, tzinfo=timezone.get_current_timezone()),
        expectations_internal="Grow",
        expectations_external="Two days",
    )
    client, url = api(alice), address(account, "take-over")
    assert {row["text"] for row in client.post(url).json()["results"]} == {"Grow", "Two days"}
    assert client.post(url).json()["results"] == []
    assert Expectation.objects.count() == 2


def test_only_who_manages_begins_a_plan(api: Any, rita: Any, charlie: Any, account: Any) -> None:
    for part in ("template", "take-over"):
        assert api(rita).post(address(account, part)).status_code == 403
        assert api(charlie).post(address(account, part)).status_code == 404
