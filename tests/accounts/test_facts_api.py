"""GET /api/v1/accounts/{id}/facts/."""

from datetime import date

import pytest

from tests.accounts.sales import make_lines
from tests.factories import make_account


@pytest.fixture
def shop(account):
    make_lines(
        account,
        ("A", date(2026, 1, 10), "100.5"),
        ("B", date(2026, 2, 10), "200"),
        ("B", date(2026, 2, 10), "-0.125"),
    )
    return account


def ask(client, account, query=""):
    return client.get(f"/api/v1/accounts/{account.pk}/facts/{query}")


def test_it_states_what_it_was_asked(api, alice, shop):
    answer = ask(api(alice), shop, "?as_of=2026-03-31&window=3m&basis=gross").json()
    told = {name: answer[name] for name in ("account", "as_of", "window", "basis", "currency", "from", "to")}
    assert told == {
        "account": str(shop.pk),
        "as_of": "2026-03-31",
        "window": "3m",
        "basis": "gross",
        "currency": "EUR",
        "from": "2026-01-01",
        "to": "2026-04-01",
    }


def test_amounts_are_decimal_strings_and_days_are_dates(api, alice, shop):
    answer = ask(api(alice), shop, "?as_of=2026-03-31&basis=gross").json()
    expected = {
        "revenue": "300.50",
        "orders": 2,
        "lines": 2,
        "average_transaction_size": "150.25",
        "median_transaction_size": "150.25",
        "first_order_on": "2026-01-10",
        "last_order_on": "2026-02-10",
        "tenure_days": 80,
        "recency_days": 49,
        "growth": None,
        "distinct_offerings": 0,
        "median_gap_days": 31.0,
        "from": None,
    }
    assert {name: answer[name] for name in expected} == expected


def test_net_of_reversals_is_the_default(api, alice, shop):
    assert ask(api(alice), shop, "?as_of=2026-03-31").json()["revenue"] == "300.375"


def test_today_is_the_default_day(api, alice, shop):
    make_lines(shop, ("Z", date(2190, 1, 1), "5"))
    assert ask(api(alice), shop).json()["orders"] == 2


@pytest.mark.parametrize(
    "query",
    [
        "?window=13m",
        "?window=",
        "?basis=both",
        "?as_of=yesterday",
        "?as_of=2026-02-30",
        "?as_of=0001-01-01",
        "?as_of=9999-12-31&window=12m",
        "?as_of=",
        "?as_of=20260101",
        "?from=2026-01-01",
        "?window=3m&window=6m",
        "?window=%00",
    ],
)
def test_it_refuses_bad_parameters_with_a_problem_document(api, alice, shop, query):
    answer = ask(api(alice), shop, query)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_bob_of_the_team_sees_them_and_charlie_finds_nothing(api, bob, charlie, shop):
    assert ask(api(bob), shop).status_code == 200
    assert ask(api(charlie), shop).status_code == 404


def test_a_key_without_the_scope_is_refused(api, alice, shop):
    assert ask(api(alice, ("jobs:read",)), shop).status_code == 403


@pytest.mark.parametrize("orders", [2, 20])
def test_it_takes_the_same_number_of_queries_at_any_size(api, dana, django_assert_max_num_queries, orders):
    account = make_account()
    make_lines(account, *[(str(number), date(2026, 1, 10), "5") for number in range(orders)])
    client = api(dana)
    ask(client, account)
    with django_assert_max_num_queries(5):
        ask(client, account)
