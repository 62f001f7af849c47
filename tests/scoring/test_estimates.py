"""What people write down about an account: action, page, API, file."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Activity
from kam.lib.errors import InvalidInput
from scoring.actions.estimates import Statement, state_estimate, withdraw_estimate
from scoring.models import AccountEstimate
from scoring.standing import standings
from tests.factories import make_account, make_estimate, make_sales

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)


def said(**values: Any) -> Statement:
    return Statement(
        **{"kind": "potential", "value": Decimal(900), "source": "Talk", "confidence": "low", **values}
    )


def test_a_statement_keeps_who_when_and_whence(account: Any, alice: Any) -> None:
    made = state_estimate(account, said(), by=alice)
    assert (made.stated_by, made.stated_on, made.source) == (alice, timezone.localdate(), "Talk")
    assert Activity.objects.filter(account=account, verb="estimate.stated").count() == 1


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"source": " "}, "source_missing", "source"),
        ({"value": Decimal(-1)}, "off_the_scale", "value"),
        ({"value": Decimal("99999999999999.9999")}, "off_the_scale", "value"),
        ({"kind": "stage", "value": Decimal(6)}, "off_the_scale", "value"),
        ({"kind": "strength", "value": Decimal(7)}, "rival_missing", "rival_value"),
        (
            {"kind": "strength", "value": Decimal(7), "rival_value": Decimal(11)},
            "off_the_scale",
            "rival_value",
        ),
        ({"stated_on": date(2199, 1, 1)}, "stated_in_the_future", "stated_on"),
    ],
)
def test_what_cannot_be_is_refused(account: Any, alice: Any, values: Any, code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        state_estimate(account, said(**values), by=alice)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not AccountEstimate.objects.exists()


def test_the_newest_statement_of_a_day_and_before_counts(account: Any) -> None:
    make_sales(account, [(100, date(2026, 5, 1))])
    make_estimate(account, value=500, stated_on=date(2026, 1, 1))
    make_estimate(account, value=900, stated_on=date(2026, 6, 1))
    make_estimate(account, value=9000, stated_on=date(2026, 7, 1))
    room = standings([account.pk], DAY)[account.pk].room
    assert room is not None and room.amount == 800


def test_a_withdrawn_statement_lets_the_one_before_count_again(account: Any, alice: Any) -> None:
    make_estimate(account, value=500, stated_on=date(2026, 1, 1))
    withdraw_estimate(make_estimate(account, value=900), by=alice)
    room = standings([account.pk], DAY)[account.pk].room
    assert room is not None and room.amount == 500


def test_strength_is_ours_against_the_best_competitor(account: Any) -> None:
    make_estimate(account, "strength", Decimal("7.2"), rival_value=Decimal(6))
    assert standings([account.pk], DAY)[account.pk].strength == pytest.approx(1.2)


def test_queries_do_not_grow_with_the_accounts(django_assert_num_queries: Any) -> None:
    for count in (2, 20):
        accounts = [make_account() for _ in range(count)]
        for one in accounts:
            make_estimate(one)
        with django_assert_num_queries(3):
            standings([one.pk for one in accounts], DAY)


def test_a_statement_is_written_down_on_the_page(sign_in: Any, account: Any, alice: Any) -> None:
    address = f"/scoring/estimates/of/{account.pk}/"
    body = {"kind": "potential", "value": "90000", "source": "Talk", "confidence": "high"}
    body |= {"stated_on": (timezone.localdate() - timedelta(days=1)).isoformat()}
    assert sign_in(alice).post(address, body).status_code == 302
    page = sign_in(alice).get(address).content.decode()
    assert "Talk" in page and "Alice Amann" in page


def test_the_page_says_what_is_wrong(sign_in: Any, account: Any, alice: Any) -> None:
    body = {
        "kind": "strength",
        "value": "7",
        "source": "Talk",
        "confidence": "high",
        "stated_on": "2026-01-01",
    }
    answer = sign_in(alice).post(f"/scoring/estimates/of/{account.pk}/", body)
    assert answer.status_code == 200 and answer.context["form"].errors["rival_value"]


def test_many_come_in_over_the_api_all_or_nothing(api: Any, account: Any, alice: Any) -> None:
    row = {
        "account": str(account.pk),
        "kind": "wallet",
        "value": "1000",
        "source": "ERP",
        "confidence": "high",
    }
    client = api(alice)
    bad = client.post("/api/v1/account-estimates/bulk/", {"estimates": [row, row | {"value": "-1"}]}, "json")
    assert (bad.status_code, AccountEstimate.objects.count()) == (422, 0)
    good = client.post("/api/v1/account-estimates/bulk/", {"estimates": [row, row]}, "json")
    assert (good.status_code, AccountEstimate.objects.count()) == (201, 2)


def test_a_stranger_neither_reads_nor_writes(api: Any, account: Any, charlie: Any) -> None:
    estimate = make_estimate(account)
    assert api(charlie).get(f"/api/v1/account-estimates/{estimate.pk}/").status_code == 404
    row = {"account": str(account.pk), "kind": "wallet", "value": "1", "source": "x", "confidence": "low"}
    assert api(charlie).post("/api/v1/account-estimates/", row, "json").status_code == 422


def test_delete_withdraws(api: Any, account: Any, alice: Any) -> None:
    estimate = make_estimate(account)
    url = f"/api/v1/account-estimates/{estimate.pk}/"
    assert api(alice).delete(url, headers={"If-Match": '"9"'}).json()["code"] == "version_conflict"
    estimate.refresh_from_db()
    assert estimate.withdrawn_at is None
    assert api(alice).delete(url, headers={"If-Match": '"1"'}).status_code == 204
    estimate.refresh_from_db()
    assert estimate.withdrawn_at is not None


HEAD = "account;kind;value;source;confidence\n"


@pytest.mark.parametrize(
    ("text", "made", "words"),
    [
        (HEAD + "Müller Maschinenbau GmbH;potential;90000,50;Talk;high\n", 1, ""),
        (HEAD + "Nobody;potential;90000,50;Talk;high\n", 0, "Nobody"),
        (HEAD + "Müller Maschinenbau GmbH;dreams;90000,50;Talk;high\n", 0, "dreams"),
        (HEAD + "Müller Maschinenbau GmbH;potential;1.250;Talk;high\n", 0, "separators"),
        ("account;kind\nx;y\n", 0, "value"),
    ],
)
def test_a_file_is_taken_over_or_says_why_not(
    sign_in: Any, account: Any, alice: Any, text: str, made: int, words: str
) -> None:
    file = SimpleUploadedFile("potential.csv", text.encode())
    answer = sign_in(alice).post(
        "/scoring/estimates/import/", {"file": file}, headers={"accept-language": "en"}
    )
    assert AccountEstimate.objects.count() == made
    if words:
        assert words in str(answer.context["form"].errors["file"])
