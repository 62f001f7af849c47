import csv
import json
from collections import Counter

import pytest
import xlsxwriter

from kam.lib.tabular.reader import open_table
from kam.lib.tabular.values import detect_date_order, parse_date, parse_decimal
from tests.shared_data import shared_data

pytestmark = pytest.mark.acceptance


def test_the_retail_file_reads_every_row():
    folder = shared_data("online-retail-2010-2011")
    table = open_table(folder / "online_retail_2010_2011.csv.gz")
    column = {name: index for index, name in enumerate(table.header)}
    rows = customers = 0
    total = parse_decimal("0")
    for _, cells in table.rows():
        rows += 1
        customers += cells[column["CustomerID"]] != ""
        parse_date(cells[column["InvoiceDate"]], "ymd")
        total += parse_decimal(cells[column["Quantity"]]) * parse_decimal(cells[column["UnitPrice"]])
    assert table.packed
    assert detect_date_order(table.column(column["InvoiceDate"])) == ("ymd", False)
    assert (rows, rows - customers) == (541_909, 135_080)
    assert round(total, 4) == parse_decimal("9747747.9340")


@pytest.mark.parametrize(
    ("name", "rows"),
    [("customers", 91), ("orders", 830), ("order_details", 2155), ("products", 77), ("employees", 9)],
)
def test_northwind_reads_the_same_from_csv_and_xlsx(name, rows, tmp_path):
    path = shared_data("northwind") / f"{name}.csv"
    with xlsxwriter.Workbook(tmp_path / "copy.xlsx") as book, path.open(newline="") as source:
        sheet = book.add_worksheet()
        for number, cells in enumerate(csv.reader(source)):
            sheet.write_row(number, 0, [cell or None for cell in cells])
    read = list(open_table(path).rows())
    assert len(read) == rows
    assert list(open_table(tmp_path / "copy.xlsx").rows()) == read


def test_unquoted_commas_are_reported_and_never_shift_columns():
    problems = []
    path = shared_data("northwind") / "quirks" / "customers_unquoted_commas.csv"
    rows = list(open_table(path).rows(problems.append))
    assert (len(rows), len(problems)) == (67, 24)
    assert {p.code for p in problems} == {"too_many_cells"}


def test_cdnow_summaries_are_tables_and_its_fixed_columns_are_not():
    folder = shared_data("cdnow")
    assert sum(1 for _ in open_table(folder / "cdnow_customers_summary.csv").rows()) == 2357
    with pytest.raises(Exception, match="No columns"):
        open_table(folder / "CDNOW_sample.txt")


def test_the_maven_pipeline_reads_every_row():
    folder = shared_data("maven-crm-sales-opportunities")
    stages = Counter(cells[4] for _, cells in open_table(folder / "sales_pipeline.csv").rows())
    assert stages == {"Won": 4238, "Engaging": 1589, "Lost": 2473, "Prospecting": 500}
    assert sum(1 for _ in open_table(folder / "accounts.csv").rows()) == 85


@pytest.mark.parametrize(
    ("data_set", "name", "column", "order"),
    [
        ("accounts-receivable", "accounts_receivable.csv", "InvoiceDate", "mdy"),
        ("crm-exports", "salesforce/Opportunity.csv", "CreatedDate", "mdy"),
        ("crm-exports", "hubspot/Sample_Deal_Import-1.csv", "Close Date", "ymd"),
    ],
)
def test_it_proves_the_order_of_real_dates(data_set, name, column, order):
    table = open_table(shared_data(data_set) / name)
    cells = [row[table.header.index(column)] for _, row in table.rows(lambda problem: None)]
    assert detect_date_order(cells) == (order, False)


@pytest.mark.parametrize("data_set", ["companies-germany", "geo-cities", "er-organisations-chicago"])
def test_every_row_of_other_real_files_is_read_as_the_facts_say(data_set):
    folder = shared_data(data_set)
    facts = json.loads((folder / "facts.json").read_text())
    for name, fact in facts.items():
        if isinstance(fact, dict) and "rows" in fact and (folder / name).is_file():
            assert sum(1 for _ in open_table(folder / name).rows()) == fact["rows"]
