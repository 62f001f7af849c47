"""Bodies that a careless or hostile program sends: a problem that names the field, and nothing half-written."""

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from rest_framework.serializers import Serializer

from accounts.models import Account, AccountReference
from goals.models import BetaParticipation, Goal, Metric
from kam.integrations.models import ImportBatch
from kam.lib.api.bodies import Body
from scoring.models import AccountEstimate, Scenario
from tests.factories import make_account, make_criterion, make_goal, make_model, make_report
from tests.matrix.objects import OBJECTS
from tests.security.test_far_days import FAR, refused

FACT = {"fact": "revenue", "basis": "net", "window": "12m"}


def test_a_refused_goal_leaves_no_metric_behind(api: Any, alice: Any, account: Any) -> None:
    body = {"account": str(account.pk), "title": "Grow", "start_value": "1", "due_on": "2199-01-01", **FACT}
    assert refused(api(alice).post("/api/v1/goals/", body, format="json")) == (422, "no_target")
    assert not Metric.objects.exists() and not Goal.objects.exists()


def test_a_refused_change_of_a_goal_leaves_no_metric_behind(api: Any, alice: Any, account: Any) -> None:
    goal = make_goal(account)
    answer = api(alice).patch(f"/api/v1/goals/{goal.pk}/", FACT, format="json", headers={"If-Match": "x"})
    assert refused(answer) == (400, "bad_if_match")
    assert not Metric.objects.exists()


def test_what_writes_is_asked_in_the_body_alone(api: Any, dana: Any) -> None:
    model = make_model((make_criterion("revenue"), 1))
    body = {"name": "Other", "model": str(model.pk), "weights": [1], "note": ""}
    for asked in ("expand=zz", "expand=model", "dry_run=true"):
        answer = api(dana).post(f"/api/v1/scenarios/?{asked}", body, format="json")
        assert refused(answer) == (400, "unknown_parameter")
    assert not Scenario.objects.exists()


def test_a_merge_that_is_only_to_be_tried_is_not_made(api: Any, dana: Any, account: Any) -> None:
    body = {"target": str(account.pk), "sources": [str(make_account("Twin").pk)]}
    answer = api(dana).post("/api/v1/merges/?dry_run=true", body, format="json")
    assert refused(answer) == (400, "unknown_parameter")
    assert Account.objects.count() == 2


@FAR
def test_a_rule_is_tried_on_a_day_of_the_calendar(api: Any, dana: Any, day: str) -> None:
    body = {
        "fact": "revenue",
        "rule": {"type": "linear", "bounds": "portfolio"},
        "window": "12m",
        "as_of": day,
    }
    answer = api(dana).post("/api/v1/criteria/rule-preview/", body, format="json")
    assert refused(answer) == (422, "bad_date")
    assert answer.json()["errors"][0]["pointer"] == "/as_of"


@pytest.mark.parametrize("missing", ["source", "external_id"])
def test_half_an_external_id_is_refused(api: Any, alice: Any, account: Account, missing: str) -> None:
    whole = {"source": "erp", "external_id": "4711"}
    half = {name: text for name, text in whole.items() if name != missing}
    answer = api(alice).patch(f"/api/v1/accounts/{account.pk}/", {"external_ids": [half]}, format="json")
    assert refused(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == f"/external_ids/0/{missing}"
    assert not AccountReference.objects.exists()


@pytest.mark.parametrize(
    ("address", "body", "pointer"),
    [
        ("goals/{goal}/close/", {"outcome": "achieved", "notes": "Done"}, "/notes"),
        ("playbooks/", {"name": "P", "steps": [{"title": "Call", "day": 3}]}, "/steps/0/day"),
        (
            "contacts/",
            {"account": "", "last_name": "B", "emails": [{"address": "b@example.com", "kind": "work"}]},
            "/emails/0/kind",
        ),
    ],
)
def test_a_name_that_is_no_field_is_refused_wherever_it_stands(
    api, alice, account, address: str, body: dict[str, Any], pointer: str
) -> None:
    ids = {"goal": make_goal(account).pk, "account": account.pk}
    body |= {"account": str(account.pk)} if "account" in body else {}
    answer = api(alice).post(f"/api/v1/{address.format(**ids)}", body, format="json")
    assert refused(answer) == (422, "invalid")
    problem = {"pointer": pointer, "code": "unknown_field", "detail": "Ein solches Feld gibt es nicht."}
    assert answer.json()["errors"] == [problem]


def test_whatever_reads_a_body_refuses_what_it_does_not_know() -> None:
    import kam.urls  # noqa: F401 - a serializer counts once its views are known

    ours = ("kam.", "accounts.", "scoring.", "goals.", "reports.")
    readers = [
        known
        for known in subclasses(Serializer)
        if known.__module__.startswith(ours) and known.__name__.endswith(("Input", "Change"))
    ]
    assert len(readers) > 50
    assert [reader.__name__ for reader in readers if not issubclass(reader, Body)] == []


def subclasses(base: type) -> set[type]:
    found = set(base.__subclasses__())
    return found.union(*(subclasses(each) for each in found))


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800"])
@pytest.mark.parametrize("part", ['{"reversal_prefix": "%s"}', '{"exclude_codes": ["%s"]}'])
def test_an_option_of_an_import_that_no_database_takes_is_refused(api, dana, text: str, part: str) -> None:
    parts = {"file": ContentFile(b"order,date\nA1,2026-03-01\n", name="s.csv"), "options": part % text}
    assert refused(api(dana).post("/api/v1/imports/", parts, format="multipart")) == (400, "bad_text")
    assert not ImportBatch.objects.exists()


def test_taking_part_does_not_end_without_its_consent(api, dana, account) -> None:
    consent = {"consent_on": date(2026, 1, 1), "consent_by": "Ms A", "consent_how": "mail"}
    programme = OBJECTS["beta_programme"](dana, account)
    row = BetaParticipation.objects.create(programme=programme, account=account, state="accepted", **consent)
    body = {"state": "finished", "consent_on": None}
    answer = api(dana).patch(f"/api/v1/beta-participations/{row.pk}/", body, format="json")
    assert refused(answer) == (422, "no_consent")
    assert answer.json()["errors"][0]["pointer"] == "/consent_on"


@pytest.mark.parametrize("text", ["a\x07b", "\uffff", "２"])
def test_a_message_that_no_font_has_is_refused_or_tidied(api, dana, account, text: str) -> None:
    report = make_report(account)
    section = report.snapshot["parts"][0]["code"]
    answer = api(dana).patch(
        f"/api/v1/reports/{report.pk}/messages/", {"messages": {section: text}}, format="json"
    )
    assert answer.status_code in (200, 422)
    assert answer.status_code == 200 or answer.json()["code"] == "unprintable"


def test_who_is_named_twice_is_invited_once(api: Any, dana: Any, account: Any) -> None:
    programme = OBJECTS["beta_programme"](dana, account)
    body = {"accounts": [str(account.pk)] * 2}
    answer = api(dana).post(f"/api/v1/beta-programmes/{programme.pk}/invitations/", body, format="json")
    assert (answer.status_code, len(answer.json()["participations"])) == (200, 1)
    assert BetaParticipation.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "name", "row"),
    [
        ("ratings/bulk/", "ratings", {"criterion": "none-such", "value": 7}),
        (
            "account-estimates/bulk/",
            "estimates",
            {"kind": "wallet", "value": "1", "source": "ERP", "confidence": "high"},
        ),
    ],
)
def test_what_is_wrong_with_an_entry_of_a_list_says_which_one_it_is(
    api, dana, account, address: str, name: str, row: dict[str, object]
) -> None:
    rows = [row | {"external_id": "nobody"}]
    answer = api(dana).post(f"/api/v1/{address}", {name: rows}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{name}/0/account")


def test_a_criterion_that_does_not_exist_says_where_it_stands(api, dana) -> None:
    criteria = [{"fact": "revenue"}, {"criterion": "none-such"}, {"fact": "orders"}]
    answer = api(dana).post("/api/v1/scoring-models/", {"name": "X", "criteria": criteria}, format="json")
    assert answer.json()["errors"][0]["pointer"] == "/criteria/1/criterion"


@pytest.mark.parametrize(
    ("parts", "status", "words"),
    [
        ({f"field{number}": "1" for number in range(10_001)}, 400, "Die Anfrage hat zu viele Felder."),
        ({"options": "x" * (2 * 1024**2 + 1)}, 413, "Die Anfrage ist zu groß."),
    ],
    ids=["many", "large"],
)
def test_a_form_beyond_all_measure_is_refused(
    api: Any, dana: Any, parts: Any, status: int, words: str
) -> None:
    answer = api(dana).post("/api/v1/imports/", parts, format="multipart")
    assert refused(answer)[0] == status
    assert answer.json()["detail"] == words


def test_an_account_is_not_named_by_the_external_id_of_another(api: Any, dana: Any, account: Any) -> None:
    make_account("Other", external_id="4711")
    body = {"kind": "potential", "value": "1", "source": "Talk", "confidence": "low", "external_id": "4711"}
    answer = api(dana).post("/api/v1/account-estimates/", body | {"account": str(account.pk)}, format="json")
    assert refused(answer) == (422, "two_accounts")
    assert not AccountEstimate.objects.exists()
    AccountReference.objects.filter(external_id="4711").update(account=account)
    answer = api(dana).post("/api/v1/account-estimates/", body | {"account": str(account.pk)}, format="json")
    assert answer.status_code == 201
