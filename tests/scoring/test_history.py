"""Ranks over runs, and why a total is another one: sums that add up, inputs that are named."""

from datetime import date
from typing import Any

import pytest

from scoring.comparison import compare, with_new_ratings
from scoring.history import bump_chart, history, waterfall_chart
from scoring.models import Score, ScoreRun
from tests.factories import make_account, make_criterion, make_model, make_rating, make_run

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2026, 3, 31), date(2026, 6, 30)


@pytest.fixture
def runs(alice: Any) -> Any:
    """Return two runs between which the second account overtook the first, which lacks a rating."""
    fit, culture = make_criterion(), make_criterion()
    one, two = make_account("One", owner=alice), make_account("Two", owner=alice)
    make_rating(one, fit, alice, 8, rated_on=date(2026, 1, 1))
    make_rating(two, fit, alice, 4, rated_on=date(2026, 1, 1))
    make_rating(two, culture, alice, 6, rated_on=date(2026, 1, 1))
    model = make_model((fit, 0.6), (culture, 0.4))
    first = make_run(model, as_of=FIRST)
    two.ratings.filter(criterion=fit).update(value=9, rated_on=date(2026, 5, 1))
    return first, make_run(model, as_of=SECOND)


def score(run: ScoreRun, name: str) -> Score:
    found: Score = Score.objects.select_related("account", "run__model").get(run=run, account__name=name)
    return found


def test_steps_between_two_runs_add_up_and_name_the_input(runs: Any, dana: Any) -> None:
    found = with_new_ratings(compare(score(runs[0], "Two"), score(runs[1], "Two")), dana)
    assert sum(step.difference for step in found.steps) == pytest.approx(found.difference, abs=1e-12)
    (step,) = found.changed
    assert step.difference == pytest.approx(0.6 * 5)
    assert [rating.rated_on for rating in step.ratings] == [date(2026, 5, 1)]
    assert "4" in step.words[0] and "9" in step.words[0]


def test_steps_between_two_accounts_add_up_with_a_missing_rating(runs: Any) -> None:
    found = compare(score(runs[0], "One"), score(runs[0], "Two"))
    assert sum(step.difference for step in found.steps) == pytest.approx(found.difference, abs=1e-12)
    assert len(found.changed) == 2


def test_another_version_with_other_criteria_adds_up_as_well(runs: Any, alice: Any) -> None:
    new = make_criterion()
    make_rating(score(runs[1], "Two").account, new, alice, 10, rated_on=date(2026, 1, 1))
    old = [item.criterion for item in runs[1].model.items.all()]
    other = make_run(make_model((old[0], 0.3), (new, 0.7)), as_of=SECOND)
    found = compare(score(runs[1], "Two"), score(other, "Two"))
    assert sum(step.difference for step in found.steps) == pytest.approx(found.difference, abs=1e-12)
    assert len(found.steps) == 3


def test_equal_inputs_change_nothing(runs: Any) -> None:
    found = compare(score(runs[0], "One"), score(runs[1], "One"))
    assert (found.changed, found.difference) == ([], 0)
    assert waterfall_chart(found, ("a", "b")).title


def test_the_history_holds_ranks_of_both_runs(runs: Any, dana: Any) -> None:
    found = history(dana, runs[1])
    assert [(line.account.name, line.ranks) for line in found.lines] == [("Two", [2, 1]), ("One", [1, 2])]
    chart = bump_chart(found)
    assert chart is not None and len(chart.table.rows) == 2


def test_one_run_has_no_history(runs: Any, dana: Any) -> None:
    runs[0].delete()
    assert bump_chart(history(dana, runs[1])) is None


def test_running_again_gives_the_same_digits(runs: Any) -> None:
    ScoreRun.objects.update(inputs="")  # so that nothing is taken over from the earlier run
    again = make_run(runs[1].model, as_of=SECOND)
    assert again.same_as is None
    columns = ("account", "position", "rank", "total", "low", "high", "completeness", "facts", "ratings")
    then = list(Score.objects.filter(run=runs[1]).order_by("position").values_list(*columns))
    assert list(Score.objects.filter(run=again).order_by("position").values_list(*columns)) == then
    assert (again.certainty, again.weights, again.contexts) == (
        runs[1].certainty,
        runs[1].weights,
        runs[1].contexts,
    )


def test_a_run_that_repeats_an_earlier_one_has_its_ranks(runs: Any, dana: Any, sign_in: Any) -> None:
    again = make_run(runs[1].model, as_of=date(2026, 7, 1))
    assert again.same_as == runs[1]
    assert [line.ranks for line in history(dana, again).lines] == [[2, 1, 1], [1, 2, 2]]
    change = f"/scoring/runs/{again.pk}/change/{score(runs[1], 'Two').account_id}/"
    assert 'id="waterfall"' in sign_in(dana).get(change).content.decode()


def test_the_pages_stand(sign_in: Any, runs: Any, dana: Any) -> None:
    browser, account = sign_in(dana), score(runs[1], "Two").account
    assert 'id="ranks"' in browser.get(f"/scoring/history/?account={account.pk}").content.decode()
    change = f"/scoring/runs/{runs[1].pk}/change/{account.pk}/"
    assert 'id="waterfall"' in browser.get(change).content.decode()
    other = score(runs[1], "One").account_id
    assert 'id="waterfall"' in browser.get(f"{change}?with={other}").content.decode()
    assert browser.get(f"{change}?since=nonsense").status_code == 404
    assert browser.get(f"{change}?with=nonsense").status_code == 404


def test_the_history_costs_the_same_queries_for_few_and_many(
    sign_in: Any, dana: Any, alice: Any, django_assert_max_num_queries: Any
) -> None:
    browser, counts = sign_in(dana), []
    browser.get("/scoring/history/")
    for size in (3, 30):
        criterion = make_criterion()
        for number in range(size):
            make_rating(make_account(owner=alice), criterion, alice, 1 + number % 9, rated_on=FIRST)
        model = make_model((criterion, 1.0))
        make_run(model, as_of=FIRST)
        make_run(model, as_of=SECOND)
        with django_assert_max_num_queries(20) as queries:
            browser.get("/scoring/history/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_api_compares(api: Any, runs: Any, dana: Any, charlie: Any) -> None:
    account = score(runs[1], "Two").account_id
    url = f"/api/v1/score-runs/{runs[1].pk}/accounts/{account}/comparison/"
    answer = api(dana).get(url, {"since": str(runs[0].pk)}).json()
    assert answer["difference"] == pytest.approx(sum(step["difference"] for step in answer["steps"]))
    assert api(charlie).get(url).status_code == 404
    ranks = api(dana).get(f"/api/v1/score-runs/{runs[1].pk}/history/").json()
    first, second = (line["account"] for line in ranks["accounts"][:2])
    named = f"/api/v1/score-runs/{runs[1].pk}/history/?account={first}&account={second}"
    assert api(dana).get(named).json()["accounts"] == ranks["accounts"]
    assert [run["as_of"] for run in ranks["runs"]] == ["2026-03-31", "2026-06-30"]
