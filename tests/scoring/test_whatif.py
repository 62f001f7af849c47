"""The workbench without a browser: the same sum as a run, the line by rank or by total, and Node as a witness."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scoring.cut_line import Line
from scoring.models import Score, ScoringModel
from scoring.whatif import asked_line, asked_weights, browser_data, what_if
from tests.factories import make_account, make_criterion, make_model, make_rating, make_run

pytestmark = pytest.mark.django_db
MODULE = Path("static/js/scoring-whatif-sum.js").resolve()
SCRIPT = """
const { normalised, ranks, score, cutLine } = await import(process.argv[1]);
const { data, weights, cut } = JSON.parse(process.argv[2]);
const results = data.ratings.map((row) => score(row, normalised(weights)));
const totals = results.map((result) => result.total);
const { order, places } = ranks(totals);
const line = cutLine(data, cut, totals, order);
const say = (i) => [i, places[i], data.before[i], totals[i], results[i].high,
  line.isIn(places[i], totals[i]), line.isNear(places[i], totals[i])];
console.log(JSON.stringify(order.map(say)));
"""


def make_scores(alice: Any, size: int = 12, **values: Any) -> Any:
    """Return the scores of a run over three criteria with gaps, ties and what does not apply."""
    criteria = [make_criterion() for _ in range(3)]
    for number in range(size):
        account = make_account(owner=alice)
        make_rating(account, criteria[0], alice, 1 + number % 9)
        if number % 3:
            make_rating(account, criteria[1], alice, 9 - number % 7)
        if number % 4 == 0:
            make_rating(account, criteria[2], alice, None, not_applicable=True)
        elif number % 5:
            make_rating(account, criteria[2], alice, (10 + 7 * number % 80) / 10)
    weights = (0.5, 0.3, 0.2)
    run = make_run(make_model(*zip(criteria, weights, strict=True), **({"cut_value": 4} | values)))
    return run, list(run.scores.ranked().for_ranking())


# Node is no part of the installation: the README promises a suite that passes without it.
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")


def in_node(data: Any, weights: list[float], cut: float) -> list[list[Any]]:
    given = json.dumps({"data": data, "weights": weights, "cut": cut})
    command = ["node", "--input-type=module", "-e", SCRIPT, str(MODULE), given]
    found = subprocess.run(command, capture_output=True, check=True, text=True)
    return json.loads(found.stdout)


@needs_node
@pytest.mark.parametrize("weights", [[61.37, 25.13, 13.5], [50.0, 30.0, 20.0], [0.0, 0.0, 100.0]])
@pytest.mark.parametrize(("line", "cut"), [(Line(top=4), 4), (Line(top=90), 90), (Line(threshold=4.3), 4.3)])
def test_browser_and_server_agree_to_the_last_digit(
    alice: Any, weights: list[float], line: Line, cut: float
) -> None:
    _run, scores = make_scores(alice)
    expected = [
        [row.index, row.rank, row.before, row.total, row.high, row.is_in, row.is_near]
        for row in what_if(scores, weights, line)
    ]
    assert in_node(browser_data(scores, line), weights, cut) == expected


@needs_node
def test_the_browser_too_lets_a_total_reach_the_line_that_only_rounding_misses() -> None:
    data = {"ratings": [[7, 7, 7]], "before": [1], "by_total": True, "near_ranks": 2, "near_total": 0.25}
    [[_index, _rank, _before, total, _high, is_in, _near]] = in_node(data, [1, 1, 1], 7)
    assert total < 7
    assert is_in


def test_the_models_own_weights_change_nothing(alice: Any) -> None:
    run, scores = make_scores(alice)
    rows = what_if(scores, run.weights, Line(top=4))
    assert [(row.rank, row.total, row.change) for row in rows] == [(s.rank, s.total, 0) for s in scores]


def test_one_account_stands_first_whatever_the_weights(alice: Any) -> None:
    _run, scores = make_scores(alice, size=1)
    assert [(row.rank, row.is_in) for row in what_if(scores, [1, 2, 3], Line(top=4))] == [(1, True)]


def test_a_line_by_total_moves_by_total() -> None:
    model = ScoringModel(cut_kind="threshold", cut_value=7.5)
    assert asked_line({}, model) == Line(threshold=7.5)
    assert asked_line({"cut": "6,8"}, model) == Line(threshold=6.8)
    assert asked_line({"cut": "80"}, model) == Line(threshold=7.5)


@pytest.mark.parametrize("cut", ["nonsense", "nan", "-1", "1e99", ""])
def test_a_line_that_is_none_is_the_models(cut: str) -> None:
    assert asked_line({"cut": cut}, ScoringModel(cut_kind="top_n", cut_value=12)) == Line(top=12)


@pytest.mark.parametrize("weight", ["nan", "-5", "101", "many"])
def test_a_weight_that_is_none_is_the_models(alice: Any, weight: str) -> None:
    run, _scores = make_scores(alice, size=2)
    items = list(run.model.items.all())
    assert asked_weights({"w0": weight, "w1": "12,5"}, items) == [50.0, 12.5, 20.0]


def test_weights_of_nothing_are_refused_and_the_page_stands(sign_in: Any, dana: Any, alice: Any) -> None:
    make_scores(alice)
    page = sign_in(dana).get("/scoring/whatif/", {"w0": "0", "w1": "0", "w2": "0"})
    assert page.status_code == 200
    assert [item["value"] for item in page.context["weights"]] == ["50", "30", "20"]
    score = Score.objects.first()
    why = sign_in(dana).get(
        f"/scoring/runs/{score.run_id}/whatif/{score.account_id}/", {"w0": "0", "w1": "0", "w2": "0"}
    )
    assert max(part.weight for part in why.context["explanation"].parts) >= 0.5
    assert len(why.context["messages"]) == 1


def test_why_under_other_weights_shows_them(sign_in: Any, dana: Any, alice: Any) -> None:
    run, scores = make_scores(alice)
    last = [score for score in scores if score.ratings[2] != "na"][-1]
    url = f"/scoring/runs/{run.pk}/whatif/{last.account_id}/"
    explanation = sign_in(dana).get(url, {"w0": "0", "w1": "0", "w2": "100"}).context["explanation"]
    assert [part.weight for part in explanation.parts if part.applies] == [0.0, 0.0, 1.0]
    assert explanation.score.previous_rank == last.rank


def test_a_stranger_is_told_nothing_about_an_account(sign_in: Any, charlie: Any, alice: Any) -> None:
    run, scores = make_scores(alice)
    assert sign_in(charlie).get(f"/scoring/runs/{run.pk}/whatif/{scores[0].account_id}/").status_code == 404
