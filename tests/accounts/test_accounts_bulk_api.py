"""Many accounts in one request."""

from typing import Any

import pytest

from accounts.models import Account, Activity
from tests.factories import make_account

URL = "/api/v1/accounts/bulk/"


def row(number: int, **values: Any) -> dict[str, Any]:
    return {
        "name": f"Row {number}",
        "external_ids": [{"source": "erp", "external_id": f"C-{number}"}],
    } | values


def statuses(answer: Any) -> list[int]:
    return [result["status"] for result in answer.json()["results"]]


def test_it_creates_then_updates(api: Any, alice: Any) -> None:
    client = api(alice)
    first = client.post(URL, {"rows": [row(1), row(2)]})
    second = client.post(URL, {"rows": [row(1, city="Bonn"), row(3)]})
    assert (first.status_code, statuses(first), statuses(second)) == (200, [201, 201], [200, 201])
    assert Account.objects.get(name="Row 1").city == "Bonn"


def test_the_same_request_twice_changes_nothing_more(api: Any, alice: Any) -> None:
    client = api(alice)
    client.post(URL, {"rows": [row(1)]})
    client.post(URL, {"rows": [row(1)]})
    assert (Account.objects.count(), Activity.objects.count()) == (1, 1)


def test_the_same_id_twice_in_one_request_is_one_account(api: Any, alice: Any) -> None:
    answer = api(alice).post(URL, {"rows": [row(1), row(1, city="Bonn")]})
    assert statuses(answer) == [201, 200]
    assert Account.objects.get().city == "Bonn"


def test_a_bad_row_fails_alone(api: Any, alice: Any) -> None:
    answer = api(alice).post(URL, {"rows": [row(1), row(2, vat_id="DE1"), row(3, nmae="x")]})
    assert (answer.status_code, statuses(answer)) == (207, [201, 422, 422])
    assert answer.json()["results"][1]["errors"][0]["pointer"] == "/vat_id"
    assert Account.objects.count() == 1


def test_atomic_takes_everything_back(api: Any, alice: Any) -> None:
    answer = api(alice).post(URL, {"atomic": True, "rows": [row(1), row(2, vat_id="DE1")]})
    assert (answer.status_code, statuses(answer), answer.json()["committed"]) == (207, [424, 422], False)
    assert not Account.objects.exists()


def test_a_dry_run_writes_nothing(api: Any, alice: Any) -> None:
    answer = api(alice).post(URL, {"dry_run": True, "rows": [row(1)]})
    assert (statuses(answer), answer.json()["committed"]) == ([201], False)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("mode", "expected"), [("create", [409, 201]), ("update", [200, 409]), ("upsert", [200, 201])]
)
def test_the_mode_decides(api: Any, alice: Any, mode: str, expected: list[int]) -> None:
    make_account("Row 1", owner=alice, external_id="C-1", source="erp")
    assert statuses(api(alice).post(URL, {"mode": mode, "rows": [row(1), row(2)]})) == expected


def test_an_ambiguous_match_is_an_error_and_no_guess(api: Any, alice: Any) -> None:
    for _turn in range(2):
        make_account(owner=alice, domain="same.example")
    answer = api(alice).post(
        URL, {"match": "domain", "rows": [{"domain": "www.same.example", "city": "Bonn"}]}
    )
    assert answer.json()["results"][0]["errors"][0]["code"] == "ambiguous"


def test_a_foreign_account_is_not_matched(api: Any, alice: Any, charlie: Any) -> None:
    make_account("Foreign", owner=charlie, external_id="C-1", source="erp")
    answer = api(alice).post(URL, {"rows": [row(1)]})
    assert answer.json()["results"][0]["errors"][0]["code"] == "external_id_taken"
    assert Account.objects.get().name == "Foreign"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rows": []},
        {"rows": [1]},
        {"rows": [{}] * 501},
        {"rows": [row(1)], "mode": "delete"},
        {"rows": "x"},
    ],
)
def test_a_bad_request_is_refused(api: Any, alice: Any, body: Any) -> None:
    assert api(alice).post(URL, body).status_code == 422


def test_a_viewer_is_refused(api: Any, rita: Any) -> None:
    assert api(rita).post(URL, {"rows": [row(1)]}).status_code == 403
