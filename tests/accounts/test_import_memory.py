"""What an import keeps in memory does not grow with the file."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.actions import imports
from tests.accounts.test_import_sales import run

pytestmark = pytest.mark.django_db
FEW, PIECE = 1_000, 100


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.imports.sales.ROWS_A_PIECE", PIECE)
    monkeypatch.setattr("accounts.imports.accounts.ROWS_A_PIECE", PIECE)
    monkeypatch.setattr("accounts.imports.remembered.MEMORY", PIECE)
    monkeypatch.setattr("kam.lib.tabular.reader.ROWS_A_STEP", PIECE)
    monkeypatch.setattr("kam.lib.tabular.textfile.CHARACTERS", 10 * PIECE)


def peak_of(work: Callable[[], Any]) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def sales_file(rows: int) -> str:
    lines = [
        f"A{n // 10},2026-03-{n % 28 + 1:02},{n % 40 if n % 5 else ''},P{n % 30},{n % 7},2.5\n"
        for n in range(rows)
    ]
    return "order,date,account,product,quantity,unit_price\n" + "".join(lines)


def accounts_file(rows: int) -> str:
    return "customer id,name,city\n" + "".join(f"{n},Customer {n % 50},Ulm\n" for n in range(rows))


def peak_of_import(kind: str, job: str, text: str) -> int:
    options = {"mode": "update"} if kind == "accounts" else {}
    file = ContentFile(text.encode(), name="a.csv")
    batch = imports.receive_file(file, by=None, kind=kind, options=options, source=f"{len(text)}")
    del file, text
    return peak_of(lambda: run(job, batch))


@pytest.mark.parametrize("job", [imports.CHECK, imports.COMMIT])
def test_four_times_the_sales_need_no_more_memory(job: str) -> None:
    peak_of_import("sales", job, sales_file(PIECE))  # what is loaded once
    once = peak_of_import("sales", job, sales_file(FEW))
    assert peak_of_import("sales", job, sales_file(4 * FEW)) < 1.2 * once


def test_four_times_the_accounts_need_little_more_memory() -> None:
    """Each row leaves its match key behind, to find it again further down in the file."""
    peak_of_import("accounts", imports.CHECK, accounts_file(PIECE))
    once = peak_of_import("accounts", imports.CHECK, accounts_file(FEW))
    assert peak_of_import("accounts", imports.CHECK, accounts_file(4 * FEW)) < once + 3 * FEW * 250
