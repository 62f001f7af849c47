"""Retention of a real order book, from the raw files to the published facts."""

import csv
import json
from collections import defaultdict
from decimal import Decimal

import pytest

from goals.retention import retention_of_accounts
from tests.shared_data import shared_data

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def northwind():
    """Order lines as (day, customer, amount), and the facts."""
    place = shared_data("northwind")
    with (place / "orders.csv").open(encoding="utf-8", newline="") as rows:
        orders = {row["OrderID"]: (row["OrderDate"][:10], row["CustomerID"]) for row in csv.DictReader(rows)}
    with (place / "order_details.csv").open(encoding="utf-8", newline="") as rows:
        lines = [(*orders[row["OrderID"]], amount(row)) for row in csv.DictReader(rows)]
    return lines, json.loads((place / "facts.json").read_text())


def amount(row):
    return Decimal(row["UnitPrice"]) * Decimal(row["Quantity"]) * (1 - Decimal(row["Discount"]))


def revenue(lines, start, end):
    sums = defaultdict(Decimal)
    for day, customer, value in lines:
        if start <= day < end:
            sums[customer] += value
    return sums


def windows(facts):
    single = [facts["retention_year_jan_apr"], facts["retention_h2_1996_to_h2_1997"]]
    return facts["retention_half_years"] + facts["retention_calendar_quarters"] + single


def test_it_reaches_every_retention_fact_of_the_order_book(northwind):
    lines, facts = northwind
    for expected in windows(facts):
        found = retention_of_accounts(revenue(lines, *expected["p0"]), revenue(lines, *expected["p1"]))
        rates = {key: round(getattr(found, key), 6) for key in ("nrr", "grr", "logo_retention", "growth")}
        assert rates == {key: expected[key] for key in rates}
        money = {key: float(getattr(found, key)) for key in ("churned", "contraction", "expansion", "new")}
        assert money == pytest.approx({key: expected[key] for key in money}, abs=1e-6)
        assert found.base_accounts == expected["base_customers"]
