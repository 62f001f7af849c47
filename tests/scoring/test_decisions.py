"""From the cut line to a decision on record."""

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions.accounts import archive_account
from accounts.models import Account, Activity
from kam.lib.errors import DomainError, InvalidInput
from scoring.actions.decisions import (
    a_year_later,
    approve_decision,
    decline_decision,
    end_decision,
    line_of,
    no_longer_qualifying,
    propose_account,
    propose_from_run,
)
from scoring.models import Decision
from tests.factories import make_account, make_criterion, make_decision, make_model, make_rating, make_run

pytestmark = pytest.mark.django_db
EXPECTED = {"expectations_internal": "Grow", "expectations_external": "Deliver faster"}


@pytest.fixture
def run(dana: Any) -> Any:
    """Return a run of four accounts with 9, 8, 7 and 6 points; the first two are above the line."""
    criterion = make_criterion()
    for points in (9, 8, 7, 6):
        make_rating(make_account(f"With {points} GmbH"), criterion, dana, points)
    return make_run(make_model((criterion, 1.0), cut_kind="top_n", cut_value=2, exit_value=3))


def test_everybody_above_the_line_is_proposed_once(run: Any, dana: Any) -> None:
    proposals = propose_from_run(run, by=dana)
    assert [str(decision.account) for decision in proposals] == ["With 9 GmbH", "With 8 GmbH"]
    assert propose_from_run(run, by=dana) == []


def test_a_threshold_draws_the_line_by_points(run: Any, dana: Any) -> None:
    run.model.cut_kind, run.model.cut_value, run.model.exit_value = "threshold", 8.5, None
    assert len(propose_from_run(run, by=dana)) == 1


def test_a_total_that_is_the_threshold_but_for_rounding_has_reached_it(account: Any, dana: Any) -> None:
    criteria = [make_criterion() for _ in range(3)]
    for criterion in criteria:
        make_rating(account, criterion, dana, 7)
    values = {"cut_kind": "threshold", "cut_value": 7, "exit_value": 7}
    run = make_run(make_model(*((criterion, 1.0) for criterion in criteria), **values))
    score = run.scores.get()
    assert score.total < 7  # a third of seven, three times
    assert [decision.account for decision in propose_from_run(run, by=dana)] == [account]
    line = line_of(run.model)
    assert line.is_in(score.rank, score.total)
    assert line.stays(score.rank, score.total)


def test_approval_makes_a_key_account_with_a_kam_and_a_review(account: Any, dana: Any, alice: Any) -> None:
    decision = approve_decision(make_decision(account), by=dana, reason="Potential", kam=alice, **EXPECTED)
    account.refresh_from_db()
    assert (account.key_since, account.kam) == (timezone.localdate(), alice)
    assert (decision.state, decision.decided_by) == ("approved", dana)
    assert decision.review_on == a_year_later(timezone.localdate())


@pytest.mark.parametrize("missing", ["expectations_internal", "expectations_external", "reason"])
def test_nobody_is_approved_before_everything_is_written_down(
    account: Any, dana: Any, alice: Any, missing: str
) -> None:
    values = {**EXPECTED, "reason": "Potential", missing: " "}
    with pytest.raises(InvalidInput) as refused:
        approve_decision(make_decision(account), by=dana, kam=alice, **values)
    assert refused.value.code == f"{missing}_missing"
    account.refresh_from_db()
    assert account.key_since is None


def test_what_an_approval_needs_is_not_called_optional(sign_in: Any, account: Any, dana: Any) -> None:
    url = f"/scoring/decisions/{make_decision(account).pk}/"
    page = sign_in(dana).get(url).content.decode()
    assert page.count('class="opt"') == 1  # the reason beyond the capacity
    assert "Für die Genehmigung braucht es beides." in page


def test_a_decision_says_who_decided_it_and_why(sign_in: Any, account: Any, dana: Any, alice: Any) -> None:
    decision = make_decision(account)
    client, url = sign_in(dana), f"/scoring/decisions/{decision.pk}/"
    assert "Entschieden von" not in client.get(url).content.decode()
    decline_decision(decision, by=dana, reason="Two orders only.")
    page = client.get(url).content.decode()
    assert "Two orders only." in page
    assert re.search(rf"Entschieden von</dt><dd>{dana}, ", page)


def test_a_decision_is_made_once(account: Any, dana: Any) -> None:
    decision = make_decision(account)
    decline_decision(decision, by=dana, reason="Too small")
    with pytest.raises(DomainError) as refused:
        decline_decision(decision, by=dana, reason="Too small")
    assert refused.value.code == "already_decided"


def test_an_approval_that_comes_too_late_is_told_so(
    sign_in: Any, account: Any, dana: Any, alice: Any
) -> None:
    decision = make_decision(account, **EXPECTED)
    decline_decision(decision, by=dana, reason="Too small")
    body = {"reason": "Potential", "kam": str(alice.pk)}
    page = sign_in(dana).post(f"/scoring/decisions/{decision.pk}/approve/", body, follow=True)
    assert "Darüber ist schon entschieden: Abgelehnt." in page.content.decode()
    assert Decision.objects.get().state == "declined"


def test_ending_takes_key_status_and_kam_away_and_stays_on_record(
    account: Any, dana: Any, alice: Any
) -> None:
    decision = approve_decision(make_decision(account), by=dana, reason="Potential", kam=alice, **EXPECTED)
    end_decision(decision, by=dana, reason="Sold")
    account.refresh_from_db()
    assert (account.key_since, account.kam) == (None, None)
    assert Activity.objects.filter(account=account, verb="decision.ended").exists()


def test_a_key_account_stays_until_it_is_beyond_the_exit_line(run: Any, dana: Any) -> None:
    for name in ("With 7 GmbH", "With 6 GmbH"):
        type(run.scores.first().account).objects.filter(name=name).update(key_since=date(2025, 1, 1))
    assert [str(score.account) for score in no_longer_qualifying(dana)] == ["With 6 GmbH"]


def test_an_account_has_one_open_proposal(account: Any, alice: Any) -> None:
    propose_account(account, by=alice)
    with pytest.raises(DomainError) as refused:
        propose_account(account, by=alice)
    assert refused.value.code == "already_proposed"


def test_an_archived_account_is_neither_proposed_nor_approved(run: Any, dana: Any, alice: Any) -> None:
    archived = Account.objects.get(name="With 9 GmbH")
    waiting = make_decision(archived)
    archive_account(archived, by=dana)
    archived.refresh_from_db()
    waiting.account = archived
    with pytest.raises(DomainError, match="With 9 GmbH") as refused:
        approve_decision(waiting, by=dana, reason="Potential", kam=alice, **EXPECTED)
    assert refused.value.code == "account_inactive"
    decline_decision(waiting, by=dana, reason="Archived")
    with pytest.raises(DomainError):
        propose_account(archived, by=alice)
    assert [str(decision.account) for decision in propose_from_run(run, by=dana)] == ["With 8 GmbH"]


def test_the_review_of_a_leap_day_is_on_the_28th() -> None:
    assert a_year_later(date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_leader_approves_over_the_api(api: Any, account: Any, dana: Any, alice: Any) -> None:
    url = f"/api/v1/decisions/{make_decision(account).pk}/approve/"
    body = {"reason": "Potential", "kam": str(alice.pk), **EXPECTED}
    assert api(dana).post(url, body, format="json").json()["state"] == "approved"


def test_a_kam_may_propose_but_not_approve(api: Any, account: Any, alice: Any) -> None:
    client = api(alice)
    made = client.post("/api/v1/decisions/", {"account": str(account.pk)}, format="json")
    assert made.status_code == 201
    url = f"/api/v1/decisions/{made.json()[0]['id']}/approve/"
    assert client.post(url, {}, format="json").status_code == 403


def test_a_leader_approves_on_the_page(sign_in: Any, account: Any, dana: Any, alice: Any) -> None:
    decision = make_decision(account, **EXPECTED)
    answer = sign_in(dana).post(
        f"/scoring/decisions/{decision.pk}/approve/", {"reason": "Potential", "kam": str(alice.pk)}
    )
    assert answer.status_code == 302
    assert Decision.objects.get(pk=decision.pk).state == "approved"


@pytest.mark.parametrize(
    ("state", "verb", "field"),
    [
        ("proposed", "decline", "decline_reason"),
        ("approved", "keep", "keep_reason"),
        ("approved", "end", "end_reason"),
    ],
)
def test_a_missing_reason_is_asked_for_beside_its_field(
    sign_in: Any, account: Any, dana: Any, state: str, verb: str, field: str
) -> None:
    decision = make_decision(account, state=state)
    answer = sign_in(dana).post(f"/scoring/decisions/{decision.pk}/{verb}/", {"reason": " "})
    html = answer.content.decode()
    assert (answer.status_code, Decision.objects.get(pk=decision.pk).state) == (200, state)
    assert f'<a href="#{field}">' in html
    assert re.search(f'<textarea[^>]*aria-invalid="true"[^>]*id="{field}"', html)


def test_a_leader_decides_in_the_admin_panel(sign_in: Any, account: Any, dana: Any) -> None:
    decision = make_decision(account)
    sign_in(dana).post(
        "/admin/scoring/decision/",
        {"action": "decline", "_selected_action": str(decision.pk), "reason": "Too small"},
    )
    decision.refresh_from_db()
    assert (decision.state, decision.reason) == ("declined", "Too small")


def test_the_admin_panel_takes_what_both_sides_expect_with_the_approval(
    sign_in: Any, account: Any, dana: Any, alice: Any
) -> None:
    decision = make_decision(account)
    body = {"action": "approve", "_selected_action": str(decision.pk), "reason": "Potential"}
    browser = sign_in(dana)
    assert 'name="expectations_external"' in browser.get("/admin/scoring/decision/").content.decode()
    browser.post("/admin/scoring/decision/", body | {"kam": str(alice.pk)})
    assert Decision.objects.get(pk=decision.pk).state == "proposed"
    browser.post("/admin/scoring/decision/", body | {"kam": str(alice.pk)} | EXPECTED)
    decision.refresh_from_db()
    assert (decision.state, decision.kam, decision.account.kam) == ("approved", alice, alice)
    assert decision.expectations_external == EXPECTED["expectations_external"]


def test_the_certificate_states_model_run_and_reason(sign_in: Any, run: Any, dana: Any) -> None:
    decision = propose_from_run(run, by=dana)[0]
    page = sign_in(dana).get(f"/scoring/decisions/{decision.pk}/certificate/").content.decode()
    assert str(run.model) in page
    assert str(run.pk) in page
