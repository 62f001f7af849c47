"""GET /api/v1/portfolio/concentration/."""

from datetime import date

import pytest

from tests.accounts.sales import make_lines
from tests.factories import make_account

MARCH = date(2026, 3, 15)


def ask(client, query=""):
    return client.get(f"/api/v1/portfolio/concentration/{query}")


@pytest.fixture
def market(account):
    """Alice's account with 500, four others with 200, 150, 100 and 50; one has reversals only."""
    make_lines(account, ("A", MARCH, "600"), ("CA", MARCH, "-100"))
    for number, amount in enumerate(["200", "150", "100", "50"]):
        other = make_account(f"Other {number}", external_id=f"X{number}")
        make_lines(other, (f"O{number}", MARCH, amount))
    make_lines(make_account("Returns"), ("R", MARCH, "-10"))
    return account


def test_it_tells_how_concentrated_the_net_revenue_is(api, dana, market):
    answer = ask(api(dana)).json()
    assert (answer["accounts"], answer["total"], answer["top20_count"]) == (6, "990.00", 2)
    assert answer["top20_share"] == pytest.approx(700 / 990)
    assert answer["largest_share"] == pytest.approx(500 / 990)
    assert (answer["accounts_for_50"], answer["accounts_for_80"], answer["accounts_for_95"]) == (1, 3, 4)
    assert answer["effective_number"] == pytest.approx(10_000 / answer["hhi"])


def test_gross_counts_accounts_with_sales_only(api, dana, market):
    answer = ask(api(dana), "?basis=gross").json()
    assert (answer["accounts"], answer["total"]) == (5, "1100.00")


def test_the_top_names_the_largest_first(api, dana, market):
    top = ask(api(dana)).json()["top"]
    assert top[0] == {"id": str(market.pk), "external_id": "", "name": market.name, "revenue": "500.00"}
    assert [row["external_id"] for row in top] == ["", "X0", "X1", "X2", "X3", ""]


def test_only_what_the_caller_may_see_counts(api, alice, charlie, market):
    assert ask(api(alice)).json()["total"] == "500.00"
    nothing = ask(api(charlie)).json()
    assert (nothing["accounts"], nothing["total"], nothing["gini"], nothing["top"]) == (0, "0.00", None, [])


@pytest.mark.parametrize(
    ("period", "total"),
    [
        ("from=2026-03-01&to=2026-04-01", "990.00"),
        ("from=2026-03-15&to=2026-03-16", "990.00"),
        ("from=2026-03-16", "0.00"),
        ("to=2026-03-15", "0.00"),
        ("to=2026-03-01", "0.00"),
        ("from=2026-04-01", "0.00"),
    ],
)
def test_the_period_is_half_open(api, dana, market, period, total):
    assert ask(api(dana), f"?{period}").json()["total"] == total


def test_at_parent_level_a_group_is_one_account(api, dana):
    group, outsider = make_account("Group", external_id="G"), make_account("Alone", external_id="S")
    for name in ("East", "West"):
        child = make_account(name, parent=group, ultimate_parent=group)
        make_lines(child, (name, MARCH, "100"))
    make_lines(outsider, ("S", MARCH, "150"))
    assert ask(api(dana)).json()["accounts"] == 3
    answer = ask(api(dana), "?level=parent").json()
    assert [(row["external_id"], row["revenue"]) for row in answer["top"]] == [
        ("G", "200.00"),
        ("S", "150.00"),
    ]


def test_a_parent_that_the_caller_may_not_see_keeps_its_name(api, alice, account):
    group = make_account("Secret holding")
    account.parent = account.ultimate_parent = group
    account.save()
    make_lines(account, ("A", MARCH, "100"))
    top = ask(api(alice), "?level=parent").json()["top"]
    assert [row["id"] for row in top] == [None]
    assert "Secret" not in top[0]["name"]


@pytest.mark.parametrize(
    "query",
    [
        "?basis=both",
        "?level=team",
        "?from=today",
        "?to=2026-13-01",
        "?from=2026-03-01&to=2026-03-01",
        "?from=2026-03-02&to=2026-03-01",
        "?as_of=2026-01-01",
        "?from=1066-01-01",
    ],
)
def test_it_refuses_bad_parameters_with_a_problem_document(api, dana, query):
    answer = ask(api(dana), query)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("accounts", [2, 30])
def test_it_takes_the_same_number_of_queries_at_any_size(api, dana, django_assert_num_queries, accounts):
    for number in range(accounts):
        make_lines(make_account(external_id=str(number)), ("A", MARCH, "5"))
    client = api(dana)
    ask(client)
    with django_assert_num_queries(5):
        ask(client)


def test_the_schema_knows_both_addresses(client):
    paths = client.get("/api/v1/schema/").json()["paths"]
    assert "/api/v1/portfolio/concentration/" in paths
    assert "/api/v1/accounts/{id}/facts/" in paths or "/api/v1/accounts/{pk}/facts/" in paths
