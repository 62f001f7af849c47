"""What is to come, on Today."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.actions.next_steps import create_task
from goals.ahead import key_of
from goals.models import BetaFeedback, BetaParticipation, BetaProgramme, Contract, Opportunity
from reports.queries.today import bands


def titles(person: Any, band: str) -> list[str]:
    found = {each.code: each for each in bands(person, timezone.now(), timezone.localdate())}
    return [item.title for item in found[band].items] if band in found else []


def contract(account: Any, days: int, **values: Any) -> Contract:
    today = timezone.localdate()
    return Contract.objects.create(
        account=account,
        title="Service",
        start_on=today - timedelta(400),
        end_on=today + timedelta(days),
        **values,
    )


def test_a_notice_that_is_nearly_over_is_urgent(account: Any, alice: Any, charlie: Any) -> None:
    contract(account, 100, notice_days=90, renews_by=12)
    assert len(titles(alice, "now")) == 1
    assert titles(charlie, "now") == []


def test_a_contract_that_ends_is_a_risk_until_somebody_acts(account: Any, alice: Any) -> None:
    row = contract(account, 80)
    assert len(titles(alice, "risks")) == 1
    create_task(account, values={"title": "Renew"}, by=alice, key=key_of("renewal", account, row.pk))
    assert titles(alice, "risks") == []


def test_one_that_simply_renews_itself_asks_for_nothing(account: Any, alice: Any) -> None:
    contract(account, 20, notice_days=90, renews_by=12)
    assert titles(alice, "risks") == titles(alice, "now") == []


def test_an_opportunity_whose_day_has_passed_is_to_be_followed_up(account: Any, alice: Any) -> None:
    Opportunity.objects.create(
        account=account, title="Press", expected_on=timezone.localdate() - timedelta(1), owner=alice
    )
    assert titles(alice, "follow") == ["Press"]


def test_an_invitation_without_an_answer_is_to_be_followed_up(account: Any, alice: Any) -> None:
    today = timezone.localdate()
    beta = BetaProgramme.objects.create(name="Pilot", starts_on=today, ends_on=today + timedelta(60))
    row = BetaParticipation.objects.create(
        programme=beta, account=account, state="invited", invited_on=today - timedelta(13)
    )
    assert titles(alice, "follow") == []
    BetaParticipation.objects.update(invited_on=today - timedelta(14))
    assert len(titles(alice, "follow")) == 1
    BetaParticipation.objects.update(state="accepted", consent_on=today - timedelta(31))
    assert len(titles(alice, "follow")) == 1
    BetaFeedback.objects.create(participation=row, kind="wish", text="Faster", given_on=today)
    assert titles(alice, "follow") == []
