"""A file in pieces, and a run that goes on in the middle of it."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.actions import imports
from accounts.imports import sales
from accounts.imports.pieces import pieces
from accounts.imports.writing import any_order_stored
from accounts.models import Account, Contact, SalesLine
from kam.integrations.jobs import JobRun
from kam.integrations.models import ImportBatch, Job
from tests.accounts.test_import_sales import run, upload
from tests.factories import make_account

NAMED = {"order": "order", "date": "date", "account": "account", "account_name": "customer_name"}
NAMED |= {"offering": "stock_code", "quantity": "quantity", "unit_price": "unit_price"}
ORDERS = [(number, [f"A{number // 3}"]) for number in range(2, 32)]


def cut(size: int, border: int = 0) -> list[list[int]]:
    found = pieces(iter(ORDERS), size, lambda row: row[1][0], border)
    return [[number for number, _cells in piece] for piece in found]


def test_pieces_end_where_an_order_ends() -> None:
    assert [piece[-1] for piece in cut(10)] == [11, 23, 31]
    assert list(chain.from_iterable(cut(10))) == [number for number, _cells in ORDERS]


@pytest.mark.parametrize("size", [1, 3, 7, 10, 100])
@pytest.mark.parametrize("border", [2, 11, 20, 31, 99])
def test_a_piece_ends_at_the_border_whatever_its_size(size: int, border: int) -> None:
    found = cut(size, border)
    assert list(chain.from_iterable(found)) == [number for number, _cells in ORDERS]
    assert not [piece for piece in found if piece[0] <= border < piece[-1]]


class Died(Exception):
    """What kill -9 is to a test."""


class Dying(JobRun):
    """A run that dies after its first checkpoint."""

    def report(self, progress: float, message: str = "", **params: Any) -> None:
        if "row" in self.cursor:
            raise Died


@pytest.fixture
def job(db: None) -> Iterator[Job]:
    yield Job.objects.create(kind=imports.COMMIT, state=Job.State.RUNNING, attempts=1)


def resumed(batch: ImportBatch, job: Job, monkeypatch: pytest.MonkeyPatch, module: str) -> dict[str, Any]:
    monkeypatch.setattr(f"accounts.imports.{module}.ROWS_A_PIECE", 2)
    with pytest.raises(Died):
        imports.commit_import(batch, run=Dying(job))
    monkeypatch.setattr(f"accounts.imports.{module}.ROWS_A_PIECE", 3)
    job.refresh_from_db()
    assert job.cursor["row"] == 3
    return imports.commit_import(batch, run=JobRun(job))


def test_sales_go_on_with_pieces_of_another_size(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    head = "order,date,account,stock_code,quantity,unit_price\n"
    rows = [f"A{number},2026-03-01,C{number},P1,1,5\n" for number in range(8)]
    result = resumed(upload(head + "".join(rows)), job, monkeypatch, "sales")
    assert (result["rows"], result["new"], result["accounts_created"]) == (8, 8, 8)
    assert SalesLine.objects.count() == 8


def test_a_job_killed_after_its_work_ends_as_one_that_did_it(job: Job) -> None:
    text = "order,date,account,stock_code,quantity,unit_price\nA1,2026-03-01,C1,P1,1,5\n"
    batch = upload(text)
    for work in (imports.commit_import, imports.undo_import):
        ImportBatch.objects.filter(pk=batch.pk).update(job=job)
        batch.refresh_from_db()
        first = work(batch, run=JobRun(job))
        batch.refresh_from_db()
        assert work(batch, run=JobRun(job)) == first


def test_an_account_is_named_by_the_pieces_up_to_its_first_line(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a thread has read by then of the pieces after them."""
    monkeypatch.setattr("accounts.imports.sales.ROWS_A_PIECE", 1)
    head = "order,date,account,customer_name,stock_code,quantity,unit_price\n"
    text = f"{head}A1,2026-03-01,C1,,P1,1,5\nA2,2026-03-01,C1,Late,P1,1,5\nA3,2026-03-01,C2,Early,P1,1,5\n"
    batch = upload(text, mapping=NAMED)
    run(imports.COMMIT, batch)
    assert set(Account.objects.values_list("name", flat=True)) == {"C1", "Early"}


def test_lines_that_another_import_wrote_in_the_meantime_are_looked_up_again(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "order,date,account,stock_code,quantity,unit_price\n"
    text = f"{head}A1,2026-03-01,C1,P1,1,5\nA2,2026-03-01,C1,P1,1,5\n"
    run(imports.COMMIT, upload(text))
    looks = iter([lambda keys: False])
    monkeypatch.setattr(sales, "any_order_stored", lambda keys: next(looks, any_order_stored)(keys))
    result = run(imports.COMMIT, upload(text + "A3,2026-03-01,C1,P1,1,5\n"))
    assert (result["new"], result["unchanged"], SalesLine.objects.count()) == (1, 2, 3)


def test_accounts_go_on_with_pieces_of_another_size(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"{number},Customer {number}\n" for number in range(8))
    file = ContentFile(f"customer id,name\n{rows}".encode(), name="a.csv")
    batch = imports.receive_file(file, by=None, kind="accounts")
    result = resumed(batch, job, monkeypatch, "accounts")
    assert (result["rows"], result["new"], result["unchanged"]) == (8, 8, 0)
    assert Account.objects.count() == 8


def test_people_of_an_account_that_a_killed_run_created_come_in(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "1,Nord,Eva Lang\n2,Süd,Karl Ott\n1,Nord,Jan Kurz\n1,Nord,Eva Lang\n2,Süd,Ida Wolf\n"
    file = ContentFile(f"customer id,company name,contact name\n{rows}".encode(), name="a.csv")
    batch = imports.receive_file(file, by=None, kind="accounts")
    result = resumed(batch, job, monkeypatch, "accounts")
    assert (result["new"], result["changed"], result["unchanged"], result["rejected"]) == (2, 2, 1, 0)
    people = Contact.objects.order_by("account__name", "last_name")
    assert [f"{person.account}: {person}" for person in people] == [
        "Nord: Jan Kurz",
        "Nord: Eva Lang",
        "Süd: Karl Ott",
        "Süd: Ida Wolf",
    ]


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"match": "domain"}, {"ambiguous": 1}),
        ({"match": "domain", "mode": "create"}, {"ambiguous": 1, "exists": 1}),
    ],
)
def test_accounts_that_go_on_name_every_refusal_again(
    job: Job, monkeypatch: pytest.MonkeyPatch, options: dict[str, str], refused: dict[str, int]
) -> None:
    """What stayed out before the kill is counted, listed and in the error file, as if nothing had happened."""
    for name, domain in (("Twin One", "twin.example"), ("Twin Two", "twin.example"), ("Old", "old.example")):
        make_account(name, domain=domain)
    names = ("twin", "old", *(f"new{number}" for number in range(6)))
    rows = "".join(f"{name.title()},{name}.example\n" for name in names)
    rows += "Twice,new0.example\n"
    file = ContentFile(f"name,domain\n{rows}".encode(), name="a.csv")
    batch = imports.receive_file(file, by=None, kind="accounts", options=options)
    expected = run(imports.CHECK, batch)
    result = resumed(batch, job, monkeypatch, "accounts")
    assert {reason["code"]: reason["rows"] for reason in result["reasons"]} == refused | {"twice": 1}
    assert result == expected
    batch.refresh_from_db()
    assert len(batch.problems) == len(refused) + 1
    assert batch.error_file.read().decode("utf-8-sig").count("twin.example") == 1
