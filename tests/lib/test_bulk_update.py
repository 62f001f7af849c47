"""Many rows changed by one call, on either database."""

import pytest

from accounts.models import Account
from kam.lib.bulk import in_steps, update_objects
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_it_writes_the_named_fields_of_every_row_and_no_other(monkeypatch) -> None:
    monkeypatch.setattr("kam.lib.bulk.ROWS_A_STATEMENT", 2)
    accounts = [make_account(f"Firm {number}", city="Ulm") for number in range(5)]
    untouched = make_account("Untouched", city="Ulm")
    for number, account in enumerate(accounts):
        account.city, account.industry, account.employees = (
            f"100 % of «{number}»; it's",
            "Steel",
            number or None,
        )
    update_objects(accounts, ["city", "employees"])
    found = Account.objects.filter(pk__in=[a.pk for a in accounts]).order_by("name")
    expected = [(f"100 % of «{n}»; it's", "", n or None) for n in range(5)]
    assert list(found.values_list("city", "industry", "employees")) == expected
    untouched.refresh_from_db()
    assert untouched.city == "Ulm"


def test_nothing_is_no_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        update_objects([], ["city"])


def test_steps_hold_all_rows() -> None:
    assert list(in_steps(range(5), 2)) == [[0, 1], [2, 3], [4]]
