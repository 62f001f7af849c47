"""Retention of the portfolio and growth of an account over the API."""

import csv
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccountMonth, SalesLine, SalesOrder
from accounts.rollup import refresh_rollups
from goals.cohorts import CohortQuestion, portfolio_retention
from goals.growth import account_growth, offering_bridge
from goals.periods import Period
from goals.retention import retention
from kam.lib.ids import uuid7
from tests.factories import make_account, make_line, make_offering, make_sales
from tests.shared_data import shared_data

RETENTION = "/api/v1/portfolio/retention/"
YEARS = "?base_from=2025-01-01&base_to=2026-01-01&from=2026-01-01&to=2027-01-01"
BASE, NOW = Period(date(2025, 1, 1), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2027, 1, 1))


def test_three_customers_of_a_hundred_give_the_published_rates(api: Any, dana: Any) -> None:
    for current in (130, 70, 0):
        account = make_account()
        make_sales(account, [(100, date(2025, 5, 5)), *([(current, date(2026, 5, 5))] if current else [])])
    make_sales(make_account(), [(500, date(2026, 5, 5))])
    body = api(dana).get(RETENTION + YEARS).json()
    assert (body["base_accounts"], body["base_revenue"], body["new"]) == (3, "300.00", "500.00")
    assert body["nrr"] == pytest.approx(2 / 3)
    assert body["grr"] == pytest.approx(17 / 30)
    assert body["logo_retention"] == pytest.approx(2 / 3)


def test_an_empty_cohort_has_no_rates(api: Any, dana: Any) -> None:
    body = api(dana).get(RETENTION + YEARS).json()
    assert (body["base_accounts"], body["base_revenue"], body["nrr"]) == (0, "0.00", None)


def test_everybody_sees_the_retention_of_the_own_accounts(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(100, date(2025, 5, 5))])
    make_sales(make_account(), [(900, date(2025, 5, 5))])
    assert api(alice).get(RETENTION + YEARS).json()["base_revenue"] == "100.00"


def test_a_group_is_netted_when_asked(api: Any, dana: Any) -> None:
    top = make_account()
    child = make_account(parent=top, ultimate_parent=top)
    make_sales(top, [(100, date(2025, 5, 5))])
    make_sales(child, [(100, date(2026, 5, 5))])
    client = api(dana)
    assert client.get(RETENTION + YEARS).json()["nrr"] == 0
    assert client.get(f"{RETENTION}{YEARS}&level=parent").json()["nrr"] == 1


def test_months_and_orders_give_the_same(dana: Any) -> None:
    make_sales(make_account(), [(100, date(2025, 5, 5)), (-30, date(2025, 6, 1)), (90, date(2026, 2, 1))])
    whole = portfolio_retention(CohortQuestion(BASE, NOW), dana)
    days = CohortQuestion(Period(date(2025, 1, 2), date(2026, 1, 1)), NOW)
    assert portfolio_retention(days, dana) == whole


amounts = st.integers(-300, 300)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(amounts, amounts), max_size=6))
def test_the_database_says_what_the_formula_says(db: Any, dana: Any, pairs: list[tuple[int, int]]) -> None:
    AccountMonth.objects.all().delete()
    for base, now in pairs:
        account = make_account()
        for amount, month in ((base, date(2025, 5, 1)), (now, date(2026, 5, 1))):
            AccountMonth.objects.create(account=account, month=month, net=amount, gross=0, orders=1, lines=1)
    assert portfolio_retention(CohortQuestion(BASE, NOW), dana) == retention(pairs)


@pytest.mark.parametrize(
    "query",
    ["", "?base_from=2025-01-01", YEARS + "&basis=raw", YEARS + "&level=x",
     "?base_from=2025-01-01&base_to=2025-01-01&from=2026-01-01&to=2027-01-01",
     "?base_from=2025-01-01&base_to=2026-06-01&from=2026-01-01&to=2027-01-01",
     "?base_from=2025-13-01&base_to=2026-01-01&from=2026-01-01&to=2027-01-01", YEARS + "&x=1"],
)  # fmt: skip
def test_a_bad_question_is_refused(api: Any, dana: Any, query: str) -> None:
    assert api(dana).get(RETENTION + query).status_code in (400, 422)


def test_retention_needs_one_query_for_any_number_of_accounts(
    dana: Any, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        make_sales(make_account(), [(100, date(2025, 5, 5))])
    with django_assert_num_queries(1):
        portfolio_retention(CohortQuestion(BASE, NOW), dana)


def test_forty_orders_of_5000_to_44_of_5500_are_twice_21000(api: Any, alice: Any, account: Any) -> None:
    rows = [
        SalesOrder(
            account=account,
            order_no=f"{year}-{n}",
            ordered_on=date(year, 3, 1),
            gross=size,
            net=size,
            lines=1,
        )
        for year, count, size in ((2025, 40, 5000), (2026, 44, 5500))
        for n in range(count)
    ]
    SalesOrder.objects.bulk_create(rows)
    query = "?from=2026-01-01&to=2027-01-01&compare_from=2025-01-01&compare_to=2026-01-01"
    body = api(alice).get(f"/api/v1/accounts/{account.pk}/growth/{query}").json()
    assert (body["revenue"], body["compare"]) == ("242000.00", "200000.00")
    assert (body["orders_effect"], body["size_effect"]) == ("21000.00", "21000.00")


def test_effects_add_up_to_the_cent_whatever_the_amounts(account: Any) -> None:
    make_sales(account, [("10.01", date(2025, 2, 1)), ("0.07", date(2025, 3, 1)), ("3.33", date(2025, 4, 1))])
    make_sales(
        account, [("77.77", date(2026, 2, 1)), ("-5.55", date(2026, 2, 2)), ("0.01", date(2026, 3, 1))]
    )
    found = account_growth(account, NOW, BASE)
    effects = found.effects
    assert effects.orders_effect + effects.size_effect == found.revenue - found.compare == Decimal("58.82")


def test_an_account_without_sales_has_grown_by_nothing(api: Any, alice: Any, account: Any) -> None:
    query = "?from=2026-01-01&to=2027-01-01&compare_from=2025-01-01&compare_to=2026-01-01"
    body = api(alice).get(f"/api/v1/accounts/{account.pk}/growth/{query}").json()
    assert {body[n] for n in ("revenue", "compare", "orders_effect", "size_effect")} == {"0.00"}


def test_the_bridge_over_offerings_adds_up_with_lines_without_an_offering(account: Any) -> None:
    press = make_offering("P")
    make_line(account, 100, date(2025, 2, 1), offering=press, quantity=10)
    make_line(account, 180, date(2026, 2, 1), offering=press, quantity=12)
    make_line(account, "33.33", date(2026, 2, 1), quantity=1)
    bridge, names = offering_bridge(account, NOW, BASE)
    total = bridge.total
    assert total.price + total.volume + total.mix + total.new + total.lost == Decimal("113.33")
    assert names[str(press.pk)] == "P"


@pytest.mark.acceptance
def test_it_reaches_the_retention_facts_of_northwind(api: Any, dana: Any) -> None:
    place = shared_data("northwind")
    with (place / "orders.csv").open(encoding="utf-8", newline="") as rows:
        orders = {row["OrderID"]: row for row in csv.DictReader(rows)}
    accounts = {
        customer: make_account(customer) for customer in {row["CustomerID"] for row in orders.values()}
    }
    with (place / "order_details.csv").open(encoding="utf-8", newline="") as rows:
        lines = [line(orders[row["OrderID"]], row, accounts) for row in csv.DictReader(rows)]
    SalesLine.objects.bulk_create(lines)
    refresh_rollups(None)
    facts, client = json.loads((place / "facts.json").read_text()), api(dana)
    singles = [facts["retention_year_jan_apr"], facts["retention_h2_1996_to_h2_1997"]]
    for expected in facts["retention_half_years"] + facts["retention_calendar_quarters"] + singles:
        days = [*expected["p0"], *expected["p1"]]
        query = "?base_from={}&base_to={}&from={}&to={}&basis=gross".format(*days)
        body = client.get(RETENTION + query).json()
        rates = {name: round(body[name], 6) for name in ("nrr", "grr", "logo_retention")}
        assert rates == {name: expected[name] for name in rates}
        assert body["base_accounts"] == expected["base_customers"]
        assert float(body["base_revenue"]) == pytest.approx(expected["revenue_p0"], abs=0.0001)


def line(order: dict[str, str], row: dict[str, str], accounts: dict[str, Any]) -> SalesLine:
    quantity, price = Decimal(row["Quantity"]), Decimal(row["UnitPrice"])
    return SalesLine(
        line_key=uuid7(),
        content_hash=0,
        account=accounts[order["CustomerID"]],
        order_no=order["OrderID"],
        ordered_on=order["OrderDate"][:10],
        quantity=quantity,
        unit_price=price,
        amount=price * quantity * (1 - Decimal(row["Discount"])),
        currency="USD",
    )
