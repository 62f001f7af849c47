"""Weights over the API: published cases and every kind of bad input."""

from typing import Any

import pytest

from tests.reference_cases import matrix_of, reference_cases

pytestmark = pytest.mark.django_db
RANK_METHODS = {"rank-order-centroid": "roc", "rank-sum": "rank_sum", "rank-reciprocal": "reciprocal"}
LEADER = [[1, 4, 3, 7], ["1/4", 1, "1/3", 3], ["1/3", 3, 1, 5], ["1/7", "1/3", "1/5", 1]]


@pytest.mark.parametrize(
    ("method", "ranks", "weights"),
    [
        ("roc", [1, 2, 3], [0.6111, 0.2778, 0.1111]),
        ("roc", [1, 2, 3, 4, 5], [0.4567, 0.2567, 0.1567, 0.09, 0.04]),
        ("rank_sum", [1, 2, 3, 4], [0.4, 0.3, 0.2, 0.1]),
        ("reciprocal", [1, 2, 3, 4], [0.48, 0.24, 0.16, 0.12]),
        ("roc", [1, 2, 2], [0.6111, 0.1944, 0.1944]),
    ],
)
def test_it_weighs_by_rank(api: Any, rita: Any, method: str, ranks: list[int], weights: list[float]) -> None:
    answer = api(rita).post("/api/v1/weights/", {"method": method, "ranks": ranks}, format="json")
    assert answer.json()["weights"] == pytest.approx(weights, abs=6e-5)


def test_it_weighs_pairs_and_says_how_consistent_they_are(api: Any, rita: Any) -> None:
    answer = api(rita).post("/api/v1/weights/", {"method": "ahp", "matrix": LEADER}, format="json").json()
    assert answer["weights"] == pytest.approx([0.547, 0.127, 0.270, 0.056], abs=6e-4)
    assert answer["cr"] == pytest.approx(0.044, abs=6e-4)
    assert set(answer["worst"]) == {"row", "column"}
    assert {"lambda_max", "ci", "random_index_table"} <= answer.keys()


@pytest.mark.acceptance
def test_the_reference_rank_weights_come_out_over_the_api(api: Any, rita: Any) -> None:
    cases = [c for c in reference_cases("rank-weights", "rank_weights") if c["input"]["kind"] in RANK_METHODS]
    assert len(cases) >= 10
    for case in cases:
        given = case["input"]
        body = {"method": RANK_METHODS[given["kind"]], "ranks": list(range(1, given["n"] + 1))}
        answer = api(rita).post("/api/v1/weights/", body, format="json").json()
        expected = pytest.approx(case["expected"]["weights"], abs=case["tolerance"]["abs"])
        assert answer["weights"] == expected, case["id"]


@pytest.mark.acceptance
def test_the_reference_comparisons_come_out_over_the_api(api: Any, rita: Any) -> None:
    for case in reference_cases("ahp", "ahp_priorities"):
        given, expected, tolerance = case["input"], case["expected"], case["tolerance"]["abs"]
        if given.get("prioritisation", "eigenvector") != "eigenvector":
            continue
        body = {"method": "ahp", "matrix": matrix_of(given)}
        answer = api(rita).post("/api/v1/weights/", body, format="json").json()
        weights = expected.get("weights", answer["weights"])
        wanted = [weights[name] for name in given["labels"]] if isinstance(weights, dict) else weights
        assert answer["weights"] == pytest.approx(wanted, abs=tolerance), case["id"]
        ratio = answer["ci"] / given["random_index"]
        assert ratio == pytest.approx(expected["consistency_ratio"], abs=tolerance), case["id"]


def test_it_weighs_swings(api: Any, rita: Any) -> None:
    answer = api(rita).post("/api/v1/weights/", {"method": "swing", "swings": [100, 60, 40]}, format="json")
    assert answer.json()["weights"] == pytest.approx([0.5, 0.3, 0.2])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"method": "guess"},
        {"method": "roc"},
        {"method": "roc", "ranks": "123"},
        {"method": "roc", "ranks": [1, 3, 3, None]},
        {"method": "roc", "ranks": [{}]},
        {"method": "swing", "swings": []},
        {"method": "swing", "swings": [0, 0]},
        {"method": "ahp", "matrix": [[1, 2], [3, 1]]},
        {"method": "ahp", "matrix": [[1, None], [None, 1]]},
        {"method": "ahp", "matrix": [1, 2]},
        {"method": "typed", "weights": [0.5, 0.6]},
        {"method": "typed", "weights": [1e308, 1e308]},
    ],
)
def test_bad_input_is_refused_in_words(api: Any, rita: Any, body: dict[str, Any]) -> None:
    answer = api(rita).post("/api/v1/weights/", body, format="json")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"method": "swing", "swings": [100, -5]}, "/swings"),
        ({"method": "roc", "ranks": [1, None]}, "/ranks"),
        ({"method": "ahp", "matrix": [[1, None], [None, 1]]}, "/matrix"),
        ({"method": "typed", "weights": [0, 0]}, "/weights"),
    ],
)
def test_a_refusal_points_at_what_was_sent(api: Any, rita: Any, body: dict[str, Any], pointer: str) -> None:
    answer = api(rita).post("/api/v1/weights/", body, format="json").json()
    assert [error["pointer"] for error in answer["errors"]] == [pointer]


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 200},
        {"criteria": []},
        {"criteria": [{"fact": "charm", "weight": 1}]},
        {"criteria": [{"weight": 1}]},
        {"criteria": [{"fact": "revenue", "weight": "much"}]},
        {"criteria": [{"fact": "revenue", "weight": 1, "window": "1y"}] * 3},
        {"criteria": [{"fact": "revenue", "weight": 0.2, "rule": {"type": "linear", "bounds": [5, 1]}}]},
        {"override_reason": "", "criteria": [{"fact": "revenue", "weight": 1}]},
        {"cut": {"kind": "top_n", "value": 0}},
        {"method": "ahp"},
    ],
)
def test_a_model_that_cannot_be_computed_is_refused_and_leaves_nothing(
    api: Any, dana: Any, change: dict[str, Any]
) -> None:
    from scoring.models import ScoringModel
    from tests.scoring.test_example import EXAMPLE

    answer = api(dana).post("/api/v1/scoring-models/", EXAMPLE | change, format="json")
    assert answer.status_code == 422
    assert not ScoringModel.objects.exists()


@pytest.mark.parametrize(
    ("url", "body", "pointer"),
    [
        ("weights/", {"method": "roc", "ranks": [1, 2], "table": "saaty"}, "/table"),
        (
            "criteria/",
            {"code": "fit", "name_de": "Passung", "name_en": "Fit", "growth": "referrals"},
            "/growth",
        ),
        (
            "scoring-models/",
            {"name": "M", "criteria": [{"fact": "revenue", "wieght": 1}]},
            "/criteria/0/wieght",
        ),
        ("scoring-models/", {"name": "M", "criteria": [], "reason": "Six"}, "/reason"),
        ("ratings/bulk/", {"ratings": [{"criterion": "fit", "rating": 7}]}, "/ratings/0/rating"),
    ],
)
def test_a_name_that_is_no_field_is_refused_and_not_passed_over(
    api: Any, dana: Any, url: str, body: dict[str, Any], pointer: str
) -> None:
    answer = api(dana).post(f"/api/v1/{url}", body, format="json")
    assert answer.status_code == 422
    (problem,) = [each for each in answer.json()["errors"] if each["pointer"] == pointer]
    assert problem["code"] == "unknown_field"


@pytest.mark.parametrize(("language", "total"), [("de", "1,1"), ("en", "1.1")])
def test_the_sum_stands_as_the_reader_writes_it(api: Any, rita: Any, language: str, total: str) -> None:
    body = {"method": "typed", "weights": [0.5, 0.6]}
    answer = api(rita).post("/api/v1/weights/", body, format="json", headers={"accept-language": language})
    assert f" {total};" in answer.json()["errors"][0]["detail"]
