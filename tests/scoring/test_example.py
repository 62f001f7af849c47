"""The example of the issue: a posted model, a run and its ranking, through the API."""

from datetime import date
from typing import Any

import pytest

from kam.integrations import jobs
from kam.integrations.models import Job
from scoring.models import Score, ScoreRun, ScoringModel
from tests.factories import make_account, make_sales

pytestmark = pytest.mark.django_db
EXAMPLE = {
    "name": "Example",
    "criteria": [
        {"fact": fact, "basis": "gross", "weight": weight, "rule": {"type": "linear", "bounds": "portfolio"}}
        for fact, weight in (("revenue", 0.5), ("average_transaction_size", 0.3), ("tenure_days", 0.2))
    ],
}


@pytest.fixture
def customers() -> dict[str, Any]:
    """Return three customers; the third has been reversed completely but still ordered once."""
    made = {name: make_account(name, external_id=name) for name in ("A", "B", "C")}
    make_sales(made["A"], [(1000, date(2011, 1, 1)), (500, date(2011, 6, 1))])
    make_sales(made["B"], [(300, date(2011, 5, 1))])
    make_sales(made["C"], [(700, date(2011, 12, 9)), (-700, date(2011, 12, 9))])
    return made


def run_example(client: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    model = client.post("/api/v1/scoring-models/", EXAMPLE, format="json").json()
    answer = client.post("/api/v1/score-runs/", {"model": model["id"], "as_of": "2011-12-09"}, format="json")
    assert answer.status_code == 202
    jobs.run(answer.json()["job"])
    return model, answer.json()


def test_it_posts_a_model_as_the_issue_writes_it(api: Any, dana: Any) -> None:
    answer = api(dana).post("/api/v1/scoring-models/", EXAMPLE, format="json")
    assert answer.status_code == 201
    assert [row["weight"] for row in answer.json()["criteria"]] == [0.5, 0.3, 0.2]
    assert [row["criterion"] for row in answer.json()["criteria"]] == [
        "revenue",
        "average_transaction_size",
        "tenure_days",
    ]


def test_it_ranks_by_one_plus_nine_times_the_share_between_own_bounds(
    api: Any, dana: Any, customers: Any
) -> None:
    client = api(dana)
    _model, run = run_example(client)
    rows = client.get(f"/api/v1/score-runs/{run['id']}/scores/").json()["results"]
    assert [row["external_id"] for row in rows] == ["A", "C", "B"]
    revenue = {"A": 1500, "B": 300, "C": 700}
    size = {"A": 750, "B": 300, "C": 700}
    tenure = {"A": 342, "B": 222, "C": 0}
    for row in rows:
        expected = sum(
            weight * (1 + 9 * (v[row["external_id"]] - min(v.values())) / (max(v.values()) - min(v.values())))
            for weight, v in ((0.5, revenue), (0.3, size), (0.2, tenure))
        )
        assert row["total"] == pytest.approx(expected, abs=1e-12)
        assert row["completeness"] == 1.0
        assert row["low"] == row["high"] == row["total"]


def test_it_says_what_each_criterion_gives(api: Any, dana: Any, customers: Any) -> None:
    client = api(dana)
    _model, run = run_example(client)
    best = client.get(f"/api/v1/score-runs/{run['id']}/scores/").json()["results"][0]
    assert [part["criterion"] for part in best["components"]] == [
        "revenue",
        "average_transaction_size",
        "tenure_days",
    ]
    assert [part["rating"] for part in best["components"]] == [10, 10, 10]
    assert sum(part["contribution"] for part in best["components"]) == pytest.approx(best["total"])


def test_a_run_makes_its_version_immutable(api: Any, dana: Any, customers: Any) -> None:
    client = api(dana)
    model, _run = run_example(client)
    answer = client.put(f"/api/v1/scoring-models/{model['id']}/", EXAMPLE, format="json")
    assert answer.status_code == 409
    assert answer.json()["code"] == "model_in_use"


def test_a_second_try_replaces_what_the_first_had_written(api: Any, dana: Any, customers: Any) -> None:
    _model, run = run_example(api(dana))
    Job.objects.filter(pk=run["job"]).update(state="queued", attempts=0)
    jobs.run(run["job"])
    assert Score.objects.filter(run=run["id"]).count() == 3
    assert ScoreRun.objects.get(pk=run["id"]).accounts == 3


def test_the_scores_page_through_by_position(api: Any, dana: Any, customers: Any) -> None:
    client = api(dana)
    _model, run = run_example(client)
    page = client.get(f"/api/v1/score-runs/{run['id']}/scores/?limit=2").json()
    rest = client.get(page["next"]).json()
    assert [row["position"] for row in page["results"] + rest["results"]] == [1, 2, 3]


def test_people_see_the_scores_of_their_accounts_only(
    api: Any, dana: Any, alice: Any, customers: Any
) -> None:
    customers["B"].owner = alice
    customers["B"].save(update_fields=["owner"])
    _model, run = run_example(api(dana))
    rows = api(alice).get(f"/api/v1/score-runs/{run['id']}/scores/").json()["results"]
    assert [row["external_id"] for row in rows] == ["B"]


def test_a_name_that_exists_gets_its_next_version(api: Any, dana: Any) -> None:
    client = api(dana)
    first = client.post("/api/v1/scoring-models/", EXAMPLE, format="json").json()
    second = client.post("/api/v1/scoring-models/", EXAMPLE, format="json").json()
    assert second["number"] == first["number"] + 1
    assert ScoringModel.objects.get(pk=first["id"]).state == "retired"


def test_rankings_are_as_sure_as_their_inputs(api: Any, dana: Any, customers: Any) -> None:
    client = api(dana)
    _model, run = run_example(client)
    body = client.get(f"/api/v1/score-runs/{run['id']}/stability/?top=1").json()
    best = body["results"][0]
    assert best["external_id"] == "A"
    assert (best["rank_low"], best["rank_high"], best["p_top"]) == (1, 1, 1.0)
    assert best["margin"] > 0
