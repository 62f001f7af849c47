"""A sales file that comes again without some of its columns: what it says nothing about stays as it is stored."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest

from accounts.actions import imports
from accounts.models import CurrencyRate, SalesLine
from accounts.rollup import verify_rollups
from kam.integrations.models import ImportBatch
from tests.accounts.test_import_sales import bring_in, run, tally, upload

pytestmark = pytest.mark.django_db
HEADER = "order,date,account,account_name,offering,quantity,unit_price,amount,discount_amount,cost,country,currency"
NAMES = HEADER.split(",")
ROWS = [
    "A1,2026-03-01,C1,Nord AG,P1,2,10.50,20,1,12,Germany,EUR",
    "A1,2026-03-01,C1,Nord AG,P1,2,10.50,20,1,13,Austria,EUR",
    "A1,2026-03-01,C1,Nord AG,P2,3,1.123456,3.37,,,Germany,EUR",
    "A2,2026-03-02,C2,Süd AG,P1,-1,10.50,-10,,6,France,EUR",
    "A3,2026-03-02,C2,Süd AG,P1,4,5,20,2,9,France,USD",
    "A3,2026-03-02,C2,Süd AG,P1,4,5,20,2,9,France,USD",
]
OPTIONAL = (
    ["amount"],
    ["unit_price"],
    ["quantity"],
    ["quantity", "unit_price"],
    ["country"],
    ["account_name"],
    ["discount_amount"],
    ["cost"],
    ["currency"],
    ["offering"],
    ["amount", "discount_amount", "cost", "country", "currency", "account_name"],
)


@pytest.fixture(autouse=True)
def rates() -> None:
    CurrencyRate.objects.create(currency="USD", valid_from=date(2026, 3, 1), rate=Decimal("0.913"))


def table(rows: Sequence[str], without: Sequence[str] = (), **changed: str) -> str:
    """Return rows as a file without some columns; ``changed`` sets a column of the first row."""
    kept = [name for name in NAMES if name not in without]
    file = StringIO()
    writer = csv.DictWriter(file, kept, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    dicts = [dict(zip(NAMES, row.split(","), strict=True)) for row in rows]
    writer.writerows([dicts[0] | changed, *dicts[1:]])
    return file.getvalue()


def stored(*leaving_out: str) -> list[dict]:
    lines = list(SalesLine.objects.order_by("pk").values())
    return [{name: value for name, value in line.items() if name not in leaving_out} for line in lines]


@pytest.mark.parametrize("without", OPTIONAL, ids=" ".join)
@pytest.mark.parametrize("piece", [5000, 1])
def test_a_column_that_the_file_lacks_changes_nothing(monkeypatch, without: list[str], piece: int) -> None:
    monkeypatch.setattr("accounts.imports.sales.ROWS_A_PIECE", piece)
    first = bring_in(table(ROWS))
    before = stored()
    batch = upload(table(ROWS, without))
    checked = run(imports.CHECK, batch)
    assert tally(checked) == (6, 0, 6, 0, 0, 0)
    assert run(imports.COMMIT, batch) == checked
    assert stored() == before
    assert (checked["gross"], checked["net"]) == (first["gross"], first["net"])
    assert tally(bring_in(table(ROWS))) == (6, 0, 6, 0, 0, 0)


@pytest.mark.parametrize("without", OPTIONAL[4:], ids=" ".join)
def test_a_changed_line_keeps_what_the_file_lacks(without: list[str]) -> None:
    rows = [ROWS[0], *ROWS[2:]]
    bring_in(table(rows))
    before = stored()
    corrected = table(rows, without, quantity="5")
    batch = upload(corrected)
    checked = run(imports.CHECK, batch)
    assert run(imports.COMMIT, batch) == checked
    assert tally(checked) == (5, 0, 4, 1, 0, 0)
    line = SalesLine.objects.get(batch=batch)
    assert (line.quantity, line.country, line.currency) == (5, "Germany", "EUR")
    assert (line.discount_amount, line.cost_amount, line.offering.code) == (1, 12, "P1")
    assert line.amount == (Decimal("52.5") if "amount" in without else 20)
    assert verify_rollups() == []
    assert tally(bring_in(corrected)) == (5, 0, 5, 0, 0, 0)
    run(imports.UNDO, batch)
    assert stored() == before


def test_the_whole_file_after_a_changed_one_finds_its_lines() -> None:
    rows = [ROWS[0], *ROWS[2:]]
    bring_in(table(rows))
    bring_in(table(rows, ["country", "cost"], quantity="5"))
    assert tally(bring_in(table(rows, quantity="5"))) == (5, 0, 5, 0, 0, 0)


def test_a_column_that_is_there_but_empty_clears() -> None:
    bring_in(table(ROWS[:1]))
    assert tally(bring_in(table(ROWS[:1], country="", cost="", discount_amount=""))) == (1, 0, 0, 1, 0, 0)
    (change,) = ImportBatch.objects.latest("created_at").changes
    assert change["fields"] == [
        ["discount_amount", "1.0000", ""],
        ["cost", "12.0000", ""],
        ["country", "Germany", ""],
    ]
    line = SalesLine.objects.get()
    assert (line.country, line.cost_amount, line.discount_amount) == ("", None, None)


@pytest.mark.parametrize("piece", [5000, 1])
def test_one_more_of_a_repeated_line_is_new(monkeypatch, piece: int) -> None:
    monkeypatch.setattr("accounts.imports.sales.ROWS_A_PIECE", piece)
    bring_in(table(ROWS))
    more = [ROWS[0], ROWS[4], *ROWS]
    batch = upload(table(more, ["country", "cost"]))
    checked = run(imports.CHECK, batch)
    assert run(imports.COMMIT, batch) == checked
    assert tally(checked) == (8, 2, 6, 0, 0, 0)
    assert tally(bring_in(table(more, ["country", "cost"]))) == (8, 0, 8, 0, 0, 0)


def test_line_numbers_that_the_file_lacks_stay() -> None:
    head = "order,date,account,offering,quantity,unit_price,pos\n"
    rows = ["A1,2026-03-01,C1,P1,2,5,1\n", "A1,2026-03-01,C1,P1,2,5,2\n", "A1,2026-03-01,C1,P1,3,5,3\n"]
    bring_in(head + "".join(rows))
    before = stored()
    bare = [row.rsplit(",", 1)[0] + "\n" for row in rows]
    assert tally(bring_in(head.replace(",pos", "") + "".join(bare))) == (3, 0, 3, 0, 0, 0)
    assert stored() == before
    bare[2] = bare[2].replace(",3,5", ",4,5")
    assert tally(bring_in(head.replace(",pos", "") + "".join(bare))) == (3, 0, 2, 1, 0, 0)
    rows[2] = rows[2].replace(",3,5", ",4,5")
    assert tally(bring_in(head + "".join(rows))) == (3, 0, 3, 0, 0, 0)


def test_a_known_line_number_keeps_what_the_file_lacks() -> None:
    head = "order,date,account,offering,quantity,unit_price,country,pos\n"
    bring_in(head + "A1,2026-03-01,C1,P1,2,5,Germany,1\nA1,2026-03-01,C1,P1,2,5,Austria,2\n")
    bare = head.replace(",country", "") + "A1,2026-03-01,C1,P1,2,5,1\nA1,2026-03-01,C1,P1,3,5,2\n"
    assert tally(bring_in(bare)) == (2, 0, 1, 1, 0, 0)
    assert list(SalesLine.objects.order_by("line_no").values_list("quantity", "country")) == [
        (2, "Germany"),
        (3, "Austria"),
    ]


def test_line_numbers_that_are_new_to_the_file_double_nothing() -> None:
    head = "order,date,account,offering,quantity,unit_price\n"
    rows = ["A1,2026-03-01,C1,P1,2,5", "A1,2026-03-01,C1,P1,2,5", "A1,2026-03-01,C1,P1,3,5"]
    bring_in(head + "\n".join(rows))
    numbered = [f"{row},{number}" for number, row in enumerate(rows, 1)]
    text = head.replace("price", "price,pos") + "\n".join(numbered)
    assert tally(bring_in(text)) == (3, 0, 0, 3, 0, 0)
    assert set(SalesLine.objects.values_list("line_no", flat=True)) == {"1", "2", "3"}
    assert tally(bring_in(text)) == (3, 0, 3, 0, 0, 0)
