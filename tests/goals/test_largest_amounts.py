"""An amount larger than every database keeps exactly is refused wherever amounts are stated."""

from decimal import Decimal
from typing import Any

import pytest

from goals.actions.row_tables import import_table
from goals.models import BetaProgramme, Contract, Opportunity
from goals.row_tables import KINDS
from kam.lib.models import LARGEST_AMOUNT
from tests.factories import make_account, make_goal

# The largest that the column takes: SQLite rounds it to one digit more.
TOO_LARGE = "99999999999999.9999"
SPAN = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
STATED = [
    ("metrics/", {"name": "M", "unit": "x", "band_low": "0"}, "band_high"),
    ("opportunities/", {"title": "O", "expected_on": "2026-12-01"}, "value"),
    ("contracts/", {"title": "C", "start_on": "2026-01-01", "end_on": "2026-12-31"}, "value"),
    ("goals/", {"title": "G", "fact": "revenue", "start_value": "0", "due_on": "2099-01-01"}, "target_value"),
    ("beta-programmes/", {"name": "B"} | SPAN, "revenue_to"),
]


@pytest.mark.parametrize(("address", "body", "field"), STATED)
def test_it_is_refused_and_the_largest_is_kept_and_read(
    api, dana, address: str, body: dict, field: str
) -> None:
    if address != "beta-programmes/":
        body |= {"account": str(make_account(owner=dana).pk)}
    client = api(dana)
    before = len(client.get(f"/api/v1/{address}").json()["results"])
    refused = client.post(f"/api/v1/{address}", body | {field: TOO_LARGE})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/{field}"]
    made = client.post(f"/api/v1/{address}", body | {field: str(LARGEST_AMOUNT)})
    assert made.status_code == 201
    rows = client.get(f"/api/v1/{address}").json()["results"]
    assert len(rows) == before + 1
    assert f"{LARGEST_AMOUNT}.0000" in [row[field] for row in rows]


def test_the_largest_of_everything_still_adds_up_on_every_page(
    sign_in: Any, account: Any, alice: Any
) -> None:
    for number in range(20):
        Opportunity.objects.create(
            account=account, title=f"O{number}", value=LARGEST_AMOUNT, expected_on="2026-12-01"
        )
        Contract.objects.create(
            account=account,
            title=f"C{number}",
            value=LARGEST_AMOUNT,
            start_on="2026-01-01",
            end_on="2027-01-01",
        )
    make_goal(account, start_value=-LARGEST_AMOUNT, target_value=LARGEST_AMOUNT)
    client = sign_in(alice)
    for page in (
        f"/accounts/{account.pk}/",
        f"/accounts/{account.pk}/plan/",
        "/goals/opportunities/",
        "/goals/contracts/",
        "/goals/",
    ):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "less than or equal to"), ("de", "kleiner oder gleich")]
)
def test_the_form_says_so_beside_its_field(sign_in, dana, language: str, sentence: str) -> None:
    dana.language = language
    dana.save()
    sent = {"name": "B", "purpose": "", "revenue_from": "1", "revenue_to": "9" * 14} | SPAN
    answer = sign_in(dana).post("/goals/beta/new/", sent)
    assert answer.status_code == 200
    assert sentence in answer.context["form"].errors["revenue_to"][0]
    assert not BetaProgramme.objects.exists()


def test_a_pasted_table_names_its_row(account: Any, alice: Any) -> None:
    name = account.display_name
    text = f"account,year,other_cost\n{name},2026,100\n{name},2025,{TOO_LARGE.split('.')[0]}\n"
    result = import_table(KINDS["years"], text, by=alice)
    assert (result.written, [row.number for row in result.problems]) == (1, [3])


def test_what_is_just_too_large_is_too(api: Any, account: Any, alice: Any) -> None:
    body = {"account": str(account.pk), "title": "O", "expected_on": "2026-12-01"}
    sent = body | {"value": str(LARGEST_AMOUNT + Decimal("0.0001"))}
    assert api(alice).post("/api/v1/opportunities/", sent).status_code == 422
