"""The account list as a file."""

from pathlib import Path
from typing import Any

from kam.lib.tabular.reader import open_table
from tests.factories import make_account


def csv_of(client: Any, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/accounts/export.csv?{query}", headers={"Accept-Language": language})
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_it_holds_what_the_list_shows(sign_in: Any, account: Any, alice: Any, charlie: Any) -> None:
    make_account("Foreign", owner=charlie)
    make_account("Other", owner=alice, external_id="C-1")
    lines = csv_of(sign_in(alice), "q=mueller&columns=city,owner").splitlines()
    assert lines == [
        "Account,Legal name,External ids,Account manager,City",
        f"{account.name},{account.name},,Alice Amann,Köln",
    ]


def test_it_holds_every_page(sign_in: Any, alice: Any) -> None:
    for number in range(410):
        make_account(f"Customer {number:03d}", owner=alice)
    lines = csv_of(sign_in(alice), "columns=city").splitlines()
    assert (len(lines), len(set(lines))) == (411, 411)


def test_a_formula_stays_text(sign_in: Any, alice: Any) -> None:
    make_account("=cmd|' /C calc'!A0", owner=alice)
    assert not csv_of(sign_in(alice), "columns=city").splitlines()[1].startswith("=")


def test_it_is_a_workbook_too(sign_in: Any, account: Any, alice: Any, tmp_path: Path) -> None:
    answer = sign_in(alice).get("/accounts/export.xlsx")
    file = tmp_path / "accounts.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    assert next(open_table(file).rows())[1][0] == account.name
