"""Concentration of a real wholesaler's year, from the raw file to the published facts."""

import csv
import gzip
import io
import json
from collections import defaultdict
from decimal import Decimal

import pytest

from accounts.concentration import concentration
from tests.shared_data import shared_data

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def retail():
    """Amounts per customer: of sales lines only, and net of credits."""
    place = shared_data("online-retail-2010-2011")
    sales, net = defaultdict(Decimal), defaultdict(Decimal)
    packed = (place / "online_retail_2010_2011.csv.gz").read_bytes()
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            customer, quantity, price = line["CustomerID"], int(line["Quantity"]), Decimal(line["UnitPrice"])
            if not customer:
                continue
            net[customer] += quantity * price
            if quantity > 0 and price > 0 and not line["InvoiceNo"].startswith("C"):
                sales[customer] += quantity * price
    return {"sales": sales, "net": net, "facts": json.loads((place / "facts.json").read_text())}


def indices(amounts):
    found = concentration(amounts.values())
    return {
        "customers": found.accounts,
        "total": round(found.total, 4),
        "top20pct_customers": found.top20_count,
        "top20pct_share": round(found.top20_share, 6),
        "top10_share": round(found.top10_share, 6),
        "top1_share": round(found.largest_share, 6),
        "gini": round(found.gini, 6),
        "hhi": round(found.hhi, 4),
        "customers_for_50pct": found.accounts_for_50,
        "customers_for_80pct": found.accounts_for_80,
        "customers_for_95pct": found.accounts_for_95,
    }


@pytest.mark.parametrize("basis", ["sales", "net"])
def test_it_reaches_every_fact_of_the_retail_year(retail, basis):
    expected, found = retail["facts"][f"concentration_{basis}"], indices(retail[basis])
    assert found == {key: expected[key] for key in found}


def test_it_reaches_the_published_numbers_net_of_credits(retail):
    found = concentration(retail["net"].values())
    assert (found.accounts, found.top20_count) == (4372, 875)
    assert found.total == pytest.approx(8_300_065.814, abs=1e-6)
    assert found.gini == pytest.approx(0.702828, abs=5e-7)
    assert found.hhi == pytest.approx(45.0038, abs=5e-5)
