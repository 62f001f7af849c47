"""Many rows written and changed by one call, on either database."""

import pytest
from django.db import DataError, connection, transaction

from accounts.models import Account, Activity
from kam.lib.bulk import in_steps, insert_rows, update_objects
from kam.lib.ids import uuid7
from tests.factories import make_account, make_user

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


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite bounds no text")
    account = make_account("Firm")
    account.city = "x" * 500
    with pytest.raises(DataError), transaction.atomic():
        update_objects([account], ["city"])


def test_rows_are_written_with_every_mark_that_a_text_can_hold() -> None:
    marks = ["", "\\N", "\\", "a\tb\nc\rd", "«ß»|'\"", "%s", "\\."]
    author = make_user()
    details = [{"before": mark, "after": [None, True, 1.5, {"inner": mark}]} for mark in marks]
    insert_rows(
        Activity(verb="note", actor=author),
        {"id": [uuid7() for _ in marks], "body": marks, "minutes": [None, *range(6)], "details": details},
    )
    found = Activity.objects.filter(verb="note").order_by("id")
    expected = list(zip(marks, [None, *range(6)], details, strict=True))
    assert list(found.values_list("body", "minutes", "details")) == expected
    assert {entry.actor for entry in found} == {author}


def test_no_rows_are_no_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        insert_rows(Activity(verb="note"), {"id": [], "body": []})
