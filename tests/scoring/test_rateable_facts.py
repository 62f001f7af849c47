"""Distance and days beyond terms as facts that rules rate, in runs, previews and models."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from scoring.facts import rateable_table
from scoring.models import AccountEstimate, Score
from scoring.rule_preview import preview
from tests.factories import (
    make_account,
    make_criterion,
    make_estimate,
    make_model,
    make_rating,
    make_run,
    make_sales,
    make_site,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 30)
NEAR = {"type": "distance", "bounds": [0, 900], "direction": "lower"}
LATE = {"type": "days_beyond_terms", "bounds": [0, 45], "direction": "lower"}


def sold(latitude: Any = None, longitude: Any = None, **values: Any) -> Any:
    place = {"latitude": latitude and Decimal(latitude), "longitude": longitude and Decimal(longitude)}
    account = make_account(**place, **values)
    make_sales(account, [(100, date(2026, 3, 1))])
    return account


def pays(account: Any, days: Any, on: date = date(2026, 6, 1), **values: Any) -> AccountEstimate:
    return make_estimate(account, "days_beyond_terms", days, stated_on=on, **values)


def test_the_newest_statement_up_to_the_day_counts_and_a_withdrawn_one_does_not(dana: Any) -> None:
    from django.utils import timezone

    account, silent = sold(), sold()
    pays(account, 30, date(2025, 6, 1))
    pays(account, "-2.5")
    pays(account, 60, date(2026, 6, 2), withdrawn_at=timezone.now())
    for day, expected in ((TODAY, -2.5), (date(2026, 5, 31), 30.0)):
        table = rateable_table(["days_beyond_terms"], as_of=day)
        found = dict(zip(table.account_ids, table.values["days_beyond_terms"], strict=True))
        assert found[account.pk] == expected
        assert np.isnan(found[silent.pk])


def test_a_run_rates_both_and_what_is_missing_stays_missing() -> None:
    make_site("Berlin")
    here, nowhere = sold("52.52", "13.405"), sold()
    pays(here, 9)
    model = make_model(
        (make_criterion(source="computed", fact="service_distance", rule=NEAR), 0.5),
        (make_criterion(source="computed", fact="days_beyond_terms", rule=LATE), 0.5),
    )
    scores = {score.account_id: score for score in Score.objects.of_run(make_run(model))}
    assert scores[here.pk].ratings == [10.0, pytest.approx(1 + 9 * 36 / 45)]
    assert scores[here.pk].facts == [0.0, 9.0]
    assert scores[nowhere.pk].ratings == [None, None]
    assert (scores[nowhere.pk].low, scores[nowhere.pk].high) == (1.0, 10.0)


def test_who_was_rated_and_never_ordered_has_a_distance_as_well(alice: Any) -> None:
    make_site("Berlin")
    prospect = make_account(latitude=Decimal("52.52"), longitude=Decimal("13.405"))
    rated = make_criterion()
    make_rating(prospect, rated, alice, 6)
    near = make_criterion(source="computed", fact="service_distance", rule=NEAR)
    score = Score.objects.of_run(make_run(make_model((rated, 0.5), (near, 0.5)))).get()
    assert score.ratings == [6.0, 10.0]


def test_a_preview_shows_histogram_outliers_and_missing_values_of_both() -> None:
    make_site("Berlin")
    for step in range(8):
        pays(sold(f"52.{50 + step}", "13.4"), step)
    pays(sold("-33.87", "151.2"), 400)
    sold()
    for fact, rule in (("service_distance", NEAR), ("days_beyond_terms", LATE)):
        shown = preview(fact, rule, as_of=TODAY)
        assert (shown.accounts, shown.rated, shown.facts.missing, shown.facts.outliers_high) == (10, 9, 1, 1)
        assert sum(shown.facts.counts) == 9


def test_a_model_over_the_api_names_either_fact(api: Any, dana: Any) -> None:
    rows = [
        {"fact": "service_distance", "rule": NEAR, "weight": 40},
        {"fact": "days_beyond_terms", "rule": LATE, "weight": 30},
        {"fact": "revenue", "weight": 30},
    ]
    made = api(dana).post("/api/v1/scoring-models/", {"name": "Service", "criteria": rows}, format="json")
    assert made.status_code == 201
    assert [row["rule"] for row in made.json()["criteria"][:2]] == [NEAR, LATE]


@pytest.mark.parametrize("days", [4000, "-4000"])
def test_days_beyond_belief_are_refused(api: Any, account: Any, alice: Any, days: Any) -> None:
    said = {"account": str(account.pk), "kind": "days_beyond_terms", "value": days, "source": "ERP"}
    answer = api(alice).post("/api/v1/account-estimates/", said | {"confidence": "high"}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/value")


def test_early_payment_is_below_zero_typed_by_file_and_over_the_api(
    api: Any, sign_in: Any, account: Any, alice: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    said = {"kind": "days_beyond_terms", "value": "-3", "source": "ERP", "confidence": "high"}
    answer = api(alice).post("/api/v1/account-estimates/", said | {"account": str(account.pk)}, format="json")
    assert answer.status_code == 201
    browser = sign_in(alice)
    browser.post(f"/scoring/estimates/of/{account.pk}/", said | {"stated_on": "2026-01-01"})
    text = f"account,kind,value,source,confidence\n{account.name},days_beyond_terms,-3,ERP,high\n"
    file = SimpleUploadedFile("pay.csv", text.encode())
    browser.post("/scoring/estimates/import/", {"file": file})
    values = AccountEstimate.objects.filter(account=account).values_list("value", flat=True)
    assert list(values) == [Decimal(-3)] * 3


URL = "/api/v1/criteria/rule-preview/"


def test_the_api_tries_a_rule_and_stores_nothing(api: Any, dana: Any) -> None:
    for amount in (100, 200, 300, 400, 10_000):
        make_sales(make_account(), [(amount, date(2026, 3, 1))])
    body = {"fact": "revenue", "rule": {"type": "linear", "bounds": [0, 1000]}, "as_of": "2026-06-30"}
    answer = api(dana).post(URL, body, format="json")
    found = answer.json()
    assert answer.status_code == 200
    assert (found["accounts"], found["rated"], found["missing"], found["unit"]) == (5, 5, 0, "money")
    assert found["rule"] == {"type": "linear", "direction": "higher", "bounds": [0, 1000]}
    assert (found["outliers"]["low"], found["outliers"]["high"]) == (0, 1)
    assert sum(found["histogram"]["counts"]) == 5
    assert len(found["histogram"]["edges"]) == len(found["histogram"]["counts"]) + 1
    rated = {row["rating"]: row["accounts"] for row in found["ratings"]}
    assert rated == {**dict.fromkeys(range(1, 11), 0), 2: 1, 3: 1, 4: 1, 5: 1, 10: 1}


@pytest.mark.parametrize(
    ("rule", "code", "pointer"),
    [
        ({"type": "linear", "bounds": [5, 5]}, "bounds_empty", "/rule/bounds"),
        ({"type": "distance", "bounds": [9, 5]}, "bounds_reversed", "/rule/bounds"),
        ({"type": "linear"}, "bounds_missing", "/rule/bounds"),
        ({"type": "linear", "bounds": [None, 5]}, "bounds_invalid", "/rule/bounds"),
        ({"type": "log", "bounds": [0, 5]}, "bounds_not_positive", "/rule/bounds"),
        ({"type": "steps", "steps": [[5, 4], [5, 7]]}, "steps_out_of_order", "/rule/steps"),
        ({"type": "charm"}, "type_unknown", "/rule/type"),
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_rule_that_is_none_is_a_problem_with_its_place_in_both_languages(
    api: Any, dana: Any, rule: Any, code: str, pointer: str, language: str
) -> None:
    answer = api(dana).post(
        URL, {"fact": "revenue", "rule": rule}, format="json", headers={"Accept-Language": language}
    )
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert (problem["code"], problem["errors"][0]["pointer"]) == (code, pointer)
    english = api(dana).post(
        URL, {"fact": "revenue", "rule": rule}, format="json", headers={"Accept-Language": "en"}
    )
    assert (problem["detail"] == english.json()["detail"]) == (language == "en")


@pytest.mark.parametrize(
    ("change", "code"), [({"fact": "charm"}, "unknown_fact"), ({"window": "12"}, "bad_window")]
)
def test_an_unknown_fact_or_window_is_a_problem(api: Any, dana: Any, change: Any, code: str) -> None:
    body = {"fact": "revenue", "rule": {"type": "percentile"}} | change
    answer = api(dana).post(URL, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_criterion_without_any_value_says_so_before_it_is_saved(api: Any, dana: Any) -> None:
    sold()
    found = api(dana).post(URL, {"fact": "service_distance", "rule": NEAR}, format="json").json()
    assert (found["rated"], found["missing"], len(found["warnings"])) == (0, 1, 1)
    assert found["histogram"] == {"edges": [], "counts": []}


def test_only_leaders_look_at_the_portfolio_behind_a_rule(api: Any, alice: Any) -> None:
    assert api(alice).post(URL, {"fact": "revenue", "rule": {}}, format="json").status_code == 403
