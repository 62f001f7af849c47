"""The leadership portfolio: contribution beside revenue, as part of the report and as a page of its own."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.rates import add_rates
from accounts.models import SalesLine, SalesOrder
from accounts.windows import parse_window
from reports.document import document
from reports.leadership_contribution import contributed
from reports.snapshot import Order, build_snapshot, data_of
from tests.factories import make_account, make_sales

TODAY = date(2026, 6, 30)


def costs(account, day, cost):
    """State the cost of an account's order as an import would."""
    SalesLine.objects.filter(account=account, ordered_on=day).update(unit_cost=cost, cost=cost)
    SalesOrder.objects.filter(account=account, ordered_on=day).update(cost=cost)


def figures():
    window = parse_window("12m")
    return contributed(window.span(TODAY), window.previous(TODAY))


@pytest.fixture
def two(db):
    """One account that earns more and leaves less, and one whose costs nobody knows."""
    costly, unknown = make_account("Costly GmbH"), make_account("Unknown GmbH")
    make_sales(costly, [("1000", date(2025, 3, 1)), ("1500", date(2026, 3, 1))])
    make_sales(unknown, [("500", date(2026, 4, 1))])
    for day, cost in ((date(2025, 3, 1), 400), (date(2026, 3, 1), 1200)):
        SalesOrder.objects.filter(account=costly, ordered_on=day).update(cost=Decimal(cost))
    return costly


def test_contribution_counts_accounts_with_costs_and_says_how_many(two):
    found = figures()
    assert (found["accounts"], found["costed"], found["contribution"]) == (2, 1, "300.00")
    assert found["covered"] == 0.75
    assert found["rate"] == 0.2


def test_it_names_where_contribution_fell_while_revenue_rose(two):
    assert [(row["name"], row["revenue_change"], row["change"]) for row in figures()["fell"]] == [
        ("Costly GmbH", "500.00", "-300.00")
    ]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_report_has_all_its_parts_even_without_any_data(db, language):
    shown = document(build_snapshot(Order(None, TODAY, "internal", language, "portfolio"))[0])
    assert [section.code for section in shown.sections] == [
        "concentration", "retention", "contribution", "movers", "coverage", "warnings", "risks", "decisions",
    ]  # fmt: skip
    assert all(section.title for section in shown.sections)


def test_the_steps_add_up(two):
    data = data_of(build_snapshot(Order(None, TODAY, "internal", "en", "portfolio"))[0], "contribution")
    steps = {name: Decimal(data[name]) for name in ("list_revenue", "discounts", "goods", "service")}
    assert steps["list_revenue"] - steps["discounts"] - steps["goods"] - steps["service"] == Decimal(
        data["contribution"]
    )


def test_leaders_and_viewers_see_the_page_and_leaders_may_freeze_it(sign_in, dana, rita, alice, two):
    assert "as_of" in sign_in(dana).get("/portfolio/leadership/").content.decode()
    page = sign_in(rita).get("/portfolio/leadership/")
    assert page.status_code == 200
    assert 'name="as_of"' not in page.content.decode()
    assert sign_in(alice).get("/portfolio/leadership/").status_code == 403


def test_the_page_says_what_the_document_says_below_its_chart(sign_in, rita, two):
    recent = timezone.localdate() - timedelta(days=60)
    make_sales(two, [("700", recent)])
    page = sign_in(rita).get("/portfolio/leadership/").content.decode()
    section = page.split('id="section-concentration"')[1].split("</section>")[0]
    assert section.count("Gini-Koeffizient") == 1


@pytest.mark.parametrize("accounts", [2, 30])
def test_the_page_takes_the_same_number_of_queries_at_any_size(
    sign_in, rita, accounts, django_assert_max_num_queries
):
    today = timezone.localdate()
    for _number in range(accounts):
        make_sales(make_account(key_since=today), [("100", today - timedelta(days=30))])
    browser = sign_in(rita)
    browser.get("/portfolio/leadership/")
    with django_assert_max_num_queries(26):
        browser.get("/portfolio/leadership/")


def test_the_page_reads_foreign_lines_only_when_constant_rates_are_asked_for(sign_in, rita):
    today = timezone.localdate()
    year = timedelta(days=365)
    add_rates(
        [("USD", today - 2 * year, Decimal("0.8")), ("USD", today - timedelta(days=300), Decimal("0.88"))],
        by=None,
    )
    abroad = make_account()
    make_sales(
        abroad, [(80, today - year - timedelta(days=60)), (88, today - timedelta(days=60))], currency="USD"
    )
    browser = sign_in(rita)
    with CaptureQueriesContext(connection) as booked:
        plain = browser.get("/portfolio/leadership/").text
    with CaptureQueriesContext(connection) as constant:
        asked = browser.get("/portfolio/leadership/?rates=constant").text
    assert "rates=constant" in plain and "zu konstanten Kursen" not in plain
    assert "100,0 % zu konstanten Kursen" in asked.replace("\u00a0", " ")
    assert [any("now_stated" in q["sql"] for q in each) for each in (booked, constant)] == [False, True]


def test_a_report_always_says_what_constant_rates_make_of_it(db):
    add_rates(
        [("USD", date(2024, 7, 1), Decimal("0.8")), ("USD", date(2025, 7, 1), Decimal("0.88"))], by=None
    )
    make_sales(make_account(), [(80, date(2025, 3, 1)), (88, date(2026, 3, 1))], currency="USD")
    order = Order(None, TODAY, template="portfolio")
    assert data_of(build_snapshot(order)[0], "retention")["nrr_constant"] == pytest.approx(1.0)
