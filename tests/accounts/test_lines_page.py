"""The sales lines behind a fact: the page and the file."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.facts import account_facts
from accounts.models import SalesLine
from accounts.sales_lines import lines_of, lines_page, totals
from accounts.windows import parse_window
from tests.accounts.sales import make_lines
from tests.factories import make_line, make_offering

TODAY = date(2026, 3, 31)


@pytest.fixture
def shop(account):
    make_lines(
        account,
        ("A", date(2025, 1, 10), "100"),
        ("B", date(2026, 2, 10), "200"),
        ("CB", date(2026, 2, 11), "-50"),
        ("D", date(2026, 4, 1), "999"),
    )
    return account


def visit(client, account, query="", page="lines/"):
    return client.get(f"/accounts/{account.pk}/{page}{query}")


@pytest.mark.parametrize("basis", ["gross", "net"])
@pytest.mark.parametrize("window", ["all", "12m", "50d"])
def test_the_totals_are_the_facts(shop, window, basis):
    facts = account_facts(shop, as_of=TODAY, window=window, basis=basis)
    found = totals(lines_of(shop, parse_window(window).span(TODAY), basis))
    assert (found.amount, found.orders, found.positive) == (facts.revenue, facts.orders, facts.lines)


def test_it_shows_the_lines_that_count(sign_in, alice, shop):
    page = visit(sign_in(alice), shop, "?as_of=2026-03-31&window=3m&basis=net")
    assert [line.order_no for line in page.context["page"].lines] == ["CB", "B"]
    assert page.context["totals"].amount == 150
    gross = visit(sign_in(alice), shop, "?as_of=2026-03-31&window=3m&basis=gross")
    assert [line.order_no for line in gross.context["page"].lines] == ["B"]


@pytest.mark.parametrize(
    "query", ["?window=1y", "?basis=x", "?as_of=nope", "?cursor=abc", "?cursor=after.2026-99-99.1"]
)
def test_it_says_what_it_did_not_understand(sign_in, alice, shop, query):
    page = visit(sign_in(alice), shop, query)
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


def test_bob_of_the_team_sees_them_and_charlie_finds_nothing(sign_in, bob, charlie, shop):
    assert visit(sign_in(bob), shop).status_code == 200
    assert visit(sign_in(charlie), shop).status_code == 404
    assert visit(sign_in(charlie), shop, page="lines.csv").status_code == 404


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 4))
def test_walking_the_pages_meets_every_line_once_in_both_directions(account, days, size):
    SalesLine.objects.all().delete()
    for offset in days:
        make_line(account, 10, TODAY - timedelta(days=offset))
    lines = lines_of(account, parse_window("all").span(TODAY), "net")
    expected = list(lines.order_by("-ordered_on", "-pk"))
    walked, page = [], lines_page(lines, size=size)
    walked += page.lines
    while page.next:
        page = lines_page(lines, page.next, size)
        walked += page.lines
    assert walked == expected
    back = list(page.lines)
    while page.previous:
        page = lines_page(lines, page.previous, size)
        back = page.lines + back
    assert back == expected


@pytest.mark.parametrize("lines", [2, 40])
def test_it_takes_the_same_number_of_queries_at_any_size(
    sign_in, rita, account, django_assert_num_queries, lines
):
    for number in range(lines):
        make_line(account, 10, TODAY, offering=make_offering(), order_no=str(number))
    browser = sign_in(rita)
    visit(browser, account)
    with django_assert_num_queries(5):
        visit(browser, account)


def test_the_file_holds_every_line_and_no_formula(sign_in, alice, account):
    evil = make_offering("=1+1", name="@SUM(A1)")
    make_line(account, "12.5", date(2026, 2, 1), offering=evil, order_no="+49")
    make_line(account, "-1", date(2026, 2, 2), order_no="=cmd")
    answer = visit(sign_in(alice), account, "?as_of=2026-03-31", page="lines.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["2026-02-01", "2026-02-02"]
    assert rows[1][3:8] == ["'=1+1", "'@SUM(A1)", "1.00", "12.50", "12.50"]
    assert rows[2][1] == "'=cmd"


def test_the_file_refuses_what_it_does_not_understand(sign_in, alice, account):
    assert visit(sign_in(alice), account, "?window=1y", page="lines.csv").status_code == 422
