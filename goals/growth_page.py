"""What the growth page of an account shows: how revenue went, why, and what is to be expected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.amounts import Units, from_units
from accounts.arithmetic import CannotCompute
from accounts.gaps import Gaps
from accounts.models import Account, AccountMonth
from accounts.windows import months_before, parse_day
from goals.anticipation import candidates, offering_use, rhythm, wallet
from goals.contributions import AccountResult, account_result
from goals.costs import leakage_of
from goals.decomposition import Bridge
from goals.forecast import Forecast, forecast
from goals.growth import Growth, account_growth, offering_bridge
from goals.health_history import health_chart
from goals.months_chart import Months, months_chart
from goals.periods import Period, is_partial
from goals.profitability import Leakage
from goals.relationship import Relationship, relationship
from kam.lib import charts, formatting

T = TypeVar("T")
HISTORY_MONTHS = 48


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, or the sentence why there is none."""

    value: Any
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class GrowthPage:
    account: Account
    today: date
    period: Period
    compare: Period
    partial: bool
    plan: Decimal | None
    growth: Growth
    bridge: Bridge
    months_chart: charts.Chart | None
    effects_chart: charts.Chart | None
    bridge_chart: charts.Chart | None
    forecast: Answer
    result: AccountResult
    leakage: Leakage
    result_before: AccountResult
    offerings: list[Any]
    rhythm: Gaps | None
    candidates: Answer
    wallet: Any
    share: Answer
    saturation: Any
    relationship: Relationship
    health_chart: charts.Chart | None

    @property
    def change(self) -> float | None:
        return change_of(self.growth)

    @property
    def plan_share(self) -> float | None:
        return float(self.growth.revenue / self.plan) if self.plan else None

    @property
    def wallet_year(self) -> str:
        return str(self.wallet.year)

    @property
    def forecast_rows(self) -> list[tuple[float, float, float]]:
        """Return (value, low, high) of the months to come; empty where no forecast is shown."""
        ahead: Forecast | None = self.forecast.value
        return list(zip(ahead.values, ahead.low, ahead.high, strict=True)) if ahead else []

    @property
    def fell_while_rising(self) -> bool:
        """Whether the contribution fell while the revenue rose, where costs are known in both periods."""
        known = self.result.costed and self.result_before.costed
        fell = self.result.contribution.contribution < self.result_before.contribution.contribution
        return known and fell and self.growth.effects.change > 0


def asked_periods(query: Mapping[str, str], today: date) -> tuple[Period, Period]:
    """Return the two periods of a query: the last 12 full months against the 12 before unless it says otherwise.

    Raises InvalidInput for days that cannot be read and periods without days.
    """
    end = today.replace(day=1)
    period = Period(months_before(end, 12), end)
    if query.get("from") and query.get("to"):
        period = Period(parse_day(query["from"], "from"), parse_day(query["to"], "to"))
    compare = Period(months_before(period.start, 12), months_before(period.end, 12))
    if query.get("compare_from") and query.get("compare_to"):
        compare = Period(
            parse_day(query["compare_from"], "compare_from"), parse_day(query["compare_to"], "compare_to")
        )
    return period, compare


def growth_page(account: Account, periods: tuple[Period, Period], today: date, currency: str) -> GrowthPage:
    """Return the growth page. Raises InvalidInput for periods without days."""
    period, compare = periods
    growth = account_growth(account, period, compare)
    bridge, _names = offering_bridge(account, period, compare)
    months = _months(account, today)
    gaps = rhythm(account, today)
    uses = offering_use(account, period, compare, gaps)
    units = _quantities(account, period, compare)
    ahead = _answer(lambda: forecast([value for _month, value in months]))
    known, share, exhausted = None, Answer(None), None
    try:
        known, part, exhausted = wallet(account, today, growth.revenue, units)
        share = Answer(part)
    except CannotCompute as error:
        share = Answer(None, refusal_text(error))
    return GrowthPage(
        account=account,
        today=today,
        period=period,
        compare=compare,
        plan=_planned(account, period),
        # Sales before the first known month, or after today, are not there to be counted.
        partial=is_partial(period, period.start, today) or is_partial(compare, _first(months), compare.end),
        growth=growth,
        bridge=bridge,
        months_chart=months_chart(
            months,
            _plans(account),
            ahead.value if ahead.value and ahead.value.backtest.passed else None,
            _running_month(account, today),
            currency,
        ),
        effects_chart=_effects_chart(growth, currency),
        bridge_chart=_bridge_chart(bridge, currency),
        forecast=ahead,
        result=account_result(account, period),
        leakage=leakage_of(account, period),
        result_before=account_result(account, compare),
        offerings=uses,
        rhythm=gaps.get(None),
        candidates=_answer(lambda: candidates(account, today)),
        wallet=known,
        share=share,
        saturation=exhausted,
        relationship=relationship(account, today),
        health_chart=health_chart(account),
    )


def change_of(growth: Growth) -> float | None:
    """Return the growth as a share of what it is compared with, None where that was not positive."""
    return float(growth.effects.change / growth.compare) if growth.compare > 0 else None


def refusal_text(error: CannotCompute) -> str:
    """Return a refusal in the reader's language."""
    return _(error.message) % error.params if error.params else _(error.message)


def _answer(compute: Callable[[], T]) -> Answer:
    try:
        return Answer(compute())
    except CannotCompute as error:
        return Answer(None, refusal_text(error))


def _months(account: Account, today: date) -> Months:
    """Return net revenue of each full month from the first order on, months without orders included."""
    end = today.replace(day=1)
    start = months_before(end, HISTORY_MONTHS)
    rows = AccountMonth.objects.filter(account=account, month__gte=start, month__lt=end)
    found = {row.month: row.net for row in rows.order_by("month")}
    if not found:
        return []
    months, month = [], min(found)
    while month < end:
        months.append((month, found.get(month, Decimal(0))))
        month = months_before(month, -1)
    return months


def _first(months: Months) -> date:
    return months[0][0] if months else date.max


def _quantities(account: Account, period: Period, compare: Period) -> tuple[Decimal, Decimal]:
    def total(each: Period) -> Decimal:
        lines = account.sales_lines.between(each.start, each.end)  # type: ignore[attr-defined]  # the manager knows between()
        return from_units(lines.aggregate(n=Sum(Units(F("quantity")), default=0))["n"])

    return total(compare), total(period)


def _plans(account: Account) -> dict[int, Decimal]:
    """Return the planned revenue of each year that has one."""
    years = account.years.filter(planned_revenue__isnull=False)
    return dict(years.values_list("year", "planned_revenue"))


def _running_month(account: Account, today: date) -> Decimal:
    row = AccountMonth.objects.filter(account=account, month=today.replace(day=1)).first()
    return row.net if row else Decimal(0)


def _planned(account: Account, period: Period) -> Decimal | None:
    """Return the plan of the period's months, a twelfth of the year each; None while a year has no plan."""
    plans = _plans(account)
    total, month = Decimal(0), period.start.replace(day=1)
    while month < period.end:
        if (planned := plans.get(month.year)) is None:
            return None
        total += planned / 12
        month = months_before(month, -1)
    return total


def _effects_chart(growth: Growth, currency: str) -> charts.Chart | None:
    if not growth.orders and not growth.compare_orders:
        return None
    effects = growth.effects
    more, larger = abs(effects.orders_effect), abs(effects.size_effect)
    title = (
        _("The number of orders moved the revenue most")
        if more >= larger
        else _("The size of orders moved the revenue most")
    )
    steps = [(_("Number of orders"), effects.orders_effect), (_("Size of orders"), effects.size_effect)]
    frame = charts.Frame(title, _("Orders × average size, adds up to the cent"))
    before, after = (_("Before"), growth.compare), (_("Period"), growth.revenue)
    return charts.waterfall(frame, before, steps, after, charts.Measure("money", currency))


def _bridge_chart(bridge: Bridge, currency: str) -> charts.Chart | None:
    total = bridge.total
    if not bridge.offerings:
        return None
    steps = [
        (_("Price"), total.price),
        (_("Volume"), total.volume),
        (_("Mix"), total.mix),
        (_("New offerings"), total.new),
        (_("Lost offerings"), total.lost),
    ]
    name, value = max(steps, key=lambda step: abs(step[1]))
    title = _("%(name)s moved the revenue most: %(value)s") % {
        "name": name, "value": formatting.money_short(value, currency)}  # fmt: skip
    frame = charts.Frame(title, _("Price, volume and mix over offerings, adds up to the cent"))
    before, after = (_("Before"), bridge.before), (_("Period"), bridge.after)
    return charts.waterfall(frame, before, steps, after, charts.Measure("money", currency))
