"""The roll-ups equal their lines, whatever was written, and the check notices when they do not."""

from datetime import date
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccountMonth, SalesLine, SalesOrder
from accounts.rollup import refresh_rollups, verify_rollups
from tests.factories import make_account, make_line, make_sales

pytestmark = pytest.mark.django_db
AMOUNTS = st.decimals("-999999.9999", "999999.9999", places=4)
DAYS = st.dates(date(2024, 1, 1), date(2024, 3, 31))


def test_it_adds_the_lines_of_an_order_gross_and_net() -> None:
    account = make_account()
    for amount in ("10.5", "20.25", "-5"):
        make_line(account, amount, date(2026, 3, 1), order_no="A")
    refresh_rollups([account.pk])
    order = SalesOrder.objects.get()
    assert (order.gross, order.net, order.lines, order.reversals) == (
        Decimal("30.75"),
        Decimal("25.75"),
        2,
        1,
    )


def test_a_month_counts_orders_with_a_positive_line_only() -> None:
    account = make_account()
    make_sales(account, [("10", date(2026, 3, 1)), ("-4", date(2026, 3, 9)), ("7", date(2026, 4, 1))])
    months = AccountMonth.objects.order_by("month").values_list("month", "gross", "net", "orders")
    assert list(months) == [
        (date(2026, 3, 1), Decimal(10), Decimal(6), 1),
        (date(2026, 4, 1), Decimal(7), Decimal(7), 1),
    ]


def test_a_month_adds_the_costs_that_are_stated() -> None:
    account = make_account()
    make_sales(account, [("10", date(2026, 3, 1)), ("20", date(2026, 3, 2))], cost_amount=Decimal("1.2345"))
    make_sales(account, [("10", date(2026, 3, 3)), ("7", date(2026, 4, 1))])
    months = AccountMonth.objects.order_by("month").values_list("month", "cost")
    assert list(months) == [(date(2026, 3, 1), Decimal("2.469")), (date(2026, 4, 1), None)]


def test_it_leaves_other_accounts_alone() -> None:
    one, other = make_account(), make_account()
    make_sales(one, [("10", date(2026, 3, 1))])
    make_line(other, "10")
    refresh_rollups([one.pk])
    assert not SalesOrder.objects.filter(account=other).exists()


def test_the_check_finds_a_line_without_roll_up_and_a_roll_up_without_line() -> None:
    account = make_account()
    make_line(account, "10")
    assert {d.table for d in verify_rollups()} == {"order"}
    refresh_rollups(None)
    assert verify_rollups() == []
    SalesLine.objects.all().delete()
    assert verify_rollups()


def test_the_check_finds_a_line_whose_account_is_gone() -> None:
    line = make_line(make_account(), "10")
    refresh_rollups(None)
    SalesOrder.objects.all().delete()
    AccountMonth.objects.all().delete()
    line.account.__class__.objects.filter(pk=line.account_id)._raw_delete("default")
    assert "line without account" in {d.table for d in verify_rollups()}


def test_the_command_fails_on_a_difference_and_repairs_it() -> None:
    make_line(make_account(), "10")
    with pytest.raises(CommandError):
        call_command("verify_rollups")
    call_command("verify_rollups", repair=True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(AMOUNTS, DAYS, st.sampled_from("ABC")), max_size=15))
def test_the_roll_up_is_the_exact_sum_of_its_lines(lines: list) -> None:
    account = make_account()
    for amount, day, order in lines:
        make_line(account, amount, day, order_no=order)
    refresh_rollups([account.pk])
    stored = list(SalesOrder.objects.filter(account=account).values_list("net", flat=True))
    assert sum(stored, Decimal(0)) == sum((amount for amount, _day, _order in lines), Decimal(0))
    assert verify_rollups() == []


def test_an_upgrade_fills_the_costs_of_the_months() -> None:
    account = make_account()
    make_sales(account, [("10", date(2026, 3, 1)), ("20", date(2026, 3, 2))], cost_amount=Decimal("1.2345"))
    make_sales(account, [("7", date(2026, 4, 1))])
    AccountMonth.objects.update(cost=None)
    migration = import_module("accounts.migrations.0008_month_costs")
    with connection.cursor() as cursor:
        migration.fill_costs(
            None,
            SimpleNamespace(connection=connection, execute=lambda sql, params: cursor.execute(sql, params)),
        )
    assert verify_rollups() == []
