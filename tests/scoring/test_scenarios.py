"""Scenarios: saved, compared, proposed, approved as the new baseline; and what a changed baseline does to them."""

from datetime import date
from typing import Any

import pytest

from accounts.models import Activity
from kam.lib.errors import Conflict, DomainError, InvalidInput
from scoring.actions import scenarios
from scoring.actions.scenarios import Weighting
from scoring.actions.scoring_models import activate_model
from scoring.models import Scenario, ScoreRun
from scoring.scenarios import baseline_of, compare, outcome
from scoring.slope import Place, slope
from tests.factories import (
    make_account,
    make_criterion,
    make_model,
    make_rating,
    make_run,
    make_scenario,
    make_user,
)

pytestmark = pytest.mark.django_db


def two_sided(alice: Any, **values: Any) -> ScoreRun:
    """Return a run in which one account is best by the first criterion and another by the second."""
    first, second = make_criterion("first"), make_criterion("second")
    for name, ratings in {"Anna": (9, 2), "Bert": (2, 9), "Cora": (5, 5)}.items():
        account = make_account(name, owner=alice)
        for criterion, rating in zip((first, second), ratings, strict=True):
            make_rating(account, criterion, alice, rating)
    model = make_model((first, 0.7), (second, 0.3), **({"cut_value": 1, "override_reason": "two"} | values))
    return make_run(model, as_of=date(2026, 6, 30))


def names(found: Any) -> list[str]:
    return [row.name for row in found.rows]


def test_a_scenario_ranks_by_its_own_weights_against_the_baseline(dana: Any, alice: Any) -> None:
    scenario = make_scenario(two_sided(alice), weights=[20, 80])
    found = outcome(scenario, dana)
    assert names(found) == ["Bert", "Cora", "Anna"]
    assert [(row.change, row.is_in) for row in found.rows] == [(2, True), (0, False), (-2, False)]


def test_two_scenarios_side_by_side_say_who_enters_and_who_leaves(dana: Any, alice: Any) -> None:
    run = two_sided(alice)
    found = compare(run.model, make_scenario(run, weights=[20, 80]), dana)
    assert [move.name for move in found.entering] == ["Bert"]
    assert [move.name for move in found.leaving] == ["Anna"]
    assert [(pair.name, pair.left, pair.right) for pair in found.weights] == [
        ("first", 0.7, 0.2),
        ("second", 0.3, 0.8),
    ]


def test_people_compare_the_accounts_they_see(charlie: Any, alice: Any) -> None:
    run = two_sided(alice)
    assert compare(run.model, make_scenario(run), charlie).moves == []


def test_a_name_is_there_once_among_the_open_ones(dana: Any, alice: Any) -> None:
    run = two_sided(alice)
    make_scenario(run, name="Bold")
    with pytest.raises(InvalidInput) as refused:
        scenarios.save_scenario(" bold ", run.model, Weighting([50, 50], 1), by=dana)
    assert refused.value.code == "name_taken"


@pytest.mark.parametrize(
    ("weights", "cut", "code"),
    [
        ([100], 1, "weights_count"),
        ([0, 0], 1, "weights_all_zero"),
        ([50, 50], 0, "cut_invalid"),
        ([50, 50], 1.5, "cut_invalid"),
    ],
)
def test_a_weighting_that_is_none_is_refused(
    dana: Any, alice: Any, weights: Any, cut: Any, code: str
) -> None:
    run = two_sided(alice)
    with pytest.raises(InvalidInput) as refused:
        scenarios.save_scenario("Odd", run.model, Weighting(weights, cut), by=dana)
    assert refused.value.code == code


def test_an_approved_scenario_is_the_next_version_with_its_run_and_its_record(dana: Any, alice: Any) -> None:
    run = two_sided(alice, exit_value=3)
    scenario = scenarios.save_scenario("Bold", run.model, Weighting([20, 80], 2), by=alice)
    scenario = scenarios.propose_scenario(scenario, by=alice)
    scenario = scenarios.approve_scenario(scenario, by=dana, reason="The board wants it")
    run.model.refresh_from_db()
    result = scenario.result
    assert (scenario.state, run.model.state, result.state, result.number) == (
        "approved",
        "retired",
        "active",
        2,
    )
    assert [item.weight for item in result.items.all()] == pytest.approx([0.2, 0.8])
    assert (result.cut_value, result.exit_value, result.participants) == (2, 4, "Alice Amann, Dana Dorn")
    assert ScoreRun.objects.filter(model=result).count() == 1
    entry = Activity.objects.get(verb="scenario.approved")
    assert (entry.actor, entry.details["before"]["baseline"]) == (dana, str(run.model))
    assert entry.details["after"]["weights"] == [20, 80]


def test_a_decided_scenario_stays_as_it_is(dana: Any, alice: Any) -> None:
    scenario = make_scenario(two_sided(alice), state="proposed", created_by=alice)
    scenario = scenarios.decline_scenario(scenario, by=dana, reason="Too bold")
    for verb in (scenarios.approve_scenario, scenarios.delete_scenario, scenarios.propose_scenario):
        with pytest.raises(DomainError):
            verb(scenario, by=dana)
    with pytest.raises(DomainError) as refused:
        scenarios.update_scenario(scenario, Weighting([50, 50], 1), by=dana)
    assert refused.value.code == "scenario_decided"


def test_declining_needs_a_reason(dana: Any, alice: Any) -> None:
    with pytest.raises(InvalidInput):
        scenarios.decline_scenario(make_scenario(two_sided(alice), state="proposed"), by=dana, reason=" ")


def test_a_changed_proposal_has_to_be_proposed_anew(alice: Any) -> None:
    scenario = make_scenario(two_sided(alice), state="proposed", created_by=alice)
    assert scenarios.update_scenario(scenario, Weighting([50, 50], 1), by=alice).state == "draft"


def test_others_do_not_change_a_scenario_of_yours(alice: Any) -> None:
    scenario = make_scenario(two_sided(alice), created_by=alice)
    with pytest.raises(DomainError) as refused:
        scenarios.update_scenario(scenario, Weighting([50, 50], 1), by=make_user("Kim", "kam"))
    assert refused.value.code == "not_your_scenario"


def test_two_people_saving_the_same_scenario_do_not_overwrite_each_other(dana: Any, alice: Any) -> None:
    scenario = make_scenario(two_sided(alice), created_by=alice)
    scenarios.update_scenario(scenario, Weighting([40, 60], 1), by=alice, expected_version=1)
    with pytest.raises(Conflict):
        scenarios.update_scenario(scenario, Weighting([60, 40], 1), by=dana, expected_version=1)


def changed_baseline(alice: Any, dana: Any) -> tuple[Scenario, Any]:
    """Return a scenario and the version that came into use since: without the second criterion, with a third."""
    run = two_sided(alice)
    scenario = make_scenario(run, weights=[20, 80], created_by=alice)
    third = make_criterion("third")
    first = run.model.items.first().criterion
    newer = make_model((first, 0.5), (third, 0.5), name=run.model.name, number=2, state="draft", cut_value=2)
    return scenario, activate_model(newer, by=dana)


def test_a_scenario_on_a_changed_baseline_cannot_be_proposed_or_approved(dana: Any, alice: Any) -> None:
    scenario, newer = changed_baseline(alice, dana)
    assert baseline_of(scenario) == newer
    with pytest.raises(DomainError) as refused:
        scenarios.propose_scenario(scenario, by=alice)
    Scenario.objects.update(state="proposed")
    with pytest.raises(DomainError) as refused_too:
        scenarios.approve_scenario(scenario, by=dana)
    assert (refused.value.code, refused_too.value.code) == ("baseline_changed", "baseline_changed")
    assert str(newer) in str(refused.value)


def test_carried_over_it_keeps_the_weights_of_what_both_have(dana: Any, alice: Any) -> None:
    scenario, newer = changed_baseline(alice, dana)
    scenario = scenarios.rebase_scenario(scenario, by=alice)
    assert (scenario.model, scenario.weights) == (newer, pytest.approx([28.57, 71.43]))
    assert scenarios.propose_scenario(scenario, by=alice).state == "proposed"


def test_a_changed_baseline_is_explained_beside_the_scenario(sign_in: Any, dana: Any, alice: Any) -> None:
    scenario, newer = changed_baseline(alice, dana)
    page = sign_in(dana).get(f"/scoring/scenarios/{scenario.pk}/")
    assert page.context["moved"]
    assert str(newer) in page.context["refusal"]  # it has no run yet
    make_run(newer, as_of=date(2026, 7, 1))
    page = sign_in(dana).get(f"/scoring/scenarios/{scenario.pk}/")
    assert [pair.name for pair in page.context["comparison"].weights] == ["first", "third", "second"]
    opened = sign_in(dana).get("/scoring/whatif/", {"scenario": str(scenario.pk)})
    assert (opened.status_code, opened["Location"]) == (302, f"/scoring/scenarios/{scenario.pk}/")


def test_the_pages_save_propose_and_approve(sign_in: Any, dana: Any, alice: Any) -> None:
    run, browser = two_sided(alice), sign_in(dana)
    posted = {"name": "Bold", "w0": "20,5", "w1": "79,5", "cut": "2"}
    made = browser.post(f"/scoring/runs/{run.pk}/scenarios/", posted)
    scenario = Scenario.objects.get(name="Bold")
    assert (made["Location"], scenario.weights) == (f"/scoring/scenarios/{scenario.pk}/", [20.5, 79.5])
    weights = browser.get("/scoring/whatif/", {"scenario": str(scenario.pk)}).context["weights"]
    assert [item["value"] for item in weights] == ["20.5", "79.5"]
    browser.post(f"/scoring/scenarios/{scenario.pk}/save/", posted | {"w0": "30", "w1": "70", "version": "1"})
    nonsense = posted | {"w0": "30", "w1": "70", "version": "²"}
    assert browser.post(f"/scoring/scenarios/{scenario.pk}/save/", nonsense).status_code == 302
    browser.post(f"/scoring/scenarios/{scenario.pk}/propose/")
    browser.post(f"/scoring/scenarios/{scenario.pk}/approve/", {"reason": "Agreed"})
    scenario.refresh_from_db()
    assert (scenario.state, scenario.weights, scenario.result.number) == ("approved", [30, 70], 2)
    assert browser.get(f"/scoring/scenarios/{scenario.pk}/").status_code == 200


def test_two_scenarios_are_compared_on_a_page(sign_in: Any, dana: Any, alice: Any) -> None:
    run, browser = two_sided(alice), sign_in(dana)
    one, other = make_scenario(run, name="One"), make_scenario(run, name="Other", weights=[20, 80])
    page = browser.get("/scoring/scenarios/", {"left": str(one.pk), "right": str(other.pk)})
    assert 'class="slope wide"' in page.content.decode()
    assert 'class="slope narrow"' in page.content.decode()
    odd = browser.get("/scoring/scenarios/", {"left": "nonsense", "right": str(other.pk)})
    assert "comparison" not in odd.context


def test_the_list_costs_the_same_queries_for_few_and_for_many(
    sign_in: Any, dana: Any, alice: Any, django_assert_num_queries: Any
) -> None:
    run, browser = two_sided(alice), sign_in(dana)
    counts = []
    for size in (1, 6):
        for _number in range(size):
            make_scenario(run)
        browser.get("/scoring/scenarios/")
        with django_assert_num_queries(5) as queries:
            browser.get("/scoring/scenarios/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_api_saves_ranks_compares_and_decides(api: Any, dana: Any, alice: Any) -> None:
    run, client = two_sided(alice), api(dana)
    body = {"name": "Bold", "weights": [20, 80], "cut": 2}
    made = client.post("/api/v1/scenarios/", body, format="json")
    pk = made.json()["id"]
    assert (made.status_code, made.json()["criteria"], made.json()["cut"]) == (201, ["first", "second"], 2)
    ranking = client.get(f"/api/v1/scenarios/{pk}/ranking/").json()
    assert [row["name"] for row in ranking["results"]] == ["Bert", "Cora", "Anna"]
    assert ranking["run"] == str(run.pk)
    against = client.get(f"/api/v1/scenarios/{pk}/comparison/").json()
    assert [row["name"] for row in against["results"] if row["enters"]] == ["Bert", "Cora"]
    assert client.get(f"/api/v1/scenarios/{pk}/comparison/?with=nonsense").status_code == 422
    assert (
        client.patch(f"/api/v1/scenarios/{pk}/", {"weights": [10, 90]}, format="json").json()["version"] == 2
    )
    assert client.post(f"/api/v1/scenarios/{pk}/propose/").json()["state"] == "proposed"
    approved = client.post(f"/api/v1/scenarios/{pk}/approve/", {"reason": "Yes"}, format="json").json()
    assert approved["state"] == "approved"
    assert approved["result"]
    assert client.delete(f"/api/v1/scenarios/{pk}/").status_code == 409


def test_slope_lines_run_between_the_ranks_of_both_sides() -> None:
    drawn = slope(
        [
            Place("A", 1, 3, True, False),
            Place("B", 2, 1, False, True),
            Place("C", 3, 2, False, False),
            Place("D", None, 4, False, False),
        ]
    )
    assert [(line.name, line.kind) for line in drawn.lines] == [
        ("A", "leaves"),
        ("B", "enters"),
        ("C", "up"),
        ("D", "same"),
    ]
    assert (drawn.lines[0].y1, drawn.lines[0].y2, drawn.lines[3].y1) == (47.0, 99.0, None)
    assert (drawn.cut_left, drawn.cut_right) == (60, 60)


def test_a_comparison_says_how_many_accounts_it_leaves_out(
    sign_in: Any, api: Any, dana: Any, alice: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("scoring.scenarios.MOST_ACCOUNTS", 2)
    run = two_sided(alice)
    scenario, left_out = make_scenario(run), run.accounts - 2
    page = (
        sign_in(dana)
        .get(f"/scoring/scenarios/{scenario.pk}/", headers={"accept-language": "en"})
        .content.decode()
    )
    assert f"Compared are the first 2 accounts of the run; {left_out} account" in page
    body = api(dana).get(f"/api/v1/scenarios/{scenario.pk}/comparison/").json()
    assert (body["right"]["beyond"], len(body["results"])) == (left_out, 2)
