"""Retention of a real wholesaler's year through the API, against facts computed independently."""

import csv
import gzip
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Account, AccountMonth
from tests.shared_data import shared_data

pytestmark = pytest.mark.acceptance
WINDOWS = (
    "retention_3_month_windows",
    "retention_calendar_quarters",
    "retention_months",
    "retention_half_years",
)


@pytest.fixture
def facts(db: Any) -> Any:
    """The facts, with the months of every customer in the tables."""
    place = shared_data("online-retail-2010-2011")
    months: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    with gzip.open(place / "online_retail_2010_2011.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            amount = int(line["Quantity"]) * Decimal(line["UnitPrice"])
            if line["CustomerID"] and amount > 0:
                months[line["CustomerID"], date.fromisoformat(line["InvoiceDate"][:8] + "01")] += amount
    accounts = {number: Account(name=number, sort_key=number) for number in {key[0] for key in months}}
    Account.objects.bulk_create(accounts.values(), batch_size=1000)
    rows = [
        AccountMonth(account=accounts[number], month=month, gross=gross, net=gross, orders=1, lines=1)
        for (number, month), gross in months.items()
    ]
    AccountMonth.objects.bulk_create(rows, batch_size=1000)
    return json.loads((place / "facts.json").read_text())


def test_the_api_reaches_every_retention_fact_of_the_wholesaler(api: Any, dana: Any, facts: Any) -> None:
    client = api(dana)
    for expected in (window for name in WINDOWS for window in facts[name]):
        days = [*expected["p0"], *expected["p1"]]
        query = "?base_from={}&base_to={}&from={}&to={}&basis=gross".format(*days)
        body = client.get("/api/v1/portfolio/retention/" + query).json()
        rates = {name: round(body[name], 6) for name in ("nrr", "grr", "logo_retention")}
        assert rates == {name: expected[name] for name in rates}, days
        assert body["base_accounts"] == expected["base_customers"]
        assert float(body["base_revenue"]) == pytest.approx(expected["revenue_p0"], abs=0.01)
