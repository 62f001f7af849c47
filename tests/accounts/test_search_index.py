"""The index of the search box: used where there is one, and not needed to find."""

import logging
from typing import Any

import pytest
from django.db import connection

from accounts import search_index
from accounts.models import Account
from tests.factories import make_account, make_user

INDEX = "account_by_all_words" if connection.vendor == "sqlite" else "account_by_words"
pytestmark = pytest.mark.django_db
plans_are_ours = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the plan of a small table is PostgreSQL's own choice"
)


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Account._meta.db_table)
    return {name for name, what in found.items() if what["index"]}


def test_migrate_lays_the_index() -> None:
    assert INDEX in indexes()


@plans_are_ours
def test_search_in_the_order_of_names_reads_the_index() -> None:
    plan = Account.objects.search("mueller").order_by("sort_key", "id")[:9].explain()
    assert INDEX in plan


def test_an_index_that_went_is_laid_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {INDEX}")
    search_index.lay_search_index(using="default")
    assert INDEX in indexes()


def test_without_the_right_to_lay_it_search_finds_the_same(monkeypatch: Any, caplog: Any) -> None:
    account = make_account("Müller Maschinenbau GmbH")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {INDEX}")
    refused = {connection.vendor: ("CREATE EXTENSION that_nobody_has",)}
    monkeypatch.setattr(search_index, "STATEMENTS", refused)
    with caplog.at_level(logging.WARNING):
        search_index.lay_search_index(using="default")
    assert "search has no index" in caplog.text
    for words in ("Müller", "MUELLER", "mueller gmbh"):
        assert list(Account.objects.search(words)) == [account]


@plans_are_ours
def test_twins_are_looked_for_by_indexes_where_most_accounts_have_neither_domain_nor_vat_id() -> None:
    for number in range(60):
        make_account(f"Kunde {number}")
    known = make_account("Müller Maschinenbau GmbH", domain="mueller.example", vat_id="DE123456789")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = Account.objects.filter(pk=known.pk).with_twin(make_user(role="leader")).explain()
    assert "account_by_known_domain" in plan and "account_by_known_vat_id" in plan
    assert "SCAN" not in plan.replace("SCALAR", "")
