"""An undo restores exactly, and keeps what people changed since."""

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.actions import imports
from accounts.actions.accounts import update_account
from accounts.models import (
    Account,
    AccountMonth,
    AccountReference,
    Offering,
    SalesLine,
    SalesOrder,
)
from accounts.rollup import verify_rollups
from goals.models import Contract
from kam.integrations.models import ImportBatch
from tests.accounts.test_import_sales import FILE, HEADER, run, upload
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
TABLES = (Account, AccountReference, Offering, SalesLine, SalesOrder, AccountMonth)


def everything() -> list[list[dict[str, Any]]]:
    hidden = {"updated_at"}
    own = {SalesOrder: {"id"}, AccountMonth: {"id"}}
    return [
        sorted(
            [
                {k: v for k, v in row.items() if k not in hidden | own.get(m, set())}
                for row in m.objects.values()
            ],
            key=str,
        )
        for m in TABLES
    ]


def committed(text: str, **values: Any) -> ImportBatch:
    batch = upload(text, **values)
    run(imports.COMMIT, batch)
    return batch


def test_undo_returns_to_the_former_state() -> None:
    committed(HEADER + "Z1,2026-01-01,C1,P1,5,5,Italy\n")
    before = everything()
    batch = committed(FILE)
    assert everything() != before
    run(imports.UNDO, batch)
    assert everything() == before
    assert verify_rollups() == []


def test_undo_of_the_first_import_leaves_nothing() -> None:
    run(imports.UNDO, committed(FILE))
    assert everything() == [[]] * len(TABLES)


def test_undo_restores_changed_lines() -> None:
    committed(FILE)
    before = everything()
    batch = committed(FILE.replace("A2,2026-03-02,C2,P2,1,0", "A2,2026-03-02,C2,P2,1,8"))
    result = run(imports.UNDO, batch)
    assert result["lines_restored"] == 1
    assert everything() == before


def test_a_line_that_a_later_import_corrected_outlives_the_undo_of_the_first() -> None:
    first = committed(FILE)
    second = committed(FILE.replace("A2,2026-03-02,C2,P2,1,0", "A2,2026-03-02,C2,P2,1,8"))
    run(imports.UNDO, first)
    assert list(SalesLine.objects.values_list("order_no", flat=True)) == ["A2"]
    run(imports.UNDO, second)
    assert not SalesLine.objects.exists()


def test_an_account_that_somebody_changed_stays_and_is_named(dana) -> None:
    batch = committed(FILE)
    account = Account.objects.get(references__external_id="C1")
    update_account(account, values={"city": "Wien"}, by=dana)
    result = run(imports.UNDO, batch)
    assert [row["label"] for row in result["kept_rows"]] == ["C1"]
    assert Account.objects.get().city == "Wien"
    assert not SalesLine.objects.exists()


def test_an_account_that_somebody_uses_stays(dana) -> None:
    batch = committed(FILE)
    make_contact(Account.objects.get(references__external_id="C2"))
    assert run(imports.UNDO, batch)["kept"] == 1
    assert Account.objects.count() == 1


def test_an_account_with_lines_of_another_import_stays() -> None:
    batch = committed(FILE)
    committed(HEADER + "Z1,2026-01-01,C1,P1,5,5,Italy\n")
    run(imports.UNDO, batch)
    assert [row.external_id for row in AccountReference.objects.all()] == ["C1"]
    assert SalesLine.objects.count() == 1
    assert Offering.objects.get().code == "P1"


def test_an_offering_that_somebody_uses_stays_with_what_uses_it() -> None:
    batch = committed(FILE)
    contract = Contract.objects.create(
        account=make_account("Other"),
        title="Supply",
        offering=Offering.objects.get(code="P1"),
        start_on=date(2026, 1, 1),
        end_on=date(2026, 12, 31),
    )
    result = run(imports.UNDO, batch)
    contract.refresh_from_db()
    assert contract.offering is not None
    assert [(row["table"], row["label"]) for row in result["kept_rows"]] == [("offering", "P1")]
    assert result["offerings_removed"] == 1


def test_undo_of_accounts_restores_former_values_unless_changed_since(dana) -> None:
    one = make_account("One GmbH", external_id="1", city="Bonn")
    two = make_account("Two GmbH", external_id="2", city="Bonn")
    text = "id,name,city,industry\n1,One AG,Köln,Steel\n2,Two AG,Köln,Steel\n3,Three AG,Ulm,Wood\n"
    batch = imports.receive_file(ContentFile(text.encode(), name="a.csv"), by=None, kind="accounts")
    run(imports.COMMIT, batch)
    two.refresh_from_db()
    update_account(two, values={"city": "Mainz"}, by=dana)
    result = run(imports.UNDO, batch)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.name, one.city, one.industry, one.version) == ("One GmbH", "Bonn", "", 1)
    assert (two.name, two.city) == ("Two GmbH", "Mainz")
    assert (result["accounts_removed"], result["kept"]) == (1, 1)
    assert Account.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_import_and_its_undo_work_outside_any_transaction_of_the_caller() -> None:
    run(imports.UNDO, committed(FILE))
    assert everything() == [[]] * len(TABLES)
