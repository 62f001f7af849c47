"""What is to be expected of an account over the API, and how healthy the relationship is."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Activity
from accounts.windows import months_before
from goals.models import AccountYear, HealthMonth
from tests.factories import make_account, make_line, make_offering, make_sales

YEARS = "?from=2026-01-01&to=2027-01-01&compare_from=2025-01-01&compare_to=2026-01-01"


def growth(account: Any, part: str, query: str = "") -> str:
    return f"/api/v1/accounts/{account.pk}/growth/{part}{query}"


def months_back(count: int) -> list[date]:
    this = timezone.localdate().replace(day=1)
    return [months_before(this, back) for back in range(count, 0, -1)]


def test_growth_tells_size_plan_and_whether_a_period_is_whole(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(100, date(2025, 1, 1)), (150, date(2026, 3, 1)), (50, date(2026, 3, 2))])
    AccountYear.objects.create(account=account, year=2026, planned_revenue=240)
    body = api(alice).get(growth(account, "", YEARS)).json()
    assert (body["average_size"], body["compare_average_size"], body["plan"]) == (
        "100.00",
        "100.00",
        "240.00",
    )
    assert (body["partial"], body["first_order_on"]) == (True, "2025-01-01")
    past = "?from=2025-03-01&to=2025-04-01&compare_from=2025-02-01&compare_to=2025-03-01"
    assert api(alice).get(growth(account, "", past)).json()["partial"] is False


def test_a_short_history_has_no_forecast_but_a_reason(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(100, day) for day in months_back(3)])
    body = api(alice).get(growth(account, "forecast/")).json()
    assert (body["forecast"], body["backtest"], body["refusal"]["code"]) == ([], None, "history_too_short")
    assert [row["revenue"] for row in body["months"]] == ["100.00"] * 3


def test_what_does_not_beat_the_year_before_is_not_shown(api: Any, alice: Any, account: Any) -> None:
    sales = [(100 + 70 * (day.month % 4), day) for day in months_back(40)]
    make_sales(account, sales)
    answer = api(alice).get(growth(account, "forecast/"), headers={"Accept-Language": "de"}).json()
    assert (answer["forecast"], answer["backtest"]["passed"]) == ([], False)
    assert answer["refusal"]["code"] == "not_better_than_a_year_ago"
    assert answer["refusal"]["detail"].startswith("Es wird keine Prognose gezeigt")


def test_a_forecast_that_earned_its_place_has_three_months_with_an_interval(
    api: Any, alice: Any, account: Any
) -> None:
    make_sales(account, [(1000 + 25 * place, day) for place, day in enumerate(months_back(40))])
    AccountYear.objects.create(account=account, year=months_back(1)[0].year, planned_revenue=1200)
    body = api(alice).get(growth(account, "forecast/")).json()
    assert (body["refusal"], body["backtest"]["passed"], body["confidence"]) == (None, True, 0.8)
    assert body["backtest"]["candidate"]["mae"] < body["backtest"]["naive"]["mae"]
    this = timezone.localdate().replace(day=1)
    assert [row["month"] for row in body["forecast"]] == [
        months_before(this, -step).isoformat() for step in range(3)
    ]
    assert all(
        Decimal(row["low"]) <= Decimal(row["value"]) <= Decimal(row["high"]) for row in body["forecast"]
    )
    last = body["months"][-1]
    assert (last["revenue"], last["before"], last["plan"]) == ("1975.00", "1675.00", "100.00")


def test_each_offering_says_when_the_next_order_is_due(api: Any, alice: Any, account: Any) -> None:
    today, press = timezone.localdate(), make_offering("P", name="Press")
    for back in (400, 370, 340, 310):
        make_line(account, 10, today - timedelta(days=back), offering=press)
    recent = months_back(2)[0]
    make_line(account, 35, recent, offering=make_offering("Q"))
    body = api(alice).get(growth(account, "offerings/")).json()
    first, second = body["offerings"]
    assert (first["name"], first["revenue"], first["by_month"][-2], first["by_month"][-1]) == (
        "Q",
        "35.00",
        "35.00",
        None,
    )
    assert first["rhythm"]["overdue"] is None
    assert (second["name"], second["rhythm"]["median"], second["rhythm"]["overdue"]) == ("Press", 30.0, True)
    assert second["rhythm"]["expected_on"] == (today - timedelta(days=280)).isoformat()
    assert (body["rhythm"]["order_days"], len(body["months"])) == (5, 12)


def test_offerings_take_the_same_queries_for_any_number(
    api: Any, alice: Any, account: Any, django_assert_num_queries: Any
) -> None:
    client, url = api(alice), growth(account, "offerings/", YEARS)
    client.get(url)
    for count in (1, 5):
        for _number in range(count):
            make_line(account, 10, date(2026, 2, 1), offering=make_offering())
        with django_assert_num_queries(9):
            client.get(url)


def test_the_share_of_wallet_says_when_volume_is_exhausted(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(800, date(2025, 3, 1))], quantity=4)
    make_sales(account, [(900, date(2026, 3, 1))], quantity=5)
    AccountYear.objects.create(account=account, year=2026, wallet=1000, wallet_source="Annual report")
    body = api(alice).get(growth(account, "wallet/", YEARS)).json()
    assert (body["share"], body["saturated"], body["room"]) == (0.9, True, 0.0)
    assert (body["units"], body["compare_units"], body["plays"]) == (
        "5.00",
        "4.00",
        ["size", "new_offering", "beta"],
    )
    assert body["wallet"] == {"on": "2026-01-01", "value": "1000.00", "source": "Annual report"}


def test_an_unknown_spend_gives_no_share_and_an_impossible_one_a_reason(
    api: Any, alice: Any, account: Any
) -> None:
    make_sales(account, [(900, date(2026, 3, 1))])
    body = api(alice).get(growth(account, "wallet/", YEARS)).json()
    assert (body["wallet"], body["share"], body["saturated"], body["refusal"]) == (None, None, None, None)
    AccountYear.objects.create(account=account, year=2026, wallet=100)
    body = api(alice).get(growth(account, "wallet/", YEARS)).json()
    assert (body["share"], body["refusal"]["code"]) == (None, "spend_below_revenue")


def test_what_comparable_accounts_buy_is_proposed_with_its_numbers(
    api: Any, alice: Any, account: Any
) -> None:
    day, pump = months_back(2)[0], make_offering("PUMP", name="Pump")
    account.industry = "Steel"
    account.save()
    make_sales(account, [(100, day)])
    few = api(alice).get(growth(account, "peers/")).json()
    assert (few["results"], few["refusal"]["code"]) == ([], "too_few_peers")
    for _number in range(5):
        peer = make_account(industry="Steel")
        make_sales(peer, [(60, day)], offering=pump)
        make_sales(peer, [(40, day)])
    (found,) = api(alice).get(growth(account, "peers/")).json()["results"]
    assert (found["name"], found["peers"], found["buyers"], found["adoption"]) == ("Pump", 5, 5, 1.0)
    assert (found["expected"], found["current"], found["value"]) == ("60.00", "0.00", "60.00")


def test_health_shows_its_inputs_and_what_is_missing(api: Any, alice: Any, account: Any) -> None:
    moment = timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))
    Activity.objects.create(account=account, verb="call", actor=alice, occurred_at=moment)
    HealthMonth.objects.create(
        account=account, as_of=date(2026, 5, 31), score=30, completeness=0.6, inputs={}
    )
    url = f"/api/v1/accounts/{account.pk}/health/"
    body = api(alice).get(url, headers={"Accept-Language": "en"}).json()
    assert (body["score"], body["colour"], body["completeness"]) == (100.0, "green", 0.2)
    contact = next(row for row in body["inputs"] if row["name"] == "contact")
    assert (contact["label"], contact["value"], contact["adds"]) == ("Contact", 100.0, 100.0)
    assert [row["name"] for row in body["inputs"] if row["value"] is None] == [
        "rhythm",
        "trend",
        "promises",
        "goals",
    ]
    assert body["months"] == [{"as_of": "2026-05-31", "score": 30.0, "completeness": 0.6}]
    before = api(alice).get(f"{url}?as_of=2026-05-01").json()
    assert (before["score"], before["colour"], before["months"]) == (None, None, [])
    assert api(alice).get(f"{url}?as_of=May").json()["code"] == "bad_date"


def test_the_health_of_the_portfolio_is_filtered_by_colour_and_key(api: Any, dana: Any) -> None:
    day = date(2026, 5, 31)
    for score, key_since in ((30, day), (80, None), (None, None)):
        HealthMonth.objects.create(
            account=make_account(key_since=key_since), as_of=day, score=score, completeness=0.5, inputs={}
        )
    client, url = api(dana), "/api/v1/portfolio/health/"

    def scores(query: str) -> list[Any]:
        return [row["score"] for row in client.get(url + query).json()["results"]]

    assert scores("?colour=red") == scores("?key=true") == [30.0]
    assert (scores("?colour=green"), scores("?colour=unknown")) == ([80.0], [None])
    assert client.get(f"{url}?colour=blue").status_code == 422


@pytest.mark.parametrize("part", ["forecast/", "offerings/", "wallet/", "peers/"])
def test_what_is_not_known_is_refused(api: Any, alice: Any, charlie: Any, account: Any, part: str) -> None:
    assert api(alice).get(growth(account, part, "?basis=net")).json()["code"] == "unknown_parameter"
    assert api(charlie).get(growth(account, part)).status_code == 404
