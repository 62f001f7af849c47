"""Retention at constant exchange rates, and the other traps of retention."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.rates import add_rates
from accounts.models import CurrencyRate, SalesLine
from goals.cohorts import CohortQuestion, portfolio_retention
from goals.constant_rates import CONSTANT, moved_units
from goals.currencies import currencies
from goals.periods import Period
from goals.portfolio_growth import portfolio_growth
from reports.document import document
from reports.snapshot import Order, build_snapshot
from tests.factories import make_account, make_offering, make_sales

pytestmark = pytest.mark.django_db
RETENTION = "/api/v1/portfolio/retention/"
YEARS = "?base_from=2025-01-01&base_to=2026-01-01&from=2026-01-01&to=2027-01-01"
AT_CONSTANT = f"{YEARS}&rates=constant"
BASE, NOW = Period(date(2025, 1, 1), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2027, 1, 1))
THEN, LATER = date(2025, 6, 1), date(2026, 6, 1)


@pytest.fixture
def dearer_dollar() -> None:
    """A dollar is worth 80 cents in the base year and 88 in the next: 10 % more."""
    add_rates(
        [("USD", BASE.start, Decimal("0.8")), ("USD", NOW.start, Decimal("0.88"))],
        by=None,
    )


def answer(api: Any, user: Any, query: str = AT_CONSTANT) -> Any:
    return api(user).get(RETENTION + query).json()


def flat_in_dollars(**values: Any) -> Any:
    """100 USD in each year: 80 euros in the first, 88 in the second."""
    account = make_account(**values)
    make_sales(account, [(80, THEN), (88, LATER)], currency="USD")
    return account


@pytest.mark.usefixtures("dearer_dollar")
def test_revenue_flat_in_its_own_currency_grew_as_booked_and_not_at_constant_rates(
    api: Any, dana: Any
) -> None:
    flat_in_dollars()
    booked, constant = answer(api, dana, YEARS), answer(api, dana)
    assert (booked["rates"], booked["nrr"], booked["expansion"]) == ("as_booked", 1.1, "8.00")
    assert (constant["rates"], constant["nrr"], constant["expansion"]) == ("constant", 1.0, "0.00")
    assert constant["base_revenue"] == constant["current_revenue"] == "80.00"


@pytest.mark.usefixtures("dearer_dollar")
def test_a_rate_that_rose_hides_no_contraction(api: Any, dana: Any) -> None:
    make_sales(make_account(), [(100, THEN), (90, LATER)])
    make_sales(make_account(), [(80, THEN), ("79.20", LATER)], currency="USD")  # 100 USD, then 90
    assert answer(api, dana, YEARS)["grr"] == pytest.approx(169.2 / 180)
    assert answer(api, dana)["grr"] == pytest.approx(0.9)


@pytest.mark.parametrize("basis", ["net", "gross"])
def test_an_account_is_measured_at_its_own_mean_rate_of_the_base(api: Any, dana: Any, basis: str) -> None:
    days = [date(2025, 2, 1), date(2025, 8, 1), date(2026, 2, 1)]
    rates = map(Decimal, ("0.7", "0.9", "1.1"))
    add_rates([("USD", day, rate) for day, rate in zip(days, rates, strict=True)], by=None)
    make_sales(
        make_account(), [(70, days[0]), (90, days[1]), (220, days[2])], currency="USD"
    )  # 200 USD a year
    assert answer(api, dana, f"{AT_CONSTANT}&basis={basis}")["nrr"] == 1.0


@pytest.mark.usefixtures("dearer_dollar")
def test_reversals_count_net_and_not_gross(api: Any, dana: Any) -> None:
    make_sales(make_account(), [(80, THEN), (88, LATER), (-44, LATER)], currency="USD")
    assert answer(api, dana)["nrr"] == 0.5
    assert answer(api, dana, f"{AT_CONSTANT}&basis=gross")["nrr"] == 1.0


@pytest.mark.usefixtures("dearer_dollar")
def test_the_portfolio_says_what_the_page_of_each_account_says(
    dana: Any, django_assert_num_queries: Any
) -> None:
    add_rates([("CHF", BASE.start, Decimal("1.05")), ("CHF", date(2025, 9, 1), Decimal("1.1"))], by=None)
    accounts = [make_account() for _ in range(3)]
    for place, account in enumerate(accounts):
        make_sales(account, [(100 + place, THEN), (130, LATER)])
        make_sales(account, [(81, THEN), (Decimal("97.31") + place, LATER), (-7, LATER)], currency="USD")
        make_sales(account, [(50, date(2025, 10, 1)), (60 * place, LATER)], currency="CHF")
    moved = moved_units(SalesLine.objects.all(), BASE, NOW)
    effects = [currencies(account, NOW, BASE, "EUR").effects.values() for account in accounts]
    assert sum(moved.values()) == pytest.approx(10_000 * float(sum(map(sum, effects))), abs=300)
    with django_assert_num_queries(2):  # the currency of the company, and the figures
        portfolio_retention(CohortQuestion(BASE, NOW, rates=CONSTANT), dana)


@pytest.mark.usefixtures("dearer_dollar")
def test_a_currency_without_sales_in_the_base_stands_at_the_last_rate_of_the_base(
    api: Any, dana: Any
) -> None:
    account = make_account()
    make_sales(account, [(80, THEN)])
    make_sales(account, [(88, LATER)], currency="USD")
    assert answer(api, dana)["nrr"] == 1.0


def test_a_currency_that_had_no_rate_in_the_base_stays_as_booked(api: Any, dana: Any) -> None:
    add_rates([("USD", NOW.start, Decimal("0.88"))], by=None)
    account = make_account()
    make_sales(account, [(80, THEN)])
    make_sales(account, [(88, LATER)], currency="USD")
    assert answer(api, dana)["nrr"] == 1.1


@pytest.mark.usefixtures("dearer_dollar")
def test_a_group_is_netted_at_constant_rates(api: Any, dana: Any) -> None:
    top = flat_in_dollars()
    flat_in_dollars(parent=top, ultimate_parent=top)
    found = answer(api, dana, f"{AT_CONSTANT}&level=parent")
    assert (found["base_accounts"], found["nrr"]) == (1, 1.0)


@pytest.mark.usefixtures("dearer_dollar")
def test_everybody_reads_the_own_accounts_at_constant_rates(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(80, THEN), (88, LATER)], currency="USD")
    flat_in_dollars()
    assert answer(api, alice)["current_revenue"] == "80.00"


@pytest.mark.parametrize("day", [THEN, date(2027, 1, 1) - timedelta(days=1)])
def test_sales_without_a_rate_or_with_a_stale_one_are_named(api: Any, dana: Any, day: date) -> None:
    add_rates([("USD", date(2025, 7, 1), Decimal("0.8"))], by=None)
    make_sales(make_account(), [(80, date(2025, 8, 1)), (88, day)], currency="USD")
    refused = api(dana).get(RETENTION + AT_CONSTANT)
    assert (refused.status_code, refused.json()["code"]) == (422, "currency_without_rate")
    assert "USD" in refused.json()["detail"]
    assert api(dana).get(RETENTION + YEARS).status_code == 200


def test_other_rates_are_refused(api: Any, dana: Any) -> None:
    refused = api(dana).get(f"{RETENTION}{YEARS}&rates=budget")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_rates")


def test_without_foreign_sales_both_say_the_same(api: Any, dana: Any) -> None:
    make_sales(make_account(), [(100, THEN), (110, LATER)])
    booked, constant = answer(api, dana, YEARS), answer(api, dana)
    assert {**booked, "rates": ""} == {**constant, "rates": ""}


@pytest.mark.usefixtures("dearer_dollar")
def test_the_page_of_the_portfolio_offers_both_and_says_which_it_shows(sign_in: Any, dana: Any) -> None:
    today = date(2027, 1, 15)
    flat_in_dollars()
    assert portfolio_growth(dana, today).retention.nrr == 1.1
    assert portfolio_growth(dana, today, CONSTANT).retention.nrr == 1.0
    client, url = sign_in(dana), reverse("goals:portfolio_growth")
    assert "zum Kurs ihres Tages" in client.get(url).content.decode()
    assert "zu den Kursen des Zeitraums davor" in client.get(url + "?rates=constant").content.decode()
    CurrencyRate.objects.all().delete()
    assert "Wechselkurse" not in client.get(url).content.decode()


def test_the_page_says_which_currency_has_no_rate_and_stays_as_booked(sign_in: Any, dana: Any) -> None:
    add_rates([("CHF", BASE.start, Decimal(1))], by=None)
    today = timezone.localdate().replace(day=1)
    make_sales(
        make_account(), [(80, today - timedelta(days=500)), (88, today - timedelta(days=50))], currency="USD"
    )
    page = sign_in(dana).get(reverse("goals:portfolio_growth") + "?rates=constant")
    assert page.context["page"].rates == "as_booked"
    assert "USD" in page.context["page"].rates_refusal
    assert page.context["page"].rates_refusal in page.content.decode()


@pytest.mark.usefixtures("dearer_dollar")
def test_the_leadership_report_says_both() -> None:
    flat_in_dollars()
    shown = document(build_snapshot(Order(None, date(2026, 12, 31), "internal", "en", "portfolio"))[0])
    section = next(section for section in shown.sections if section.code == "retention")
    assert (section.figures[0].value, section.figures[0].note) == (
        "110.0%",
        "with expansion; 100.0% at constant rates",
    )
    assert section.measure.endswith("other currencies at the rate of each day")


def test_the_leadership_report_says_where_a_rate_is_missing() -> None:
    add_rates([("CHF", BASE.start, Decimal(1))], by=None)
    flat_in_dollars()
    shown = document(build_snapshot(Order(None, date(2026, 12, 31), "internal", "en", "portfolio"))[0])
    section = next(section for section in shown.sections if section.code == "retention")
    assert "a rate is missing" in section.figures[1].note


def test_a_customer_who_comes_back_is_no_expansion(api: Any, dana: Any) -> None:
    make_sales(make_account(), [(100, THEN), (100, LATER)])
    make_sales(make_account(), [(500, date(2024, 6, 1)), (400, LATER)])
    found = answer(api, dana, YEARS)
    assert (found["nrr"], found["grr"], found["expansion"], found["new"]) == (1.0, 1.0, "0.00", "400.00")


def test_products_are_netted_within_an_account_and_the_answer_says_so(api: Any, dana: Any) -> None:
    account, pumps, valves = make_account(), make_offering("P"), make_offering("V")
    for offering, before, after in ((pumps, 50, 70), (valves, 50, 20)):
        make_sales(account, [(before, THEN), (after, LATER)], offering=offering)
    found = answer(api, dana, YEARS)
    assert (found["netting"], found["nrr"], found["grr"]) == ("account", 0.9, 0.9)
