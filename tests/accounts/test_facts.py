"""Facts per account: what each figure means, and that one account and all of them agree."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.facts import FACTS, account_facts, facts_table, parse_window
from accounts.models import Account
from accounts.rollup import refresh_rollups
from kam.lib.errors import InvalidInput
from tests.accounts.sales import make_lines
from tests.factories import make_account, make_line, make_offering

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)


def day(text):
    return date.fromisoformat(text)


def facts(account, **values):
    return account_facts(account, **({"as_of": TODAY} | values))


@pytest.fixture
def shop(account):
    """Three orders of 100, 300 and 50 with a partial reversal of 20 under a number of its own."""
    make_lines(
        account,
        ("A", day("2025-12-01"), "60"),
        ("A", day("2025-12-01"), "40"),
        ("B", day("2026-01-10"), "300"),
        ("CB", day("2026-01-12"), "-20"),
        ("C", day("2026-03-01"), "50"),
    )
    return account


@pytest.mark.parametrize(("basis", "revenue", "average"), [("gross", 450, 150), ("net", 430, "143.3333")])
def test_gross_counts_positive_lines_and_net_all_lines(shop, basis, revenue, average):
    found = facts(shop, basis=basis)
    assert found.revenue == revenue
    assert round(found.average_transaction_size, 4) == Decimal(average)


@pytest.mark.parametrize("basis", ["gross", "net"])
def test_a_reversal_is_no_order_on_either_basis(shop, basis):
    found = facts(shop, basis=basis)
    assert (found.orders, found.lines) == (3, 4)
    assert found.median_transaction_size == 100
    assert (found.first_order_on, found.last_order_on) == (day("2025-12-01"), day("2026-03-01"))
    assert (found.tenure_days, found.recency_days) == (120, 30)


def test_a_reversal_under_the_number_of_its_order_makes_the_order_smaller(account):
    make_lines(account, ("A", day("2026-01-01"), "100"), ("A", day("2026-01-05"), "-30"))
    assert facts(account).median_transaction_size == 70
    assert facts(account, basis="gross").median_transaction_size == 100
    assert facts(account).orders == 1


def test_the_day_of_reckoning_counts_and_the_day_after_does_not(shop):
    assert facts(shop, as_of=day("2026-01-10")).revenue == 400
    assert facts(shop, as_of=day("2026-01-09")).revenue == 100


def test_three_months_up_to_the_end_of_march_are_the_first_quarter(shop):
    found = facts(shop, window="3m")
    assert (found.span.start, found.span.end) == (day("2026-01-01"), day("2026-04-01"))
    assert (found.revenue, found.orders) == (330, 2)


def test_growth_compares_with_the_window_before_it(shop):
    assert facts(shop, window="3m").growth == pytest.approx(330 / 100 - 1)
    assert facts(shop, window="12m").growth is None
    assert facts(shop).growth is None


def test_the_window_leaves_tenure_and_the_first_order_alone(shop):
    found = facts(shop, window="90d")
    assert found.first_order_on == day("2025-12-01")
    assert found.tenure_days == 120


def test_gaps_are_counted_between_days_with_orders(shop):
    assert facts(shop).median_gap_days == 45
    assert facts(shop).next_order_expected_on == day("2026-04-15")
    assert facts(shop, as_of=day("2025-12-31")).median_gap_days is None


def test_offerings_are_counted_once_and_reversals_not(account):
    drill, saw = make_offering(), make_offering()
    make_line(account, 10, TODAY, offering=drill)
    make_line(account, 20, TODAY, offering=drill)
    make_line(account, -20, TODAY, offering=saw)
    make_line(account, 20, TODAY)
    refresh_rollups()
    assert facts(account).distinct_offerings == 1


def test_an_account_without_sales_has_nothing_and_no_invented_zero(account):
    found = facts(account)
    assert (found.revenue, found.orders, found.lines, found.distinct_offerings) == (0, 0, 0, 0)
    missing = ("average_transaction_size", "median_transaction_size", "tenure_days", "recency_days", "growth")
    assert [getattr(found, name) for name in missing] == [None] * 5


@pytest.mark.parametrize("text", ["", "12", "13m", "0d", "-3d", "12345d", "٣d", "all ", "1 d"])
def test_it_refuses_an_unknown_window(text):
    with pytest.raises(InvalidInput) as refusal:
        parse_window(text)
    assert refusal.value.code == "bad_window"


def test_it_refuses_an_unknown_basis(account):
    with pytest.raises(InvalidInput):
        facts(account, basis="both")


def test_every_fact_explains_itself():
    units = {"money", "count", "days", "percent", "number"}
    assert all(str(fact.label) and str(fact.how) and fact.unit in units for fact in FACTS.values())


def test_the_table_holds_accounts_with_orders_only(shop):
    make_lines(make_account(), ("X", TODAY, "-5"))
    make_lines(make_account(), ("Y", TODAY + timedelta(days=1), "5"))
    assert facts_table(["revenue"], as_of=TODAY).account_ids == [shop.pk]


def test_the_table_of_given_accounts_has_a_row_for_each(shop):
    silent = make_account()
    table = facts_table(["revenue", "tenure_days"], as_of=TODAY, accounts=Account.objects.all())
    assert table.account_ids == sorted([shop.pk, silent.pk])
    assert list(table.values["revenue"]) == [430, 0]
    assert np.isnan(table.values["tenure_days"][1])


def test_the_table_leaves_out_accounts_that_were_not_given(shop):
    make_lines(make_account(), ("X", TODAY, "5"))
    table = facts_table(list(FACTS), as_of=TODAY, accounts=Account.objects.filter(pk=shop.pk))
    assert table.account_ids == [shop.pk]


@pytest.mark.parametrize("accounts", [2, 20])
def test_the_table_takes_the_same_number_of_queries_at_any_size(django_assert_num_queries, accounts):
    for _number in range(accounts):
        make_lines(make_account(), ("A", TODAY, "5"), ("B", TODAY - timedelta(days=3), "7"))
    with django_assert_num_queries(4):
        facts_table(list(FACTS), as_of=TODAY)


@pytest.mark.parametrize("orders", [2, 20])
def test_one_account_takes_two_queries(django_assert_num_queries, account, orders):
    make_lines(account, *[(str(number), TODAY, "5") for number in range(orders)])
    with django_assert_num_queries(2):
        facts(account)


lines = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from("ABCD"),
        st.integers(0, 200),
        st.integers(-50_000, 90_000).map(lambda cents: Decimal(cents) / 100),
        st.sampled_from([None, 0, 1]),
    ),
    max_size=25,
)
windows = st.sampled_from(["all", "12m", "6m", "3m", "30d", "100d"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=lines, window=windows, basis=st.sampled_from(["gross", "net"]), back=st.integers(0, 150))
def test_one_account_the_table_and_plain_python_agree(db, rows, window, basis, back):
    Account.objects.exclude(sales_lines=None).update(name="old")
    accounts = [make_account() for _number in range(3)]
    offerings = [make_offering(), make_offering()]
    start, as_of = day("2025-09-01"), day("2025-09-01") + timedelta(days=200 - back)
    for who, order_no, offset, amount, what in rows:
        when = start + timedelta(days=offset)
        offering = None if what is None else offerings[what]
        make_line(accounts[who], amount, when, order_no=order_no, offering=offering)
    refresh_rollups([account.pk for account in accounts])
    given_accounts = Account.objects.filter(pk__in=[account.pk for account in accounts])
    table = facts_table(list(FACTS), as_of=as_of, window=window, basis=basis, accounts=given_accounts)
    for who, account in enumerate(accounts):
        one = account_facts(account, as_of=as_of, window=window, basis=basis)
        mine = [
            (order_no, start + timedelta(days=offset), amount, what)
            for number, order_no, offset, amount, what in rows
            if number == who
        ]
        expected = naive(mine, as_of, window, basis)
        for code in FACTS:
            in_table = table.values[code][table.account_ids.index(account.pk)]
            single = getattr(one, code)
            assert number_of(single) == pytest.approx(expected[code], nan_ok=True), code
            assert in_table == pytest.approx(expected[code], nan_ok=True), code


def number_of(value):
    return float("nan") if value is None else float(value)


def naive(rows, as_of, window, basis):
    """Every fact again, written down from its definition without regard for speed."""
    nan = float("nan")
    span, before = parse_window(window).span(as_of), parse_window(window).previous(as_of)
    rows = [row for row in rows if row[1] <= as_of]
    counted = rows if basis == "net" else [row for row in rows if row[2] > 0]
    inside = [row for row in counted if not span.start or row[1] >= span.start]
    positive = [row for row in rows if row[2] > 0 and (not span.start or row[1] >= span.start)]
    ever = [row[1] for row in rows if row[2] > 0]
    revenue = float(sum(row[2] for row in inside))
    earlier = [float(row[2]) for row in counted if before and before.start <= row[1] < before.end]
    sizes = defaultdict(float)
    for order_no, _day, amount, _what in inside:
        sizes[order_no] += float(amount)
    numbers = {row[0] for row in positive}
    days = sorted({row[1] for row in positive})
    gaps = [(later - sooner).days for sooner, later in pairwise(days)]
    return {
        "revenue": revenue,
        "orders": len(numbers),
        "lines": len(positive),
        "average_transaction_size": revenue / len(numbers) if numbers else nan,
        "median_transaction_size": median(sizes[number] for number in numbers) if numbers else nan,
        "tenure_days": (as_of - min(ever)).days if ever else nan,
        "recency_days": (as_of - max(ever)).days if ever else nan,
        "growth": (revenue - sum(earlier)) / sum(earlier) if round(sum(earlier), 4) > 0 else nan,
        "distinct_offerings": len({row[3] for row in positive if row[3] is not None}),
        "median_gap_days": median(gaps) if gaps else nan,
    }
