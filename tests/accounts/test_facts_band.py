"""The facts of the account page, in words."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accounts.facts import FACTS, account_facts
from accounts.facts_band import facts_band
from tests.accounts.sales import make_lines

TODAY = date(2026, 3, 31)


@pytest.fixture
def shop(account):
    for number, month in enumerate((1, 2, 3)):
        make_lines(account, (f"A{number}", date(2026, month, 1), "150.50"))
    make_lines(account, ("C", date(2026, 3, 5), "-50"))
    return account


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def band(account, **values):
    return facts_band(account_facts(account, as_of=TODAY, **values), "EUR", TODAY)


def test_every_fact_is_shown_once_with_the_way_it_was_computed(shop):
    shown = band(shop).shown
    assert sorted(fact.code for fact in shown) == sorted(FACTS)
    assert all(fact.how for fact in shown)


def test_figures_say_their_unit_and_their_basis(shop):
    by_code = {fact.code: fact for fact in band(shop).shown}
    assert (by_code["revenue"].value, by_code["revenue"].note) == ("€401.50", "net of reversals")
    assert by_code["average_transaction_size"].formula == "€401.50 / 3 = €133.83"
    assert (by_code["tenure_days"].value, by_code["tenure_days"].note) == ("89 days", "since 1 Jan 2026")
    assert by_code["growth"].value == "–"


def test_an_account_without_sales_shows_dashes_and_no_zero_that_nobody_measured(account):
    by_code = {fact.code: fact.value for fact in band(account).shown}
    assert (by_code["orders"], by_code["tenure_days"], by_code["median_transaction_size"]) == ("0", "–", "–")


def test_the_band_leads_to_the_lines_behind_it(shop):
    page = render_to_string("accounts/_facts.html", {"account": shop, "band": band(shop, window="12m")})
    address = f"/accounts/{shop.pk}/lines/?as_of=2026-03-31&amp;window={{}}&amp;basis=net"
    whole_history = [code for code, fact in FACTS.items() if not fact.uses_window]
    assert page.count(address.format("all")) == len(whole_history) == 2
    assert page.count(address.format("12m")) == 1 + len(FACTS) - len(whole_history)


def test_a_window_without_orders_names_the_last_one_before_it(shop, account):
    later = account_facts(account, as_of=date(2028, 1, 1), window="12m")
    assert facts_band(later, "EUR", date(2028, 1, 1)).last_before == date(2026, 3, 1)
    assert band(account, window="3m").last_before is None
    assert facts_band(account_facts(account, as_of=date(2028, 1, 1)), "EUR", TODAY).last_before is None


def test_gross_figures_say_so_and_lead_to_gross_lines(shop):
    page = render_to_string("accounts/_facts.html", {"account": shop, "band": band(shop, basis="gross")})
    assert "€451.50" in page
    assert page.count("basis=gross") == page.count("lines/?") + 3  # and the three windows


def test_growth_leads_to_the_lines_of_both_windows(shop, client, alice):
    make_lines(shop, ("B", date(2025, 12, 31), "100"), ("Old", date(2025, 9, 30), "999"))
    growth = next(fact for fact in band(shop, window="3m").shown if fact.code == "growth")
    assert (growth.value, growth.before) == ("+301.5%", "as_of=2025-12-31&window=3m&basis=net")
    page = render_to_string("accounts/_facts.html", {"account": shop, "band": band(shop, window="3m")})
    assert page.count(growth.before.replace("&", "&amp;")) == 1
    client.force_login(alice)
    lines = client.get(f"/accounts/{shop.pk}/lines/?{growth.before}").content.decode()
    assert (">B<" in lines, ">Old<" in lines) == (True, False)


def test_growth_that_nobody_can_tell_leads_to_no_lines_before(shop):
    assert next(fact.before for fact in band(shop).shown if fact.code == "growth") == ""
