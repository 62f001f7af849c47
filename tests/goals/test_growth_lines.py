"""Adoption by month, share of wallet over time, an account's own periods, and how long it has been a customer."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from goals.actions.periods import add_fiscal_years
from goals.actions.plans import add_entry, change_entry
from goals.adoption import adoption_chart
from goals.entries import KINDS
from goals.growth_page import asked_periods
from goals.models import AccountPeriod, AccountYear
from goals.periods import Period
from goals.wallet_chart import share_chart, share_points
from goals.wallets import Wallet, wallet_on, wallets_of
from kam.lib.charts_heat import Strip, heat_strips
from kam.lib.errors import InvalidInput
from tests.factories import make_estimate, make_offering, make_sales

TODAY = date(2026, 11, 20)
PERIOD = KINDS["periods"]


def months(count: int, amount: int = 100) -> list[tuple[date, Decimal]]:
    return [(date(2024 + n // 12, n % 12 + 1, 1), Decimal(amount)) for n in range(count)]


# -- adoption -----------------------------------------------------------------------------------


def test_a_strip_has_a_cell_for_each_period_and_its_table() -> None:
    found = heat_strips(
        heat_frame(), ["Sep", "Oct"], [Strip("Pumps", [None, Decimal(5)]), Strip("Oil", [3, 0])]
    )
    assert found.table.rows == [["Pumps", "–", "5"], ["Oil", "3", "0"]]
    assert found.svg.count("data-mark") == 4


def test_a_long_name_takes_two_lines_on_a_phone() -> None:
    strips = [Strip("Bearbeitungszentrum B630 Kompakt", [Decimal(5)]), Strip("Oil", [3])]
    drawn = heat_strips(heat_frame(), ["Sep"], strips).narrow
    assert ">B630 Kompakt</tspan>" in drawn and "…" not in drawn.split("<svg")[1]


def heat_frame() -> Any:
    from kam.lib.charts import Frame

    return Frame("Title")


def test_adoption_counts_offerings_in_use(account: Any) -> None:
    pumps, oil = make_offering("P", name="Pumps"), make_offering("O", name="Oil")
    make_sales(account, [(100, date(2025, 12, 3)), (50, date(2026, 10, 3))], offering=pumps)
    make_sales(account, [(80, date(2026, 9, 3)), (-80, date(2026, 9, 5))], offering=oil)
    chart = adoption_chart(account, TODAY, "EUR")
    assert chart is not None
    assert [row[0] for row in chart.table.rows] == ["Pumps", "Oil"]
    assert len(chart.table.header) == 13
    assert chart.title.startswith("1 ")


def test_two_offerings_of_one_name_stay_two_rows(account: Any) -> None:
    for code in ("A", "B"):
        make_sales(account, [(100, date(2026, 10, 3))], offering=make_offering(code, name="Pumps"))
    chart = adoption_chart(account, TODAY, "EUR")
    assert chart is not None and [row[0] for row in chart.table.rows] == ["Pumps (A)", "Pumps (B)"]


def test_without_sales_of_an_offering_there_is_no_strip(account: Any) -> None:
    make_sales(account, [(100, date(2026, 10, 3))])
    assert adoption_chart(account, TODAY, "EUR") is None


# -- share of wallet ----------------------------------------------------------------------------


def test_the_share_goes_by_what_was_known_then() -> None:
    wallets = [
        Wallet(date(2025, 1, 1), Decimal(2400), "talk"),
        Wallet(date(2025, 7, 1), Decimal(4800), "talk"),
    ]
    points = dict(share_points(months(24), wallets))
    assert points[date(2025, 1, 31)] == 0.5
    assert points[date(2025, 12, 31)] == 0.25


def test_no_share_before_a_year_of_sales_without_a_spend_or_with_a_wrong_one() -> None:
    wallets = [Wallet(date(2025, 6, 1), Decimal(1000), "")]
    assert share_points(months(11), wallets) == []
    assert {share for _day, share in share_points(months(20), wallets)} == {None}
    assert share_chart(months(20), wallets) is None


def test_negative_revenue_has_no_share() -> None:
    assert {
        share for _d, share in share_points(months(14, -5), [Wallet(date(2024, 1, 1), Decimal(9), "")])
    } == {None}


def test_plan_years_and_estimates_are_one_list(account: Any) -> None:
    AccountYear.objects.create(account=account, year=2025, wallet=1000, wallet_source="plan")
    make_estimate(account, "wallet", 3000, stated_on=date(2026, 5, 1))
    make_estimate(account, "wallet", 9000, stated_on=date(2026, 6, 1), withdrawn_at=timezone.now())
    found = wallets_of([account.pk])[account.pk]
    assert [(w.on, int(w.value)) for w in found] == [(date(2025, 1, 1), 1000), (date(2026, 5, 1), 3000)]
    assert wallet_on(found, date(2026, 4, 30)) == found[0]
    assert wallet_on(found, date(2024, 1, 1)) is None


def test_the_line_is_on_the_page(sign_in: Any, alice: Any, account: Any) -> None:
    today = timezone.localdate()
    make_sales(account, [(100, today - timedelta(days=30 * back)) for back in range(1, 30)])
    make_estimate(account, "wallet", 5000, stated_on=today - timedelta(days=200))
    page = sign_in(alice).get(reverse("goals:growth", args=[account.pk])).context["page"]
    assert page.share_chart is not None
    assert page.share.value and page.wallet.value == 5000
    assert 2.3 < page.tenure < 2.5


# -- periods of one's own -----------------------------------------------------------------------


def period(account: Any, name: str, start: str, end: str, by: Any = None) -> AccountPeriod:
    days = {"start_on": date.fromisoformat(start), "end_on": date.fromisoformat(end)}
    found: AccountPeriod = add_entry(PERIOD, account, values={"name": name} | days, by=by)
    return found


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-06-30", "2026-12-31", "periods_overlap"),
        ("2026-01-01", "2026-01-01", "periods_overlap"),
        ("2025-01-01", "2027-01-01", "periods_overlap"),
        ("2027-02-01", "2027-01-01", "period_empty"),
    ],
)
def test_periods_that_share_a_day_are_refused_with_the_one_they_meet(
    account: Any, start: str, end: str, code: str
) -> None:
    period(account, "H1", "2026-01-01", "2026-06-30")
    with pytest.raises(InvalidInput) as refused:
        period(account, "X", start, end)
    assert refused.value.code == code
    assert AccountPeriod.objects.count() == 1


def test_a_change_is_held_to_the_same(account: Any) -> None:
    first = period(account, "H1", "2026-01-01", "2026-06-30")
    second = period(account, "H2", "2026-07-01", "2026-12-31")
    with pytest.raises(InvalidInput):
        change_entry(PERIOD, second, values={"start_on": date(2026, 6, 30)}, by=None)
    change_entry(PERIOD, first, values={"end_on": date(2026, 6, 29)}, by=None)
    assert first.end_on == date(2026, 6, 29)


def test_the_refusal_names_the_period_on_the_page(sign_in: Any, alice: Any, account: Any) -> None:
    period(account, "FY 26", "2026-01-01", "2026-12-31")
    url = reverse("goals:guarded_entry_add", args=[account.pk, "periods"])
    body = {"name": "X", "start_on": "2026-12-31", "end_on": "2027-12-30"}
    answer = sign_in(alice).post(url, body, headers={"Accept-Language": "en"})
    assert "FY 26" in answer.context["form"].errors["start_on"][0]
    assert sign_in(alice).post(url, body | {"start_on": "2027-01-01"}).url.endswith("/growth/")


def test_fiscal_years_are_named_once(account: Any) -> None:
    added = add_fiscal_years(account, month=4, today=TODAY, by=None)
    assert [row.name for row in added] == ["2023/24", "2024/25", "2025/26", "2026/27"]
    assert (added[-1].start_on, added[-1].end_on) == (date(2026, 4, 1), date(2027, 3, 31))
    assert add_fiscal_years(account, month=4, today=TODAY, by=None) == []
    with pytest.raises(InvalidInput):
        add_fiscal_years(account, month=1, today=TODAY, by=None)
    assert AccountPeriod.objects.count() == 4


@pytest.mark.parametrize("month", ["0", "13", "", "x"])
def test_a_month_that_is_none_is_refused(sign_in: Any, alice: Any, account: Any, month: str) -> None:
    url = reverse("goals:fiscal_years", args=[account.pk])
    assert sign_in(alice).post(url, {"month": month}).status_code == 302
    assert not AccountPeriod.objects.exists()


def test_a_named_period_stands_against_the_one_before(account: Any) -> None:
    rows = add_fiscal_years(account, month=4, today=TODAY, by=None)[::-1]
    now, before = asked_periods({"period": str(rows[1].pk)}, TODAY, rows)
    assert (now, before) == (
        Period(date(2025, 4, 1), date(2026, 4, 1)),
        Period(date(2024, 4, 1), date(2025, 4, 1)),
    )
    _first, year_before = asked_periods({"period": str(rows[-1].pk)}, TODAY, rows)
    assert year_before.start == date(2022, 4, 1)
    assert asked_periods({"period": "nonsense"}, TODAY, rows)[0].end == date(2026, 11, 1)


def test_a_period_under_way_is_marked_as_partial(sign_in: Any, alice: Any, account: Any) -> None:
    today = timezone.localdate()
    make_sales(account, [(100, today - timedelta(days=30 * back)) for back in range(1, 40)])
    rows = add_fiscal_years(account, month=today.month, today=today, by=alice)
    answer = sign_in(alice).get(reverse("goals:growth", args=[account.pk]) + f"?period={rows[-1].pk}")
    assert answer.context["page"].partial
    assert answer.context["page"].chosen == rows[-1]
