"""What goes wrong when people choose key accounts, and what they read then: for each a defined result, never a 5xx."""

from typing import Any

import pytest
from django.utils import translation

from scoring.models import Decision, Rating, ScoringModel
from scoring.sure_page import account_words, sure_context
from tests.factories import (
    make_account,
    make_criterion,
    make_decision,
    make_model,
    make_rating,
    make_run,
    make_scenario,
)

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
PAGES = ("ranking", "sure", "history", "whatif", "scenarios", "decisions", "capacity", "blind", "backtests")


def ranked(rater: Any, *rows: tuple[int, ...], **values: Any) -> Any:
    """Return a run over accounts with these ratings, weighed equally."""
    criteria = [make_criterion(f"c{place}") for place in range(len(rows[0]) if rows else 1)]
    for row in rows:
        account = make_account(owner=rater)
        for criterion, value in zip(criteria, row, strict=True):
            make_rating(account, criterion, rater, value)
    return make_run(make_model(*((c, 1 / len(criteria)) for c in criteria), **values))


def pages_stand(browser: Any) -> None:
    """Every page of the room answers, whatever the data."""
    for name in PAGES:
        assert browser.get(f"/scoring/{name}/", headers=ENGLISH).status_code == 200, name


def refusal(client: Any, url: str, body: dict[str, Any]) -> Any:
    answer = client.post(url, body, format="json", headers=ENGLISH)
    assert answer.status_code == 422, answer.content
    return answer.json()["errors"][0]["detail"]


def weighing(browser: Any, model: ScoringModel, **posted: str) -> str:
    return str(browser.post(f"/scoring/models/{model.pk}/", posted, headers=ENGLISH).content.decode())


# Pairs that contradict each other, or are not all judged


def three_criteria() -> tuple[ScoringModel, list[Any]]:
    criteria = [make_criterion(name) for name in ("fit", "size", "trust")]
    model = make_model(*((criterion, 1 / 3) for criterion in criteria), state="draft")
    return model, [item.pk for item in model.items.all()]


def test_contradicting_pairs_are_weighed_and_the_worst_is_named(sign_in: Any, api: Any, dana: Any) -> None:
    model, (a, b, c) = three_criteria()
    said = {f"pair-{a}-{b}": "9", f"pair-{b}-{c}": "9", f"pair-{a}-{c}": "1/9"}
    browser = sign_in(dana)
    weighing(browser, model, method="ahp", **said)
    page = browser.get(f"/scoring/models/{model.pk}/", headers=ENGLISH).content.decode()
    assert "The judgements contradict each other. Look first at fit : size." in page
    assert "3 of 3 pairs judged" in page
    matrix = [[1, 9, "1/9"], ["1/9", 1, 9], [9, "1/9", 1]]
    body = api(dana).post("/api/v1/weights/", {"method": "ahp", "matrix": matrix}, format="json").json()
    assert body["cr"] > 0.1
    assert body["worst"] == {"row": 0, "column": 1}


def test_pairs_that_nobody_has_judged_are_named(sign_in: Any, api: Any, dana: Any) -> None:
    model, (a, b, _c) = three_criteria()
    page = weighing(sign_in(dana), model, method="ahp", **{f"pair-{a}-{b}": "3"})
    assert "Nobody has judged fit : trust yet. Weights follow when every pair is judged." in page
    assert "1 of 3 pairs judged" in page
    model.refresh_from_db()
    assert model.weight_method != "ahp"
    matrix = [[1, 3, None], ["1/3", 1, 1], [None, 1, 1]]
    text = refusal(api(dana), "/api/v1/weights/", {"method": "ahp", "matrix": matrix})
    assert text == "The judgement in row 1, column 3 is missing."


def test_a_matrix_that_is_none_is_refused(api: Any, dana: Any) -> None:
    text = refusal(api(dana), "/api/v1/weights/", {"method": "ahp", "matrix": [[1, 2], [3, 1]]})
    assert text == "Row 1, column 2 is not the reciprocal of its counterpart."


# Weights that do not sum


def test_weights_that_do_not_add_up_are_refused_and_stay_typed(sign_in: Any, api: Any, dana: Any) -> None:
    model, (a, b, c) = three_criteria()
    typed = {f"weight-{a}": "50", f"weight-{b}": "40", f"weight-{c}": "30"}
    page = weighing(sign_in(dana), model, method="typed", **typed)
    assert "The weights add up to 120; they must add up to 1 or to 100%." in page
    assert 'value="40"' in page
    assert [round(item.weight, 3) for item in model.items.all()] == [0.333] * 3
    text = refusal(api(dana), "/api/v1/weights/", {"method": "typed", "weights": [0.5, 0.6]})
    assert text == "The weights add up to 1.1; they must add up to 1 or to 100%."


# All accounts equal, one account, none


def test_equal_accounts_share_the_first_rank_and_their_fate(sign_in: Any, api: Any, dana: Any) -> None:
    run = ranked(dana, (5, 5), (5, 5), (5, 5), cut_value=2)
    assert {score.rank for score in run.scores.all()} == {1}
    body = api(dana).get(f"/api/v1/score-runs/{run.pk}/stability/?top=2").json()
    assert [row["p_top"] for row in body["results"]] == pytest.approx([2 / 3] * 3, abs=0.02)
    assert (body["smallest_change"], {row["behind"] for row in body["results"]}) == (None, {0})
    browser = sign_in(dana)
    page = browser.get("/scoring/sure/", headers=ENGLISH).content.decode()
    assert "No other weight of a single criterion changes who is above the line." in page
    pages_stand(browser)


def test_one_account_is_first_whatever_happens(sign_in: Any, api: Any, dana: Any) -> None:
    run = ranked(dana, (3, 4), cut_value=1)
    (row,) = api(dana).get(f"/api/v1/score-runs/{run.pk}/stability/").json()["results"]
    assert (row["rank_low"], row["rank_high"], row["p_top"], row["margin"]) == (1, 1, 1.0, None)
    with translation.override("en"):
        words = account_words(run.scores.get(), run, dana)
    assert words == ["Firmly key", "Between rank 1 and rank 1"]
    pages_stand(sign_in(dana))


def test_without_accounts_everything_says_so(sign_in: Any, api: Any, dana: Any) -> None:
    run = ranked(dana)
    body = api(dana).get(f"/api/v1/score-runs/{run.pk}/stability/?top=3").json()
    assert (body["results"], body["weights"], body["smallest_change"]) == ([], [], None)
    browser = sign_in(dana)
    assert "No ranking yet" in browser.get("/scoring/sure/", headers=ENGLISH).content.decode()
    pages_stand(browser)


# More places than accounts, and no place at all


def test_more_places_than_accounts_let_everybody_in(sign_in: Any, api: Any, dana: Any) -> None:
    run = ranked(dana, (9, 2), (2, 9), cut_value=50)
    body = api(dana).get(f"/api/v1/score-runs/{run.pk}/stability/?top=50").json()
    assert {row["p_top"] for row in body["results"]} == {1.0}
    assert [(each["low"], each["high"]) for each in body["weights"]] == [(0.0, 1.0)] * 2
    assert sure_context(run, dana)["counts"] == {"firm_in": 2, "grey": 0, "firm_out": 0}
    pages_stand(sign_in(dana))


@pytest.mark.parametrize(
    ("top", "status"), [("0", 422), ("-3", 400), ("2.5", 400), ("", 400), ("9" * 9, 400)]
)
def test_a_number_of_places_that_is_none_is_refused(api: Any, dana: Any, top: str, status: int) -> None:
    run = ranked(dana, (9, 2), (2, 9))
    answer = api(dana).get(f"/api/v1/score-runs/{run.pk}/stability/?top={top}", headers=ENGLISH)
    assert answer.status_code == status
    assert "top is a whole number from 1." in answer.content.decode()


# A criterion without any value, and one that applies to nobody


def test_a_criterion_without_any_value_is_missing_everywhere(sign_in: Any, dana: Any) -> None:
    rated, empty = make_criterion("rated"), make_criterion("empty")
    make_rating(make_account(owner=dana), rated, dana, 8)
    run = make_run(make_model((rated, 0.5), (empty, 0.5)))
    score = run.scores.get()
    assert (score.total, score.high, score.completeness) == (4.5, 9.0, 0.5)
    page = (
        sign_in(dana).get(f"/scoring/runs/{run.pk}/why/{score.account_id}/", headers=ENGLISH).content.decode()
    )
    assert "Between 4.50 and 9.00: 50% of the weight is rated." in page
    ranking = sign_in(dana).get(f"/scoring/ranking/?run={run.pk}", headers=ENGLISH).content.decode()
    assert "No account has a value for “empty”" in ranking
    pages_stand(sign_in(dana))


def test_an_account_to_which_nothing_applies_is_not_ranked(sign_in: Any, dana: Any) -> None:
    criterion = make_criterion(may_be_not_applicable=True)
    make_rating(make_account(owner=dana), criterion, dana, None)
    make_rating(make_account(owner=dana), criterion, dana, 6)
    assert make_run(make_model((criterion, 1.0))).accounts == 1
    pages_stand(sign_in(dana))


# A model in use, a changed baseline, two people at once


def test_a_version_that_a_run_has_used_is_not_edited(sign_in: Any, dana: Any) -> None:
    run = ranked(dana, (9, 2), (2, 9))
    first, second = (item.pk for item in run.model.items.all())
    typed = {f"weight-{first}": "10", f"weight-{second}": "90"}
    page = weighing(sign_in(dana), run.model, method="typed", **typed)
    assert "A run has used this version; make a new one to change it." in page
    assert [item.weight for item in run.model.items.all()] == [0.5, 0.5]


def test_a_scenario_on_a_changed_baseline_is_explained_and_not_approved(
    sign_in: Any, api: Any, dana: Any
) -> None:
    run = ranked(dana, (9, 2), (2, 9))
    scenario = make_scenario(run, created_by=dana, state="proposed")
    ScoringModel.objects.filter(pk=run.model_id).update(state="retired")
    newer = make_model((make_criterion(), 1.0), name=run.model.name, number=2)
    page = sign_in(dana).get(f"/scoring/scenarios/{scenario.pk}/", headers=ENGLISH).content.decode()
    assert "The baseline has changed since" in page and str(newer) in page
    answer = api(dana).post(f"/api/v1/scenarios/{scenario.pk}/approve/", {"reason": "Yes"}, headers=ENGLISH)
    assert answer.status_code == 409
    assert str(newer) in answer.json()["detail"]


def test_of_two_people_in_one_cell_the_second_is_told(sign_in: Any, account: Any, dana: Any) -> None:
    criterion, browser = make_criterion(), sign_in(dana)
    url = f"/scoring/ratings/{account.pk}/{criterion.pk}/save/"
    assert browser.post(url, {"value": "7", "version": "0"}).status_code == 200
    answer = browser.post(url, {"value": "3", "version": "0"}, headers=ENGLISH)
    assert answer.status_code == 412
    assert answer.json()["error"].startswith("Meanwhile 7 was saved here. Your 3 is not saved")
    assert Rating.objects.get().value == 7


def test_of_two_people_weighing_one_draft_the_second_is_told(sign_in: Any, dana: Any) -> None:
    model, before = three_criteria()
    browser, seen = sign_in(dana), str(model.version)
    shares = dict(zip(before, ("60", "30", "10"), strict=True))
    posted = {f"weight-{pk}": share for pk, share in shares.items()}
    assert weighing(browser, model, method="typed", seen_version=seen, **posted) == ""
    page = weighing(browser, model, method="typed", seen_version=seen, **posted)
    assert "Somebody saved other weights meanwhile. They stand here now; yours are not saved." in page
    assert 'value="60.0"' in page
    model.refresh_from_db()
    assert f'name="seen_version" value="{model.version}"' in page
    assert [round(item.weight, 3) for item in model.items.all()] == [0.6, 0.3, 0.1]


def test_of_two_people_writing_expectations_the_second_is_told(sign_in: Any, account: Any, dana: Any) -> None:
    decision, browser = make_decision(account), sign_in(dana)
    url, seen = f"/scoring/decisions/{decision.pk}/", str(decision.version)
    browser.post(url, {"internal": "Grow", "external": "Deliver", "seen_version": seen})
    posted = {"internal": "Save costs", "external": "Deliver", "seen_version": seen}
    answer = browser.post(url, posted, headers=ENGLISH)
    page = answer.content.decode()
    assert "Meanwhile this was recorded: “Grow” and “Deliver”." in page and "Save costs" in page
    assert Decision.objects.get().expectations_internal == "Grow"
    posted["seen_version"] = answer.context["form"]["seen_version"].value()
    browser.post(url, posted)
    assert Decision.objects.get().expectations_internal == "Save costs"


# An approval before both sides have said what they expect

BOTH = "Write down first what we expect from this key account and what the customer expects from us."
CUSTOMER = "Write down what the customer expects from us first."


@pytest.mark.parametrize(("known", "text"), [({}, BOTH), ({"expectations_internal": "Grow"}, CUSTOMER)])
def test_an_approval_without_expectations_says_what_is_missing(
    sign_in: Any, api: Any, account: Any, dana: Any, alice: Any, known: dict[str, str], text: str
) -> None:
    decision, browser = make_decision(account, **known), sign_in(dana)
    url = f"/scoring/decisions/{decision.pk}/"
    assert text in browser.get(url, headers=ENGLISH).content.decode()
    posted = {"reason": "Potential", "kam": str(alice.pk)}
    assert browser.post(f"{url}approve/", posted, headers=ENGLISH).content.decode().count(text) == 2
    assert refusal(api(dana), f"/api/v1/decisions/{decision.pk}/approve/", posted) == text
    panel = {"action": "approve", "_selected_action": str(decision.pk), **posted}
    answer = browser.post("/admin/scoring/decision/", panel, headers=ENGLISH, follow=True)
    assert text in answer.content.decode()
    assert Decision.objects.get().state == "proposed"
    assert type(account).objects.get(pk=account.pk).key_since is None


def test_texts_that_no_database_takes_are_refused(sign_in: Any, dana: Any) -> None:
    run = ranked(dana, (3,), (7,))
    scenario, draft = make_scenario(run), make_model((make_criterion(), 1.0), state="draft")
    bad = "a\x00b"
    sent = {
        f"/scoring/runs/{run.pk}/keep/": {"name": bad},
        f"/scoring/runs/{run.pk}/scenarios/": {"name": bad},
        f"/scoring/scenarios/{scenario.pk}/save/": {"name": bad},
        f"/scoring/scenarios/{scenario.pk}/decline/": {"reason": bad},
        f"/scoring/models/{draft.pk}/": {"method": "rank_order", "participants": bad},
    }
    for url, form in sent.items():
        answer = sign_in(dana).post(url, form, headers=ENGLISH, follow=True)
        assert "A text has characters that cannot be stored." in answer.content.decode(), url
