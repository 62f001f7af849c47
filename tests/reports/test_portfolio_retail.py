"""A real wholesaler's year, through the tables and the API to the independently computed facts."""

import csv
import gzip
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from accounts.facts import facts_table
from accounts.models import Account, AccountMonth, AccountReference, SalesOrder
from tests.shared_data import shared_data

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db]
LAST_DAY = date(2011, 12, 9)


@pytest.fixture(scope="module")
def retail():
    """The facts, and the sums of each customer's invoices: gross, net, positive and reversing lines."""
    place = shared_data("online-retail-2010-2011")
    orders = defaultdict(lambda: [Decimal(0), Decimal(0), 0, 0])
    with gzip.open(place / "online_retail_2010_2011.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            if not line["CustomerID"]:
                continue
            amount = int(line["Quantity"]) * Decimal(line["UnitPrice"])
            row = orders[line["CustomerID"], line["InvoiceNo"], date.fromisoformat(line["InvoiceDate"][:10])]
            row[0] += max(amount, Decimal(0))
            row[1] += amount
            row[2] += amount > 0
            row[3] += amount < 0
    return json.loads((place / "facts.json").read_text()), orders


@pytest.fixture
def shops(retail):
    """The customers with the roll-ups of their lines; returns accounts by customer number."""
    _facts, orders = retail
    accounts = {number: Account(name=number, sort_key=number) for number in {key[0] for key in orders}}
    Account.objects.bulk_create(accounts.values())
    AccountReference.objects.bulk_create(
        AccountReference(account=account, source="file", external_id=number)
        for number, account in accounts.items()
    )
    months = defaultdict(lambda: [Decimal(0), Decimal(0), 0, 0])
    for (number, _invoice, day), (gross, net, lines, _reversals) in orders.items():
        row = months[number, day.replace(day=1)]
        row[:] = [row[0] + gross, row[1] + net, row[2] + (lines > 0), row[3] + lines]
    SalesOrder.objects.bulk_create(
        [
            SalesOrder(
                account=accounts[number],
                order_no=invoice,
                ordered_on=day,
                gross=gross,
                net=net,
                lines=lines,
                reversals=back,
            )
            for (number, invoice, day), (gross, net, lines, back) in orders.items()
        ],
        batch_size=2_000,
    )
    AccountMonth.objects.bulk_create(
        [
            AccountMonth(
                account=accounts[number], month=month, gross=gross, net=net, orders=count, lines=lines
            )
            for (number, month), (gross, net, count, lines) in months.items()
        ],
        batch_size=2_000,
    )
    return accounts


def test_the_concentration_reaches_every_fact(retail, shops, api, dana):
    client = api(dana)
    for basis, name in (("gross", "concentration_sales"), ("net", "concentration_net")):
        expected = retail[0][name]
        # Whole months come from the months' roll-up, the exact days from the orders': both must agree.
        for period in ("", "&from=2010-12-01&to=2012-01-01", "&from=2010-12-01&to=2011-12-10"):
            found = client.get(f"/api/v1/portfolio/concentration/?basis={basis}{period}").json()
            assert found["accounts"] == expected["customers"]
            assert Decimal(found["total"]) == Decimal(str(expected["total"]))
            assert found["top20_count"] == expected["top20pct_customers"]
            assert round(found["top20_share"], 6) == expected["top20pct_share"]
            assert round(found["top10_share"], 6) == expected["top10_share"]
            assert round(found["largest_share"], 6) == expected["top1_share"]
            assert round(found["gini"], 6) == expected["gini"]
            assert round(found["hhi"], 4) == expected["hhi"]
            assert found["accounts_for_50"] == expected["customers_for_50pct"]
            assert found["accounts_for_80"] == expected["customers_for_80pct"]
            assert found["accounts_for_95"] == expected["customers_for_95pct"]
            assert [[row["external_id"], float(row["revenue"])] for row in found["top"]] == expected["top10"]
    for month in ("2010-12", "2011-01", "2011-11"):
        start, end = date.fromisoformat(f"{month}-01"), after(month)
        for basis, name in (("gross", "sales_by_month"), ("net", "net_by_month")):
            query = f"?basis={basis}&from={start}&to={end}"
            found = client.get(f"/api/v1/portfolio/concentration/{query}").json()
            assert float(found["total"]) == retail[0][name][month]


def after(month):
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1)


def test_the_customers_reach_every_fact(retail, shops, api, dana):
    client = api(dana)
    for number, expected in retail[0]["customers"].items():
        address = f"/api/v1/accounts/{shops[number].pk}/facts/?as_of={LAST_DAY}&basis="
        found = client.get(f"{address}gross").json()
        assert float(found["revenue"]) == expected["sales_amount"]
        assert float(found["average_transaction_size"]) == expected["avg_transaction_size"]
        assert {name: found[name] for name in ("orders", "lines", "tenure_days", "recency_days")} == {
            "orders": expected["invoices"],
            "lines": expected["lines"],
            "tenure_days": expected["tenure_days"],
            "recency_days": expected["recency_days"],
        }
        assert (found["first_order_on"], found["last_order_on"]) == (expected["first"], expected["last"])
        net = client.get(f"{address}net").json()["revenue"]
        assert float(net) == retail[0]["net_amount_of_those"][number]


def test_the_table_adds_up_to_the_facts_of_the_year(retail, shops):
    codes = ["revenue", "orders", "lines", "tenure_days"]
    table = facts_table(codes, as_of=LAST_DAY, basis="gross")
    assert len(table.account_ids) == retail[0]["customers_with_sales"]
    assert round(float(table.values["revenue"].sum()), 3) == retail[0]["concentration_sales"]["total"]
    assert table.values["orders"].sum() == retail[0]["sales_invoices"]
    assert table.values["lines"].sum() == retail[0]["sales_lines"]
    assert not np.isnan(table.values["tenure_days"]).any()
    reference = AccountReference.objects.get(external_id="14646")
    place = table.account_ids.index(reference.account_id)
    assert table.values["revenue"][place] == 280206.02
