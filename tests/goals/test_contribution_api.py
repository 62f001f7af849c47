"""What accounts leave us over the API: contribution, leakage, bridge, whale curve, and does it pay."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity
from accounts.windows import months_before
from goals.models import AccountPeriod, AccountYear
from goals.pays import QUARTERS, last_quarters
from tests.factories import make_account, make_line, make_offering, make_sales

YEARS = "?from=2026-01-01&to=2027-01-01&compare_from=2025-01-01&compare_to=2026-01-01"
MONTHS = "?from=2026-01-01&to=2027-01-01&base_from=2025-01-01&base_to=2026-01-01"
PORTFOLIO = "/api/v1/portfolio/contribution/"


def contribution(account: Any, query: str = YEARS) -> str:
    return f"/api/v1/accounts/{account.pk}/contribution/{query}"


def bridge(account: Any, query: str = YEARS) -> str:
    return f"/api/v1/accounts/{account.pk}/growth/bridge/{query}"


def test_a_contribution_is_told_step_by_step(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(1000, date(2025, 3, 1))], cost_amount=Decimal(300))
    make_sales(account, [(1200, date(2026, 3, 1))], cost_amount=Decimal(900), discount_amount=Decimal(300))
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    Activity.objects.create(account=account, verb="meeting.held", occurred_at=moment, minutes=120)
    AccountYear.objects.create(account=account, year=2026, other_cost="10.50")
    body = api(alice).get(contribution(account)).json()
    now = body["period"]
    steps = ("list_revenue", "discounts", "net_revenue", "cost_of_goods", "gross_margin")
    assert [now[name] for name in steps] == ["1500.00", "300.00", "1200.00", "900.00", "300.00"]
    assert (now["minutes"], now["cost_to_serve"], now["other_costs"]) == (120, "150.00", "10.50")
    assert (now["contribution"], now["contribution_rate"]) == ("139.50", 0.11625)
    assert (now["from"], now["to"]) == ("2026-01-01", "2027-01-01")
    assert body["compare"]["contribution"] == "700.00"
    assert body["fell_while_revenue_rose"] is True
    assert (body["hourly_rate"], body["currency"]) == ("75.00", "EUR")


def test_what_lies_above_the_policy_has_leaked(api: Any, alice: Any, account: Any) -> None:
    make_line(account, 80, date(2026, 2, 1), discount_amount=Decimal(20))
    make_line(account, 95, date(2026, 2, 2), discount_amount=Decimal(5))
    leakage = api(alice).get(contribution(account)).json()["period"]["leakage"]
    assert (leakage["granted"], leakage["allowed"], leakage["leaked"]) == ("25.00", "20.00", "10.00")
    assert leakage["leaked_rate"] == 0.05


def test_without_the_cost_of_goods_no_contribution_is_told(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(1200, date(2026, 3, 1))])
    now = api(alice).get(contribution(account)).json()["period"]
    assert now["costed"] is False
    assert {now[name] for name in ("cost_of_goods", "gross_margin", "contribution", "contribution_rate")} == {
        None
    }


def test_the_last_twelve_full_months_stand_against_the_twelve_before(
    api: Any, alice: Any, account: Any
) -> None:
    end = timezone.localdate().replace(day=1)
    body = api(alice).get(contribution(account, "")).json()
    days = [(body[name]["from"], body[name]["to"]) for name in ("period", "compare")]
    months = [months_before(end, back).isoformat() for back in (24, 12, 0)]
    assert days == [(months[1], months[2]), (months[0], months[1])]


def test_a_period_of_the_account_stands_against_the_one_before_it(api: Any, alice: Any, account: Any) -> None:
    for year in (2024, 2025):
        AccountPeriod.objects.create(
            account=account, name=str(year), start_on=date(year, 4, 1), end_on=date(year + 1, 3, 31)
        )
    named = AccountPeriod.objects.get(name="2025")
    body = api(alice).get(contribution(account, f"?period={named.pk}")).json()
    assert (body["period"]["to"], body["compare"]["from"]) == ("2026-04-01", "2024-04-01")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?from=2026-01-01", "missing_day"),
        ("?from=2026-01-01&to=2026-01-01", "bad_period"),
        ("?from=2026-01-01&to=2026-02-30", "bad_date"),
        ("?period=x", "unknown_period"),
        ("?period=x&from=2026-01-01&to=2027-01-01", "period_and_days"),
        ("?basis=net", "unknown_parameter"),
    ],
)
def test_a_bad_question_about_an_account_is_refused(
    api: Any, alice: Any, account: Any, query: str, code: str
) -> None:
    for address in (contribution, bridge):
        assert api(alice).get(address(account, query)).json()["code"] == code


def test_it_refuses_in_the_callers_language(api: Any, alice: Any, account: Any) -> None:
    answer = api(alice).get(contribution(account, "?period=x"), headers={"Accept-Language": "de"})
    assert answer.json()["detail"] == "Diesen Zeitraum gibt es nicht."


def test_the_bridge_adds_up_to_the_cent_for_each_offering_and_for_all(
    api: Any, alice: Any, account: Any
) -> None:
    press, pump = make_offering("P", name="Press"), make_offering("Q")
    make_line(account, "100.01", date(2025, 2, 1), offering=press, quantity=10)
    make_line(account, "181.73", date(2026, 2, 1), offering=press, quantity=12)
    make_line(account, "55.55", date(2025, 2, 1), offering=pump, quantity=3)
    make_line(account, "33.33", date(2026, 2, 1), quantity=1)
    body = api(alice).get(bridge(account)).json()
    effects = ("price", "volume", "mix", "new", "lost")
    for row in (body, *body["offerings"]):
        assert sum(Decimal(row[name]) for name in effects) == Decimal(row["change"])
    change = Decimal(body["before"]) + Decimal(body["change"]) + Decimal(body["exchange_rates"])
    assert change == Decimal(body["after"]) == Decimal("215.06")
    assert [row["name"] for row in body["offerings"]] == ["Press", "Q", ""]
    assert body["offerings"][2]["offering"] is None


def test_the_bridge_takes_the_same_queries_for_any_number_of_offerings(
    api: Any, alice: Any, account: Any, django_assert_num_queries: Any
) -> None:
    client = api(alice)
    client.get(bridge(account))
    for count in (1, 5):
        for _number in range(count):
            make_line(account, 10, date(2026, 2, 1), offering=make_offering())
        with django_assert_num_queries(6):
            client.get(bridge(account))


def test_the_whale_curve_of_the_books_rises_above_the_whole(api: Any, dana: Any) -> None:
    for left in (50, 30, 20, 0, -20):
        make_sales(make_account(), [(100, date(2026, 3, 1))], cost_amount=Decimal(100 - left))
    make_sales(make_account(), [(7, date(2026, 3, 1))])
    body = api(dana).get(PORTFOLIO + MONTHS).json()
    curve = body["whale_curve"]
    assert [point["share"] for point in curve["points"]] == pytest.approx([0.625, 1, 1.25, 1.25, 1])
    assert (curve["peak"], curve["peak_accounts"], curve["destroyed"]) == (1.25, 3, 0.25)
    assert (body["accounts"], body["costed"], body["revenue"]) == (6, 5, "507.00")
    assert (body["contribution"], body["refusal"]) == ("80.00", None)


def test_without_a_contribution_the_curve_is_refused_with_the_reason(api: Any, dana: Any) -> None:
    body = api(dana).get(PORTFOLIO + MONTHS).json()
    assert (body["whale_curve"], body["refusal"]["code"]) == (None, "total_not_positive")


def test_who_grew_and_left_less_is_named(api: Any, dana: Any) -> None:
    worse = make_account("Worse AG")
    make_sales(worse, [(100, date(2025, 3, 1))], cost_amount=Decimal(10))
    make_sales(worse, [(200, date(2026, 3, 1))], cost_amount=Decimal(190))
    make_sales(make_account("Less AG"), [(100, date(2025, 3, 1))], cost_amount=Decimal(10))
    body = api(dana).get(PORTFOLIO + MONTHS).json()
    (fell,) = body["fell_while_revenue_rose"]
    assert (fell["name"], fell["revenue_change"], fell["contribution_change"]) == (
        "Worse AG",
        "100.00",
        "-80.00",
    )
    assert [row["name"] for row in body["grew_most"]] == ["Worse AG"]
    assert [row["revenue_change"] for row in body["shrank_most"]] == ["-100.00"]


def test_everybody_sees_the_contribution_of_the_own_accounts(api: Any, alice: Any, account: Any) -> None:
    for each in (account, make_account()):
        make_sales(each, [(100, date(2026, 3, 1))], cost_amount=Decimal(10))
    assert api(alice).get(PORTFOLIO + MONTHS).json()["accounts"] == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?from=2026-01-15&to=2026-02-01", "not_a_month"),
        ("?from=2026-02-01&to=2026-01-01", "bad_period"),
        ("?base_to=2026-01-01", "missing_day"),
        ("?rates=constant", "unknown_parameter"),
    ],
)
def test_a_bad_question_about_the_portfolio_is_refused(api: Any, dana: Any, query: str, code: str) -> None:
    assert api(dana).get(PORTFOLIO + query).json()["code"] == code


def test_the_portfolio_takes_the_same_queries_for_any_number_of_accounts(
    api: Any, dana: Any, django_assert_num_queries: Any
) -> None:
    client = api(dana)
    client.get(PORTFOLIO + MONTHS)
    for count in (1, 6):
        for _number in range(count):
            make_sales(
                make_account(), [(100, date(2025, 3, 1)), (90, date(2026, 3, 1))], cost_amount=Decimal(10)
            )
        with django_assert_num_queries(10):
            client.get(PORTFOLIO + MONTHS)


def test_with_too_few_pairs_nobody_says_whether_it_pays(api: Any, dana: Any) -> None:
    body = api(dana).get("/api/v1/portfolio/programme-effect/", headers={"Accept-Language": "en"}).json()
    assert body["refusal"] == {
        "code": "too_few_pairs",
        "detail": "Too few key accounts with a twin: 0 of the 10 needed.",
    }
    assert (body["difference"], body["conclusive"], body["pairs"], body["quarters"]) == (None, None, None, 8)


def test_ten_pairs_say_what_the_programme_brings_with_an_interval(api: Any, dana: Any) -> None:
    quarters = last_quarters(timezone.localdate(), QUARTERS)
    before = quarters[0].start - timedelta(days=60)
    for gain in (40, 0):
        for _number in range(10):
            key_since = before if gain else None
            sales = [(1000, before), *[(100, each.start) for each in quarters[:4]]]
            sales += [(100 + gain, each.start) for each in quarters[4:]]
            make_sales(make_account(industry="machines", key_since=key_since), sales)
    body = api(dana).get(reverse("api:programme_effect")).json()
    assert (body["refusal"], len(body["pairs"]), body["unmatched"]) == (None, 10, [])
    assert (body["key_mean"], body["difference"], body["low"]) == ("40.00", "40.00", "40.00")
    assert (body["confidence"], body["conclusive"]) == (0.95, True)


def test_leaders_set_cost_rates_and_everybody_reads_them(api: Any, dana: Any, alice: Any) -> None:
    url, rates = "/api/v1/cost-rates/", {"hourly_rate": "80.10", "allowed_discount": "12.50"}
    assert api(dana).put(url, rates).json() == rates
    assert api(alice).get(url).json() == rates
    assert api(alice).put(url, rates).status_code == 403
    assert api(dana).put(url, {"hourly_rate": "1"}).status_code == 422
    assert api(dana).put(url, rates | {"allowed_discount": "101"}).json()["code"] == "bad_rate"
    assert Activity.objects.filter(verb="cost_rates.updated").count() == 1


def test_leaders_set_the_limits_of_beta_programmes(api: Any, dana: Any, alice: Any) -> None:
    url, limits = "/api/v1/beta-limits/", {"at_once": 2, "per_year": 4}
    assert api(alice).get(url).json() == {"at_once": 1, "per_year": 2}
    assert api(dana).put(url, limits).json() == limits
    assert api(dana).put(url, {"at_once": 0, "per_year": 4}).json()["code"] == "bad_limit"
    assert api(alice).put(url, limits).status_code == 403
