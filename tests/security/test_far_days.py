"""Days no calendar of ours reaches: one of them in a contract once broke the list of contracts for everybody."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Task
from goals.models import AccountPeriod, Contract, Playbook, PlaybookRun
from scoring.models import Backtest, ScoreRun
from tests.factories import make_criterion, make_model

FAR = pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
CONTRACT = {"title": "Service", "start_on": "2026-01-01", "end_on": "2026-12-31", "renews_by": 12}


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@FAR
@pytest.mark.parametrize("field", ["start_on", "end_on", "cancelled_on"])
def test_a_contract_keeps_to_the_calendar(api: Any, alice: Any, account: Any, day: str, field: str) -> None:
    client = api(alice)
    answer = client.post(
        f"/api/v1/plans/{account.pk}/entries/contracts/", CONTRACT | {field: day}, format="json"
    )
    assert refused(answer) == (422, "bad_date")
    assert not Contract.objects.exists()
    assert client.get("/api/v1/contracts/").status_code == 200


@FAR
def test_a_period_keeps_to_the_calendar(api: Any, alice: Any, account: Any, day: str) -> None:
    days = {"name": "Far", "start_on": day, "end_on": day}
    answer = api(alice).post(f"/api/v1/plans/{account.pk}/settings/periods/", days, format="json")
    assert refused(answer) == (422, "bad_date")
    assert not AccountPeriod.objects.exists()


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_can_be_asked_for(
    api: Any, alice: Any, account: Any, day: str
) -> None:
    period = AccountPeriod.objects.create(account=account, name="Edge", start_on=day, end_on=day)
    answer = api(alice).get(f"/api/v1/accounts/{account.pk}/growth/bridge/?period={period.pk}")
    assert (answer.status_code, answer.json()["period"]["from"]) == (200, day)


@FAR
def test_a_playbook_starts_on_a_day_of_the_calendar(api: Any, alice: Any, account: Any, day: str) -> None:
    playbook = Playbook.objects.create(name="Onboarding")
    body = {"playbook": str(playbook.pk), "started_on": day}
    answer = api(alice).post(f"/api/v1/accounts/{account.pk}/playbooks/", body, format="json")
    assert refused(answer) == (422, "bad_date")
    assert not PlaybookRun.objects.exists() and not Task.objects.exists()


@FAR
@pytest.mark.parametrize("kind", ["score-runs", "backtests"])
def test_scores_are_computed_as_of_a_day_of_the_calendar(api: Any, dana: Any, day: str, kind: str) -> None:
    model = make_model((make_criterion("revenue"), 1))
    body = {"model": str(model.pk), "as_of": day, "outcome": "revenue"}
    if kind == "score-runs":
        body.pop("outcome")
    assert refused(api(dana).post(f"/api/v1/{kind}/", body, format="json")) == (422, "bad_date")
    assert not ScoreRun.objects.exists() and not Backtest.objects.exists()


@pytest.mark.parametrize(
    ("day", "criteria", "said"),
    [("9999-12-31", 1, "2199"), ("2026-06-30", 0, "Das Modell hat noch keine Kriterien.")],
)
def test_a_run_that_cannot_start_says_why_in_its_form(
    sign_in: Any, dana: Any, day: str, criteria: int, said: str
) -> None:
    model = make_model(*[(make_criterion("revenue"), 1)][:criteria])
    answer = sign_in(dana).post(reverse("scoring:run_start"), {"model": model.pk, "as_of": day})
    assert answer.status_code == 200 and said in answer.text
    assert not ScoreRun.objects.exists()


@FAR
def test_rates_and_entries_of_the_timeline_keep_to_the_calendar(
    api: Any, dana: Any, account: Any, day: str
) -> None:
    client = api(dana)
    rate = {"currency": "USD", "valid_from": day, "rate": "0.9"}
    assert refused(client.post("/api/v1/currency-rates/", rate, format="json")) == (422, "bad_date")
    note = {"account": str(account.pk), "verb": "note", "body": "x", "occurred_at": f"{day}T12:00:00Z"}
    code = "not_yet" if date.fromisoformat(day).year > 2000 else "bad_date"
    assert refused(client.post("/api/v1/activities/", note, format="json")) == (422, code)


@pytest.mark.parametrize("value", ["1", "0", "yes", "maybe", "2"])
def test_a_filter_that_says_neither_yes_nor_no_is_refused(api: Any, alice: Any, value: str) -> None:
    assert refused(api(alice).get(f"/api/v1/goals/?open={value}")) == (400, "bad_boolean")


@pytest.mark.parametrize("value", ["true", "True", "false", ""])
def test_a_filter_says_yes_or_no_or_nothing(api: Any, alice: Any, value: str) -> None:
    assert api(alice).get(f"/api/v1/goals/?open={value}").status_code == 200


def test_a_pasted_cell_that_no_reader_takes_is_named(api: Any, alice: Any) -> None:
    body = {"kind": "years", "text": 'account;year;plan\n4711;2026;1\n"' + "x" * 200_000}
    answer = api(alice).post("/api/v1/metric-tables/", body, format="json")
    assert refused(answer) == (422, "field_too_long")
    assert "3" in answer.json()["detail"]


def test_a_pasted_rate_that_no_reader_takes_is_named(sign_in: Any, dana: Any) -> None:
    table = 'date,USD\n2026-01-01,"' + "9" * 200_000
    answer = sign_in(dana).post("/settings/rates/", {"table": table})
    assert answer.status_code < 500
