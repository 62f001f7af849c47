"""The ledgers of all accounts say what the books of each one say, and the same retention as the formula."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.amounts import UNIT, from_units
from accounts.models import Account, Activity
from goals.actions.rates import set_rates
from goals.contributions import account_result
from goals.ledgers import ledgers_of, ledgers_of_accounts
from goals.models import AccountYear
from goals.pays import key_accounts_compared
from goals.periods import Period
from goals.portfolio_growth import portfolio_growth
from goals.retention import retention, retention_of_units
from tests.factories import make_account, make_sales

TODAY = date(2026, 1, 10)
BASE, NOW = Period(date(2024, 1, 1), date(2025, 1, 1)), Period(date(2025, 1, 1), date(2026, 1, 1))
amounts = st.integers(-10_000, 10_000)


@given(st.lists(st.tuples(amounts, amounts), max_size=8))
def test_columns_of_units_give_the_retention_of_the_formula(pairs: list[tuple[int, int]]) -> None:
    base, current = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    assert retention_of_units(base, current, Decimal(1)) == retention(pairs)


def worked(account: Account, day: date, minutes: int, by: Any) -> None:
    moment = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    Activity.objects.create(
        account=account, verb="meeting.held", actor=by, occurred_at=moment, minutes=minutes
    )


def test_they_equal_the_books_of_each_account(dana: Any) -> None:
    set_rates(hourly_rate=Decimal("80.01"), allowed_discount=Decimal(10), by=dana)
    costed, bare, silent = make_account(), make_account(), make_account()
    make_sales(
        costed, [("100.01", date(2024, 2, 1)), ("-7.77", date(2025, 2, 1))], cost_amount=Decimal("33.3333")
    )
    make_sales(costed, [("12.34", date(2025, 3, 1))])
    make_sales(bare, [("0.01", date(2025, 12, 31))])
    for account in (costed, bare, silent):
        worked(account, date(2025, 5, 5), 7, dana)
        AccountYear.objects.create(account=account, year=2025, other_cost=Decimal("1.11"))
    found = ledgers_of((BASE, NOW), dana)
    rows = {found.account(row): row for row in range(len(found.keys))}
    assert set(rows) == {costed.pk, bare.pk}
    for pk, row in rows.items():
        for column, period in enumerate((BASE, NOW)):
            one = account_result(Account.objects.get(pk=pk), period)
            assert from_units(int(found.revenue[row, column])) == one.contribution.net_revenue
            assert bool(found.costed[row, column]) == one.costed
            if found.sold[row, column]:
                assert from_units(int(found.contribution[row, column])) == one.contribution.contribution


def test_everybody_reads_the_ledgers_of_the_own_accounts(alice: Any, account: Any) -> None:
    other = make_account()
    for each in (account, other):
        make_sales(each, [(10, date(2025, 3, 1))])
    assert len(ledgers_of((NOW,), alice).keys) == 1
    assert ledgers_of((NOW,), alice).account(0) == account.pk
    assert ledgers_of_accounts((NOW,), [other.pk]).account(0) == other.pk


def test_without_sales_there_are_no_ledgers(dana: Any) -> None:
    assert ledgers_of((BASE, NOW), dana).revenue.shape == (0, 2)


def test_the_portfolio_names_who_grew_shrank_and_earned_less(dana: Any) -> None:
    up, down, worse, uncosted = (make_account(name=name) for name in ("Up", "Down", "Worse", "Uncosted"))
    for account, before, after in ((up, 100, 300), (down, 300, 100)):
        make_sales(account, [(before, date(2024, 3, 1)), (after, date(2025, 3, 1))])
    make_sales(worse, [(100, date(2024, 3, 1))], cost_amount=Decimal(20))
    make_sales(worse, [(110, date(2025, 3, 1))], cost_amount=Decimal(80))
    make_sales(uncosted, [(100, date(2024, 3, 1))])
    make_sales(uncosted, [(110, date(2025, 3, 1))], cost_amount=Decimal(80))
    page = portfolio_growth(dana, TODAY)
    assert page.winners[0].account == up
    assert [mover.account for mover in page.losers] == [down]
    assert [(mover.account, mover.movement.contribution_change) for mover in page.fell] == [
        (worse, Decimal(-50))
    ]
    assert (page.accounts, page.costed) == (4, 2)
    assert page.retention.nrr == pytest.approx(620 / 600)


def test_key_accounts_are_compared_by_what_their_quarters_left(dana: Any) -> None:
    start = date(2024, 1, 1)
    for number in range(10):
        for key in (True, False):
            account = make_account(industry="Steel", key_since=date(2023, 1, 1) if key else None)
            make_sales(account, [(1000 + number, date(2023, 5, 1))])
            for quarter in range(8):
                day = start + timedelta(days=91 * quarter + 20)
                make_sales(account, [(100 + 10 * quarter * key, day)], cost_amount=Decimal(50))
    found = key_accounts_compared(dana, TODAY)
    assert len(found.pairs) == 10
    assert found.difference == pytest.approx(40)


def test_many_accounts_need_as_many_statements_as_few(dana: Any, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        make_sales(make_account(), [(100, date(2024, 5, 5)), (90, date(2025, 5, 5))])
    with django_assert_max_num_queries(20):
        portfolio_growth(dana, TODAY)


def test_the_retention_is_that_of_units_to_the_cent(dana: Any) -> None:
    make_sales(make_account(), [("0.01", date(2024, 5, 5)), ("0.03", date(2025, 5, 5))])
    assert portfolio_growth(dana, TODAY).retention.expansion == 200 * UNIT
