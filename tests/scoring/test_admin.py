"""The room in the admin panel: every list and sheet opens for leaders, and for nobody else."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from accounts.models import Account
from scoring.actions.blind import name_blind, state_blind
from scoring.admin import DecisionAdmin, ScenarioAdmin
from scoring.models import Backtest, BlindList, Decision, KamCapacity, RatingRound, Scenario, ScoreRun
from tests.factories import (
    make_account,
    make_criterion,
    make_decision,
    make_estimate,
    make_model,
    make_rating,
    make_run,
)

pytestmark = pytest.mark.django_db
TABLES = [
    *("criterion", "scoringmodel", "scorerun", "ratinground", "backtest", "decision"),
    *("kamcapacity", "blindlist", "accountestimate"),
]


@pytest.fixture
def rows(account: Account, dana: Any, alice: Any) -> dict[str, Any]:
    criterion = make_criterion()
    model = make_model((criterion, 1.0))
    round = RatingRound.objects.create(name="Autumn")
    round.criteria.set([criterion])
    round.raters.set([alice, dana])
    make_rating(account, criterion, alice, 7, round=round)
    return {
        "criterion": criterion,
        "scoringmodel": model,
        "scorerun": make_run(model),
        "ratinground": round,
        "backtest": Backtest.objects.create(model=model, as_of=date(2025, 1, 1), outcome="growth"),
        "decision": make_decision(account),
        "kamcapacity": KamCapacity.objects.create(kam=alice, most=3),
        "blindlist": state_blind(dana, [account]),
        "accountestimate": make_estimate(account),
    }


@pytest.mark.parametrize("table", TABLES)
def test_list_and_sheet_open_for_a_leader(sign_in: Any, rows: Any, dana: Any, table: str) -> None:
    browser = sign_in(dana)
    assert browser.get(f"/admin/scoring/{table}/").status_code == 200
    assert browser.get(f"/admin/scoring/{table}/{rows[table].pk}/change/").status_code == 200


def test_the_round_says_who_has_rated_how_much(sign_in: Any, rows: Any, dana: Any) -> None:
    page = sign_in(dana).get(f"/admin/scoring/ratinground/{rows['ratinground'].pk}/change/").content.decode()
    assert "Alice Amann: 1 / 1" in page and "Dana Dorn: 0 / 1" in page


def test_a_model_is_run_from_the_panel(sign_in: Any, rows: Any, dana: Any) -> None:
    body = {"action": "run", "_selected_action": str(rows["scoringmodel"].pk)}
    sign_in(dana).post("/admin/scoring/scoringmodel/", body)
    assert ScoreRun.objects.filter(created_by=dana, job__isnull=False).count() == 1


def test_an_open_blind_list_is_not_shown(sign_in: Any, rows: Any, dana: Any) -> None:
    name_blind(dana, make_account())
    page = sign_in(dana).get("/admin/scoring/blindlist/").content.decode()
    assert BlindList.objects.count() == 2 and page.count('class="field-named"') == 1


@pytest.mark.parametrize(
    ("admin", "labels"), [(DecisionAdmin, Decision.State), (ScenarioAdmin, Scenario.State)]
)
def test_the_verbs_and_the_states_they_lead_to_are_of_one_word_in_german(admin: Any, labels: Any) -> None:
    with translation.override("de"):
        assert (str(admin.approve.short_description), labels.APPROVED.label) == ("Genehmigen", "Genehmigt")
        assert (str(admin.decline.short_description), labels.DECLINED.label) == ("Ablehnen", "Abgelehnt")


@pytest.mark.parametrize("chosen", ["", "zz", "9" * 40, "\x00"])
@pytest.mark.parametrize(
    ("table", "action"),
    [
        ("scoring/scoringmodel", "activate"),
        ("scoring/decision", "approve"),
        ("users/team", "delete_selected"),
    ],
)
def test_a_chosen_row_that_is_none_is_refused(
    sign_in: Any, dana: Any, table: str, action: str, chosen: str
) -> None:
    body = {"action": action, "_selected_action": chosen}
    assert sign_in(dana).post(f"/admin/{table}/", body).status_code == 400
