"""A refusal names the field as the caller wrote it, and speaks her language."""

from typing import Any

import pytest

from accounts.actions.imports import choose_columns
from goals.models import Metric
from kam.integrations.models import ImportBatch
from tests.factories import make_account, make_goal, make_import, make_scenario
from tests.security.test_far_days import refused

DU = ("Nutze", "Benutze", "Gib ", "Stelle", "Prüfe", "Lade ", "Object", "Dictionary", "String", "pk")


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("kind", "code"), [("renewal", "no_contract"), ("beta", "no_programme"), ("cross-sell", "no_offering")]
)
def test_what_an_anticipation_is_about_is_called_about(api, alice, account, kind: str, code: str) -> None:
    body = {"kind": kind, "about": str(account.pk)}
    answer = api(alice).post(f"/api/v1/accounts/{account.pk}/anticipations/", body, format="json")
    assert (refused(answer), pointers(answer)) == ((422, code), ["/about"])


def test_the_line_of_a_scenario_is_called_cut(api, dana) -> None:
    answer = api(dana).patch(f"/api/v1/scenarios/{make_scenario().pk}/", {"cut": -1}, format="json")
    assert (refused(answer), pointers(answer)) == ((422, "cut_invalid"), ["/cut"])


def test_the_choice_for_a_row_of_an_import_is_called_choices(api, dana) -> None:
    batch = make_import(created_by=dana)
    choose_columns(batch, mapping=batch.mapping, options=batch.options, by=dana)
    ImportBatch.objects.update(state="checked")
    body = {"choices": {"2": "zz"}}
    answer = api(dana).post(f"/api/v1/imports/{batch.pk}/matches/", body, format="json")
    assert (refused(answer), pointers(answer)) == ((422, "bad_option"), ["/choices"])


def test_a_column_that_does_not_exist_is_pointed_at_within_the_mapping(api, dana) -> None:
    from django.core.files.base import ContentFile

    parts = {"file": ContentFile(b"order,date\nA1,2026-03-01\n", name="s.csv"), "map.order": "Invoice"}
    answer = api(dana).post("/api/v1/imports/", parts, format="multipart")
    assert (refused(answer), pointers(answer)) == ((422, "unknown_column"), ["/mapping/order"])


MODEL = {"name": "M", "criteria": [{"fact": "revenue", "weight": 0.5}, {"fact": "orders", "weight": 0.3}]}
THIRD = {"fact": "lines", "weight": 0.2}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"criteria": [*MODEL["criteria"], THIRD | {"window": "zz"}]}, "/criteria/2/window"),
        ({"criteria": [*MODEL["criteria"], THIRD | {"rule": {"type": "zz"}}]}, "/criteria/2/rule"),
        ({"criteria": [*MODEL["criteria"], {"fact": "lines"}]}, "/criteria"),
        ({"criteria": [*MODEL["criteria"], THIRD], "cut": {"kind": "top_n", "value": 0}}, "/cut/value"),
        (
            {"criteria": [*MODEL["criteria"], THIRD], "cut": {"kind": "top_n", "value": 9, "exit": 1}},
            "/cut/exit",
        ),
    ],
)
def test_what_is_wrong_with_a_model_is_pointed_at_as_it_was_sent(api, dana, change, pointer: str) -> None:
    answer = api(dana).post("/api/v1/scoring-models/", MODEL | change, format="json")
    assert (answer.status_code, pointers(answer)) == (422, [pointer])


def test_a_criterion_of_a_round_says_which_one_it_is(api, dana) -> None:
    body = {"name": "R", "criteria": ["none-such"], "raters": [str(dana.pk)]}
    answer = api(dana).post("/api/v1/rating-rounds/", body, format="json")
    assert (refused(answer), pointers(answer)) == ((422, "unknown_criterion"), ["/criteria/0"])


def test_the_day_of_a_check_in_is_called_on(api, alice, account) -> None:
    metric = Metric.objects.create(account=account, name="Adoption")
    goal = make_goal(account, metric=metric, start_value=1, target_value=5)
    body = {"value": "2", "on": "9999-12-31"}
    answer = api(alice).post(f"/api/v1/goals/{goal.pk}/check-in/", body, format="json")
    assert (answer.status_code, pointers(answer)) == (422, ["/on"])


def test_an_account_that_is_itself_is_named(api, alice, account) -> None:
    body = {"account": str(account.pk), "same_company": "no"}
    answer = api(alice).post(f"/api/v1/accounts/{account.pk}/twins/", body, format="json")
    assert (refused(answer), pointers(answer)) == ((409, "same_account"), ["/account"])


def test_too_many_merges_at_a_time_are_refused_in_german(api, dana) -> None:
    target, *sources = [str(make_account().pk) for _ in range(12)]
    answer = api(dana).post("/api/v1/merges/", {"target": target, "sources": sources}, format="json")
    words = "Es lassen sich höchstens 10 Accounts auf einmal zusammenführen."
    assert answer.json()["errors"] == [{"pointer": "/sources", "code": "max_length", "detail": words}]


def test_a_form_without_boundary_is_refused_in_german(api, dana) -> None:
    answer = api(dana).generic("POST", "/api/v1/imports/", b"x", content_type="multipart/form-data")
    assert refused(answer) == (400, "bad_form")
    assert answer.json()["detail"].startswith("Das Formular lässt sich nicht in seine Felder zerlegen")


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("goals/", {"account": "x", "title": ["x"], "due_on": "soon", "owner": 7}),
        ("contacts/", {"account": 7, "last_name": "B", "emails": [{"address": "b"}, 7], "phones": 7}),
        ("activities/", {"account": "", "body": "B", "occurred_at": "soon"}),
        ("ratings/", {"criterion": "ä b", "evidence_url": "here"}),
        ("score-runs/", []),
        ("imports/", {"mapping": []}),
    ],
)
def test_german_refusals_are_polite_and_say_nothing_of_the_machine(
    api, dana, address: str, body: Any
) -> None:
    answer = api(dana).post(f"/api/v1/{address}", body, format="json", headers={"Accept-Language": "de"})
    assert answer.status_code in (415, 422)
    said = [error["detail"] for error in answer.json().get("errors", [])]
    assert [text for text in said if any(word in text for word in DU)] == []
