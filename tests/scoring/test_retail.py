"""The example of the issue on a real order file, against a computation of the test's own."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Account, AccountReference, SalesOrder
from kam.integrations import jobs
from scoring.models import Score
from tests.scoring.test_example import EXAMPLE
from tests.shared_data import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]
LAST_DAY = date(2011, 12, 9)


def sales_rows(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the sales lines: with a customer, no cancellation, positive quantity and price."""
    for path in sorted(p for p in folder.iterdir() if ".csv" in p.name):
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            for row in csv.DictReader(file):
                kept = row["CustomerID"] and not row["InvoiceNo"].startswith("C")
                if kept and float(row["Quantity"]) > 0 and float(row["UnitPrice"]) > 0:
                    yield row


@pytest.fixture
def facts(db: None) -> dict[str, tuple[float, float, int]]:
    """Fill the roll-up from the file and return customer → (revenue, average size, tenure)."""
    orders: dict[tuple[str, str, date], Decimal] = defaultdict(Decimal)
    for row in sales_rows(shared_data("online-retail-2010-2011")):
        day = date.fromisoformat(row["InvoiceDate"][:10])
        orders[row["CustomerID"], row["InvoiceNo"], day] += Decimal(row["Quantity"]) * Decimal(
            row["UnitPrice"]
        )
    customers = sorted({key[0] for key in orders})
    rows_made = Account.objects.bulk_create([Account(name=customer) for customer in customers])
    made = dict(zip(customers, rows_made, strict=True))
    AccountReference.objects.bulk_create(
        AccountReference(source="file", external_id=c, account=a) for c, a in made.items()
    )
    rows = (
        SalesOrder(account=made[c], order_no=no, ordered_on=day, gross=amount, net=amount, lines=1)
        for (c, no, day), amount in orders.items()
    )
    while batch := list(islice(rows, 2000)):
        SalesOrder.objects.bulk_create(batch)
    return _facts(orders)


def _facts(orders: dict[tuple[str, str, date], Decimal]) -> dict[str, tuple[float, float, int]]:
    total: dict[str, Decimal] = defaultdict(Decimal)
    numbers: dict[str, set[str]] = defaultdict(set)
    first: dict[str, date] = {}
    for (customer, number, day), amount in orders.items():
        total[customer] += amount
        numbers[customer].add(number)
        first[customer] = min(day, first.get(customer, day))
    return {
        c: (float(total[c]), float(total[c] / len(numbers[c])), (LAST_DAY - first[c]).days) for c in total
    }


def test_the_example_comes_out_on_4338_customers(api: Any, dana: Any, facts: Any) -> None:
    client = api(dana)
    model = client.post("/api/v1/scoring-models/", EXAMPLE, format="json").json()
    run = client.post(
        "/api/v1/score-runs/", {"model": model["id"], "as_of": "2011-12-09"}, format="json"
    ).json()
    jobs.run(run["job"])
    names = dict(AccountReference.objects.values_list("account", "external_id"))
    found = {names[s.account_id]: s.total for s in Score.objects.filter(run=run["id"])}
    low, high = (tuple(f(v[k] for v in facts.values()) for k in range(3)) for f in (min, max))
    assert len(found) == 4338
    for customer, values in facts.items():
        parts = [1 + 9 * (v - a) / (b - a) for v, a, b in zip(values, low, high, strict=True)]
        assert found[customer] == pytest.approx(0.5 * parts[0] + 0.3 * parts[1] + 0.2 * parts[2], abs=1e-9)
