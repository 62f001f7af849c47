"""How many key accounts one person looks after, and what happens beyond."""

from typing import Any

import pytest
from django.utils import timezone

from kam.lib.errors import InvalidInput
from scoring.actions.capacity import load_of, set_capacity
from scoring.actions.decisions import approve_decision
from scoring.models import Decision, KamCapacity
from tests.factories import make_account, make_decision

pytestmark = pytest.mark.django_db
WORDS = {"reason": "Potential", "expectations_internal": "Grow", "expectations_external": "Be on time"}


@pytest.fixture
def full(dana: Any, alice: Any) -> Any:
    """Return Alice, who looks after one key account and shall look after no more."""
    make_account(kam=alice, key_since=timezone.localdate())
    set_capacity(alice, 1, by=dana)
    return alice


def test_without_a_limit_there_is_none(account: Any, dana: Any, alice: Any) -> None:
    assert approve_decision(make_decision(account), by=dana, kam=alice, **WORDS).state == "approved"


def test_beyond_the_limit_it_takes_a_reason_that_stays_on_record(account: Any, dana: Any, full: Any) -> None:
    decision = make_decision(account)
    with pytest.raises(InvalidInput) as refused:
        approve_decision(decision, by=dana, kam=full, **WORDS)
    assert (refused.value.code, refused.value.field) == ("kam_at_capacity", "capacity_reason")
    approve_decision(decision, by=dana, kam=full, capacity_reason="Ends another in May", **WORDS)
    decision.refresh_from_db()
    assert decision.capacity_reason == "Ends another in May"


def test_a_reason_that_was_not_needed_is_not_kept(account: Any, dana: Any, alice: Any) -> None:
    set_capacity(alice, 5, by=dana)
    decision = approve_decision(
        make_decision(account), by=dana, kam=alice, capacity_reason="In case", **WORDS
    )
    assert decision.capacity_reason == ""


def test_a_limit_is_changed_and_taken_away(dana: Any, full: Any) -> None:
    set_capacity(full, 3, by=dana)
    assert load_of(full).most == 3
    set_capacity(full, None, by=dana)
    assert (load_of(full).most, KamCapacity.objects.count()) == (None, 0)


@pytest.mark.parametrize("most", [-1, 501])
def test_an_impossible_limit_is_refused(dana: Any, alice: Any, most: int) -> None:
    with pytest.raises(InvalidInput):
        set_capacity(alice, most, by=dana)


def test_the_page_sets_limits_and_shows_loads(sign_in: Any, dana: Any, full: Any) -> None:
    browser = sign_in(dana)
    assert browser.post("/scoring/capacity/", {f"most-{full.pk}": "4"}).status_code == 302
    assert load_of(full).most == 4
    assert "Alice Amann" in browser.get("/scoring/capacity/").content.decode()


def test_the_page_says_why_an_approval_is_refused(sign_in: Any, account: Any, dana: Any, full: Any) -> None:
    decision = make_decision(account, **{name: WORDS[name] for name in WORDS if name != "reason"})
    body = {"reason": "Potential", "kam": str(full.pk)}
    answer = sign_in(dana).post(f"/scoring/decisions/{decision.pk}/approve/", body)
    assert answer.status_code == 200
    assert answer.context["approval"].errors["capacity_reason"]


def test_the_api_asks_for_the_same_reason(api: Any, account: Any, dana: Any, full: Any) -> None:
    url, body = f"/api/v1/decisions/{make_decision(account).pk}/approve/", {**WORDS, "kam": str(full.pk)}
    refused = api(dana).post(url, body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "kam_at_capacity")
    assert api(dana).post(url, body | {"capacity_reason": "Worth it"}, format="json").status_code == 200


@pytest.mark.parametrize("way", ["page", "api", "admin"])
def test_no_way_leads_past_the_expectations(
    sign_in: Any, api: Any, account: Any, dana: Any, alice: Any, way: str
) -> None:
    decision = make_decision(account)
    if way == "api":
        url = f"/api/v1/decisions/{decision.pk}/approve/"
        assert api(dana).post(url, {"reason": "x", "kam": str(alice.pk)}, format="json").status_code == 422
    elif way == "page":
        body = {"reason": "x", "kam": str(alice.pk)}
        sign_in(dana).post(f"/scoring/decisions/{decision.pk}/approve/", body)
    else:
        body = {
            "action": "approve",
            "_selected_action": str(decision.pk),
            "reason": "x",
            "kam": str(alice.pk),
        }
        sign_in(dana).post("/admin/scoring/decision/", body)
    assert Decision.objects.get(pk=decision.pk).state == "proposed"


def test_the_api_lists_and_sets_capacities(api: Any, dana: Any, alice: Any, full: Any) -> None:
    rows = api(alice).get("/api/v1/kam-capacities/").json()
    assert [(row["kam"], row["count"], row["most"]) for row in rows if row["most"]] == [(str(full.pk), 1, 1)]
    body = {"kam": str(full.pk), "most": 7}
    assert api(alice).post("/api/v1/kam-capacities/", body, format="json").status_code == 403
    assert api(dana).post("/api/v1/kam-capacities/", body, format="json").json()["most"] == 7


def test_a_leader_sets_and_removes_a_capacity_in_the_admin_panel(sign_in: Any, dana: Any, alice: Any) -> None:
    browser = sign_in(dana)
    browser.post("/admin/scoring/kamcapacity/add/", {"kam": str(alice.pk), "most": "6"})
    row = KamCapacity.objects.get()
    assert (row.kam, row.most, row.set_by) == (alice, 6, dana)
    browser.post(f"/admin/scoring/kamcapacity/{row.pk}/change/", {"most": "8"})
    assert load_of(alice).most == 8
    browser.post(f"/admin/scoring/kamcapacity/{row.pk}/delete/", {"post": "yes"})
    assert load_of(alice).most is None
