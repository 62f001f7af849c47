"""Exchange rates: given once, used on import, and never changed under what was converted."""

import gzip
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.actions.imports import start_check, start_commit
from accounts.actions.rates import add_rates, remove_rate
from accounts.imports.problems import reason_text
from accounts.models import CurrencyRate, SalesLine
from accounts.rate_tables import read_rates
from accounts.rates import RateBook, converted
from accounts.rollup import verify_rollups
from kam.integrations import jobs
from kam.lib.errors import InvalidInput
from tests.factories import make_account, make_import, make_sales
from tests.shared_data import shared_data

JAN, MAR = date(2026, 1, 1), date(2026, 3, 1)
USD = [("USD", JAN, Decimal("0.9")), ("USD", MAR, Decimal("0.8"))]


def test_a_rate_serves_until_the_next_and_thirteen_months_at_most() -> None:
    book = RateBook({"USD": [(JAN, Decimal("0.9")), (MAR, Decimal("0.8"))]})
    assert book.on("USD", date(2025, 12, 31)) is None
    assert (book.on("USD", JAN), book.on("USD", date(2026, 2, 28))) == (Decimal("0.9"), Decimal("0.9"))
    assert (book.on("USD", MAR), book.on("USD", date(2027, 4, 5))) == (Decimal("0.8"), Decimal("0.8"))
    assert (book.on("USD", date(2027, 4, 6)), book.on("CHF", MAR)) == (None, None)


def test_halves_go_to_the_even_unit() -> None:
    assert [converted(units, Decimal("0.5")) for units in (1, 3, -1, -3)] == [0, 2, 0, -2]


# -- giving rates ----------------------------------------------------------------------------------------


def test_the_same_rates_again_change_nothing(db: None) -> None:
    assert add_rates(USD, by=None) == 2
    assert add_rates(USD, by=None) == 0
    assert add_rates([("usd", MAR, Decimal("0.81"))], by=None) == 1
    assert CurrencyRate.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("EUR", JAN, Decimal(1)), "own_currency"),
        (("US", JAN, Decimal(1)), "bad_currency"),
        (("USD", JAN, Decimal(0)), "bad_rate"),
        (("USD", JAN, Decimal(-1)), "bad_rate"),
        (("USD", JAN, Decimal("NaN")), "bad_rate"),
        (("USD", JAN, Decimal("1e12")), "bad_rate"),
    ],
)
def test_what_is_no_rate_is_refused(db: None, row: Any, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_rates([("CHF", JAN, Decimal(1)), row], by=None)
    assert refused.value.code == code
    assert not CurrencyRate.objects.exists()


def test_a_rate_under_converted_lines_stays(account: Any, dana: Any) -> None:
    add_rates(USD, by=None)
    make_sales(account, [(90, date(2026, 2, 1))], currency="USD")
    for row in (("USD", JAN, Decimal("0.95")), ("USD", date(2026, 1, 15), Decimal("0.95"))):
        with pytest.raises(InvalidInput) as refused:
            add_rates([row], by=None)
        assert refused.value.code == "rate_in_use"
    with pytest.raises(InvalidInput):
        remove_rate(CurrencyRate.objects.get(valid_from=JAN), by=dana)
    assert add_rates([("USD", date(2026, 4, 1), Decimal("0.7")), *USD], by=None) == 1
    remove_rate(CurrencyRate.objects.get(valid_from=date(2026, 4, 1)), by=dana)


# -- tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "USD;2026-01-01;0,9\nUSD;01.03.2026;0,8",
        "currency,day,rate\nUSD,2026-01-01,0.9\nUSD,2026-03-01,0.8\n\n",
        "USD\t2026-01-01\t0.9\nUSD\t2026-03-01\t0.8",
    ],
)
def test_rows_are_read_as_people_write_them(text: str) -> None:
    assert read_rates(text) == USD


def test_the_central_banks_table_is_turned_round() -> None:
    found = read_rates("Date,USD,CYP,JPY,\n2026-03-01,1.25,N/A,160,\n2026-01-01,1.6,,,\n")
    assert found == [
        ("USD", MAR, Decimal("0.8")),
        ("JPY", MAR, Decimal("0.00625")),
        ("USD", JAN, Decimal("0.625")),
    ]


def test_the_real_table_gives_its_rates_and_fridays_serve_the_weekend() -> None:
    folder = shared_data("ecb-fx")
    facts = json.loads((folder / "facts.json").read_text())["examples"]
    with gzip.open(folder / "eurofxref-hist.csv.gz", "rt") as file:
        head, *rows = file.read().splitlines()
    wanted = [row for row in rows if "2010-11-30" <= row[:10] <= "2010-12-05"]
    found = read_rates("\n".join([head, *wanted]))
    book = RateBook({"USD": sorted((day, rate) for code, day, rate in found if code == "USD")})
    rate = book.on("USD", date(2010, 12, 1))
    assert rate is not None and round(1 / rate, 4) == Decimal(facts["2010-12-01"]["USD"])
    assert book.on("USD", date(2010, 12, 5)) == book.on("USD", date(2010, 12, 3))


@pytest.mark.parametrize(
    "text", ["", " \n;;", "USD;2026-01-01", "USD;gestern;1", "USD;2026-01-01;viel", "Date,USD\n2026-01-01,0"]
)
def test_what_is_no_table_names_its_row(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_rates(text)
    assert refused.value.code in ("empty", "bad_row")


# -- on import ---------------------------------------------------------------------------------------------

TEXT = """order,date,account,quantity,unit_price,currency,cost,discount amount
A1,2026-02-10,C1,2,10,EUR,5,1
A2,2026-02-10,C1,2,10,USD,5,1
A3,2026-03-10,C1,1,100,usd,,
A4,2026-03-10,C1,1,7,CHF,,
"""


def imported(dana: Any, text: str = TEXT) -> Any:
    batch = make_import(text, created_by=dana)
    for start in (start_check, start_commit):
        done = jobs.run(start(batch, by=dana).pk)
        assert done is not None and done.state == "succeeded", done and done.error
        batch.refresh_from_db()
    return batch


def test_foreign_lines_are_kept_in_our_currency_at_the_rate_of_their_day(dana: Any) -> None:
    make_account(external_id="C1", source="file")
    add_rates(USD, by=dana)
    batch = imported(dana)
    lines = {line.order_no: line for line in SalesLine.objects.all()}
    assert {no: (line.amount, line.currency) for no, line in lines.items()} == {
        "A1": (20, "EUR"),
        "A2": (18, "USD"),
        "A3": (80, "USD"),
    }
    assert (lines["A2"].unit_price, lines["A2"].cost_amount) == (9, Decimal("4.5"))
    [reason] = batch.reasons
    assert (reason["code"], reason["rows"]) == ("currency_without_rate", 1)
    assert reason_text(reason) == "Eine Währung ohne Kurs"
    assert verify_rollups() == []


def test_the_same_file_again_is_unchanged_and_the_missing_row_comes_once_its_rate_is_there(dana: Any) -> None:
    make_account(external_id="C1", source="file")
    add_rates(USD, by=dana)
    imported(dana)
    add_rates([("CHF", MAR, Decimal("1.1"))], by=dana)
    counts = imported(dana).counts
    assert (counts["new"], counts["unchanged"], counts["changed"]) == (1, 3, 0)
    assert SalesLine.objects.get(order_no="A4").amount == Decimal("7.7")


# -- page and API --------------------------------------------------------------------------------------------


def test_leaders_give_and_remove_rates(sign_in: Any, dana: Any, alice: Any) -> None:
    client, url = sign_in(dana), reverse("rates")
    assert client.get(url).status_code == 200
    assert client.post(url, {"table": "USD;2026-01-01;0,9215"}).status_code == 302
    assert "0,9215" in client.get(url, headers={"Accept-Language": "de"}).content.decode()
    assert client.post(url, {"table": "USD;2026-01-01;viel"}).context["form"].errors["table"]
    client.post(reverse("rate_remove", args=[CurrencyRate.objects.get().pk]))
    assert not CurrencyRate.objects.exists()
    assert sign_in(alice).get(url).status_code == 403


def test_the_api_takes_a_rate_once(api: Any, dana: Any) -> None:
    body = {"currency": "usd", "valid_from": "2026-01-01", "rate": "0.9215"}
    codes = [api(dana).post("/api/v1/currency-rates/", body, format="json").status_code for _ in range(2)]
    assert codes == [201, 200]
    assert api(dana).get("/api/v1/currency-rates/").json()["results"][0]["currency"] == "USD"
    wrong = api(dana).post("/api/v1/currency-rates/", body | {"rate": "0"}, format="json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_rate")
