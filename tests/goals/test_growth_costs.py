"""Costs no sales line states, discounts above the policy, the monthly chart and what becomes of anticipations."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Task
from accounts.rollup import refresh_rollups
from goals.contributions import account_result
from goals.costs import leakage_of
from goals.forecast import Accuracy, Backtest, Forecast
from goals.models import AccountYear, Goal
from goals.months_chart import months_chart
from goals.periods import Period
from tests.factories import make_line, make_offering, make_sales

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def test_imported_costs_lower_the_contribution_by_the_part_of_the_year(account: Any) -> None:
    make_sales(account, [(1000, date(2026, 2, 1))])
    AccountYear.objects.create(account=account, year=2026, other_cost=365)
    assert account_result(account, YEAR).contribution.contribution == 635
    january = account_result(account, Period(date(2026, 1, 1), date(2026, 3, 1)))
    assert january.books.other_costs == 59
    over_new_year = account_result(account, Period(date(2025, 12, 1), date(2026, 2, 1)))
    assert over_new_year.books.other_costs == 31


def test_only_what_lies_above_the_policy_leaks(account: Any) -> None:
    make_line(account, 80, date(2026, 2, 1), discount_amount=Decimal(20))
    make_line(account, 95, date(2026, 2, 2), discount_amount=Decimal(5))
    found = leakage_of(account, YEAR)
    assert (found.granted, found.leaked) == (25, 10)


def test_what_was_reversed_has_not_leaked_and_granted_is_the_discounts(account: Any) -> None:
    for amount, discount in ((80, 20), (-80, -20), (85, 15)):
        make_line(account, amount, date(2026, 2, 1), discount_amount=Decimal(discount))
    refresh_rollups([account.pk])
    found = leakage_of(account, YEAR)
    assert (found.granted, found.leaked) == (account_result(account, YEAR).books.discounts, 5) == (15, 5)


def chart(**values: Any) -> Any:
    months = [(date(2025 + n // 12, n % 12 + 1, 1), Decimal(100 + n)) for n in range(22)]
    asked = {"months": months, "plans": {}, "ahead": None, "current": Decimal(0), "currency": "EUR"} | values
    return months_chart(**asked)


def test_the_chart_has_actual_previous_year_and_plan() -> None:
    found = chart(plans={2026: Decimal(2400)})
    assert len(found.table.header) == 4
    assert len(found.table.rows) == 12
    assert "200" in found.table.rows[-1][3]


def test_a_forecast_and_the_month_under_way_are_marked() -> None:
    accuracy = Accuracy(1.0, None, 0.1)
    ahead = Forecast(
        (120.0, 121.0), (-5.0, 100.0), (140.0, 141.0), 0.8, Backtest(9, accuracy, Accuracy(2.0, None, 0.2))
    )
    found = chart(ahead=ahead, current=Decimal(40))
    assert len(found.table.rows) == 14
    assert found.table.rows[12][0].endswith("*")
    assert "url(#hatch)" in found.svg


def test_without_sales_there_is_no_chart() -> None:
    assert chart(months=[]) is None


@pytest.mark.parametrize("kind", ["order", "cross-sell", "saturation", ""])
def test_an_anticipation_becomes_one_task(sign_in: Any, alice: Any, account: Any, kind: str) -> None:
    body = {"kind": kind, "offering": str(make_offering("P", name="Pumps").pk), "expected": "2026-05-01"}
    client, url = sign_in(alice), reverse("goals:anticipate", args=[account.pk])
    for _ in range(2):
        assert client.post(url, body).status_code == 302
    task = Task.objects.get()
    assert task.reason
    assert ("Pumps" in task.title) == (kind != "saturation")


def test_an_anticipation_becomes_a_goal(sign_in: Any, alice: Any, account: Any) -> None:
    body = {"offering": str(make_offering("P").pk), "as": "goal"}
    answer = sign_in(alice).post(reverse("goals:anticipate", args=[account.pk]), body)
    assert answer.url == reverse("goals:detail", args=[Goal.objects.get().pk])


@pytest.mark.parametrize("body", [{}, {"kind": "x"}, {"kind": "order", "offering": "x"}])
def test_what_is_no_anticipation_is_refused(sign_in: Any, alice: Any, account: Any, body: Any) -> None:
    sign_in(alice).post(reverse("goals:anticipate", args=[account.pk]), body)
    assert not Task.objects.exists()


def test_the_page_shows_costs_leakage_and_the_overdue_order(sign_in: Any, alice: Any, account: Any) -> None:
    today = timezone.localdate()
    offering = make_offering("P")
    for back in (400, 370, 340, 310, 280, 250):
        given = {"discount_amount": Decimal(20), "cost_amount": 1}
        make_line(account, 80, today - timedelta(days=back), offering=offering, **given)
    AccountYear.objects.create(account=account, year=today.year, other_cost=500, planned_revenue=1200)
    answer = sign_in(alice).get(reverse("goals:growth", args=[account.pk]))
    page = answer.context["page"]
    assert answer.status_code == 200
    assert page.result.books.other_costs > 0
    assert b'name="kind" value="order"' in answer.content
