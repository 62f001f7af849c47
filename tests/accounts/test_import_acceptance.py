"""Real files reach the figures that were computed independently of the product."""

import csv
import gzip
import io
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from accounts.models import Account, AccountMonth, SalesLine, SalesOrder
from accounts.rollup import verify_rollups
from tests.shared_data import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]
RETAIL = {
    "order": "InvoiceNo",
    "date": "InvoiceDate",
    "account": "CustomerID",
    "offering": "StockCode",
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
    "country": "Country",
}


def import_sales(file: Path, mapping: dict[str, str], *more: str) -> dict[str, Any]:
    out = io.StringIO()
    columns = [part for field, column in mapping.items() for part in ("--map", f"{field}={column}")]
    call_command("import_sales", str(file), *columns, *more, "--json", stdout=out)
    return json.loads(out.getvalue())


def gross_by_account() -> dict[str, Decimal]:
    """Add in Python: SQLite adds in binary floating point."""
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    rows = SalesOrder.objects.filter(gross__gt=0)
    for external_id, gross in rows.values_list("account__references__external_id", "gross"):
        totals[external_id] += gross
    return totals


def test_the_retail_file_comes_in_exactly_and_repetitions_and_an_undo_change_nothing(tmp_path: Path) -> None:
    folder = shared_data("online-retail-2010-2011")
    facts = json.loads((folder / "facts.json").read_text())
    file = folder / "online_retail_2010_2011.csv.gz"
    first = import_sales(file, RETAIL)
    assert (first["rows"], first["without_account"]) == (facts["rows"], facts["rows_without_customer"])
    assert first["accounts_created"] == facts["customers_any_line"] == Account.objects.count()
    gross = gross_by_account()
    assert (len(gross), sum(gross.values())) == (facts["customers_with_sales"], Decimal("8911407.904"))
    assert SalesLine.objects.gross().count() == facts["sales_lines"]
    assert sum(SalesOrder.objects.values_list("net", flat=True)) == Decimal("8300065.814")
    assert SalesOrder.objects.aggregate(n=Sum("lines"))["n"] == facts["sales_lines"]
    orders = SalesOrder.objects.filter(lines__gt=0).aggregate(n=Count("order_no", distinct=True))
    assert orders["n"] == facts["sales_invoices"]
    assert sum(AccountMonth.objects.values_list("net", flat=True)) == Decimal("8300065.814")
    assert verify_rollups() == []

    unpacked = tmp_path / "other.csv"
    unpacked.write_bytes(gzip.decompress(file.read_bytes()))
    for repeated in (file, unpacked):  # the same bytes, and the same lines in other ones
        again = import_sales(repeated, RETAIL)
        assert (again["unchanged"], again["new"], again["changed"]) == (first["new"], 0, 0)
        told = again | {"batch": first["batch"], "new": first["new"], "unchanged": 0}
        assert told | {"accounts_created": first["accounts_created"]} == first
    out = io.StringIO()
    call_command("undo_import", first["batch"], "--json", stdout=out)
    assert json.loads(out.getvalue())["kept"] == 0
    assert not SalesLine.objects.exists()
    assert not Account.objects.exists()


def test_northwind_orders_joined_by_their_owner_reach_their_total(tmp_path: Path) -> None:
    folder = shared_data("northwind")
    with (folder / "orders.csv").open() as stream:
        orders = {row["OrderID"]: row for row in csv.DictReader(stream)}
    with (folder / "order_details.csv").open() as stream:
        rows = [{**orders[row["OrderID"]], **row} for row in csv.DictReader(stream)]
    file = tmp_path / "northwind.csv"
    names = ["OrderID", "OrderDate", "CustomerID", "ProductID", "UnitPrice", "Quantity", "Discount"]
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    mapping = dict(
        zip(
            ["order", "date", "account", "offering", "unit_price", "quantity", "discount_rate"],
            names,
            strict=True,
        )
    )
    result = import_sales(file, mapping)
    assert (result["new"], result["accounts_created"]) == (2155, 89)
    assert sum(gross_by_account().values()) == Decimal("1265793.0395")
    before_discount = SalesLine.objects.aggregate(net=Sum("amount"), off=Sum("discount_amount"))
    assert before_discount["net"] + before_discount["off"] == Decimal("1354458.59")


def test_maven_deals_reach_their_total() -> None:
    folder = shared_data("maven-crm-sales-opportunities")
    mapping = {"order": "opportunity_id", "date": "close_date", "account": "account", "offering": "product"}
    result = import_sales(folder / "sales_pipeline.csv", mapping | {"amount": "close_value"})
    facts = json.loads((folder / "facts.json").read_text())
    assert (result["rows"], result["without_account"]) == (8800, facts["rows_without_account"])
    assert sum(gross_by_account().values()) == Decimal(str(facts["won_value_total"]))
    assert SalesOrder.objects.filter(gross__gt=0).count() == facts["by_stage"]["Won"]
