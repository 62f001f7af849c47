"""Growth at constant exchange rates: what moved rates added is a step of its own, and all adds up to the cent."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.rates import add_rates
from goals.currencies import currencies
from goals.decomposition import Sold, price_volume_mix
from goals.growth import offering_bridge
from goals.periods import Period
from tests.factories import make_line, make_offering, make_sales

BEFORE, NOW = Period(date(2025, 1, 1), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2027, 1, 1))
RATES = [("USD", date(2025, 1, 1), Decimal("0.8")), ("USD", date(2026, 1, 1), Decimal("0.9"))]


def bridge(account: Any) -> Any:
    moved = currencies(account, NOW, BEFORE, "EUR")
    return offering_bridge(account, NOW, BEFORE, moved.effects)[0]


def test_the_same_price_and_quantity_at_a_better_rate_is_all_currency(account: Any) -> None:
    add_rates(RATES, by=None)
    pumps = make_offering("P")
    make_line(account, 80, date(2025, 6, 1), offering=pumps, currency="USD")  # 100 USD at 0.8
    make_line(account, 90, date(2026, 6, 1), offering=pumps, currency="USD")  # 100 USD at 0.9
    found = bridge(account)
    assert (found.before, found.after, found.currency, found.total.change) == (80, 90, 10, 0)


def test_price_and_currency_are_told_apart(account: Any) -> None:
    add_rates(RATES, by=None)
    pumps = make_offering("P")
    make_line(account, 80, date(2025, 6, 1), offering=pumps, currency="USD")
    make_line(account, 99, date(2026, 6, 1), offering=pumps, currency="USD")  # 110 USD: 10 % dearer
    make_line(account, 50, date(2026, 7, 1), offering=pumps)
    found = bridge(account)
    assert (found.currency, found.after) == (11, 149)
    assert found.before + found.total.change + found.currency == found.after


def test_a_currency_that_is_new_is_measured_at_the_last_rate_of_before(account: Any) -> None:
    add_rates(RATES, by=None)
    make_line(account, 90, date(2026, 6, 1), currency="USD")
    found = bridge(account)
    assert (found.currency, found.total.new) == (10, 80)


def test_without_foreign_lines_there_is_no_step(account: Any) -> None:
    make_sales(account, [(80, date(2025, 6, 1)), (90, date(2026, 6, 1))])
    assert bridge(account).currency == 0


def test_lines_without_a_rate_are_named_and_left_out_of_the_effect(account: Any) -> None:
    make_line(account, 90, date(2026, 6, 1), currency="USD")
    found = currencies(account, NOW, BEFORE, "EUR")
    assert (found.unknown, dict(found.effects)) == (["USD"], {})


def test_the_page_shows_the_step(sign_in: Any, alice: Any, account: Any) -> None:
    add_rates(RATES, by=None)
    make_sales(
        account, [(80, date(2025, 6, 1)), (90, date(2026, 6, 1))], currency="USD", offering=make_offering()
    )
    query = "?from=2026-01-01&to=2027-01-01&compare_from=2025-01-01&compare_to=2026-01-01"
    url = reverse("goals:growth", args=[account.pk]) + query
    page = sign_in(alice).get(url, headers={"Accept-Language": "en"}).context["page"]
    assert ["Exchange rates", "+€10"] in page.bridge_chart.table.rows
    assert page.foreign == []


amounts = st.decimals(-1000, 5000, places=4)
quantities = st.decimals(0, 100, places=2)


@given(
    st.lists(
        st.tuples(quantities, amounts, quantities, amounts, st.decimals(-500, 500, places=2)), max_size=6
    )
)
def test_it_adds_up_to_the_cent_whatever_the_amounts(rows: Any) -> None:
    sold = {str(n): Sold(q0, r0, q1, r1 - moved) for n, (q0, r0, q1, r1, moved) in enumerate(rows)}
    found = price_volume_mix(sold)
    moved = sum((row[4] for row in rows), Decimal(0))
    total = found.total
    steps = total.price + total.volume + total.mix + total.new + total.lost
    assert found.before + steps + moved == sum((row[3] for row in rows), Decimal(0))
