"""What the growth page of an account shows: how revenue went, why, and what is to be expected."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from accounts.arithmetic import CannotCompute
from accounts.gaps import Gaps
from accounts.models import Account
from accounts.windows import months_before, parse_day
from goals.adoption import adoption_chart
from goals.anticipation import offering_use, rhythm, wallet
from goals.contributions import AccountResult, account_result
from goals.costs import leakage_of
from goals.currencies import currencies
from goals.decomposition import Bridge
from goals.forecast import Forecast, forecast
from goals.growth import Growth, account_growth, offering_bridge
from goals.growth_charts import bridge_chart, effects_chart
from goals.health_history import health_chart
from goals.history import first_order_of, months_of, planned, plans_of, quantities_of
from goals.models import AccountPeriod
from goals.months_chart import Months, months_chart
from goals.periods import Period, is_partial
from goals.profitability import Leakage
from goals.relationship import Relationship, relationship
from goals.wallet_chart import share_chart
from goals.wallets import Wallet, wallet_on, wallets_of
from kam.lib import charts

T = TypeVar("T")


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
    foreign: list[str]
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
    wallet: Wallet | None
    share: Answer
    saturation: Any
    relationship: Relationship
    health_chart: charts.Chart | None
    adoption_chart: charts.Chart | None
    share_chart: charts.Chart | None
    periods: list[AccountPeriod]
    first_order_on: date | None

    @property
    def change(self) -> float | None:
        return change_of(self.growth)

    @property
    def plan_share(self) -> float | None:
        return float(self.growth.revenue / self.plan) if self.plan else None

    @property
    def tenure(self) -> float | None:
        """Return the years since the first order."""
        return (self.today - self.first_order_on).days / 365.25 if self.first_order_on else None

    @property
    def chosen(self) -> AccountPeriod | None:
        """The account's own period that is shown, if it is one."""
        return next((each for each in self.periods if _of(each) == self.period), None)

    @property
    def forecast_rows(self) -> list[tuple[float, float, float]]:
        """Return (value, low, high) of the months to come; empty where no forecast is shown."""
        ahead: Forecast | None = self.forecast.value
        return list(zip(ahead.values, ahead.low, ahead.high, strict=True)) if ahead else []

    @property
    def fell_while_rising(self) -> bool:
        """Whether the contribution fell while the revenue rose, where costs are known in both periods."""
        return self.result.fell_while_rising(self.result_before)


def asked_periods(
    query: Mapping[str, str], today: date, own: Sequence[AccountPeriod] = ()
) -> tuple[Period, Period]:
    """Return the two periods of a query: the last 12 full months against the 12 before unless it says otherwise.

    ``own`` are the account's named periods, latest first; one that is asked for by its id stands against the one
    before it. Raises InvalidInput for days that cannot be read and periods without days.
    """
    for place, named in enumerate(own):
        if str(named.pk) == query.get("period"):
            period = _of(named)
            earlier = [_of(each) for each in own[place + 1 :]]
            a_year_before = Period(months_before(period.start, 12), months_before(period.end, 12))
            return period, (earlier or [a_year_before])[0]
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


def _of(named: AccountPeriod) -> Period:
    return Period(named.start_on, named.end_on + timedelta(days=1))


def growth_page(account: Account, query: Mapping[str, str], today: date, currency: str) -> GrowthPage:
    """Return the growth page of the periods that a query asks for. Raises InvalidInput as ``asked_periods`` does."""
    own = list(account.periods.all())
    period, compare = asked_periods(query, today, own)
    growth = account_growth(account, period, compare)
    moved = currencies(account, period, compare, currency)
    bridge, _names = offering_bridge(account, period, compare, moved.effects)
    (months, running), plans = months_of(account, today), plans_of(account)
    gaps = rhythm(account, today)
    uses = offering_use(account, period, compare, gaps)
    units = quantities_of(account, period, compare)
    ahead = answer(lambda: forecast([value for _month, value in months]))
    wallets = wallets_of([account.pk]).get(account.pk, [])
    known, share, exhausted = wallet_on(wallets, today), Answer(None), None
    try:
        part, exhausted = wallet(known, growth.revenue, units)
        share = Answer(part)
    except CannotCompute as error:
        share = Answer(None, refusal_text(error))
    return GrowthPage(
        account=account,
        today=today,
        period=period,
        compare=compare,
        plan=planned(plans, period),
        partial=is_partly_known(months, period, compare, today),
        foreign=moved.unknown,
        growth=growth,
        bridge=bridge,
        months_chart=months_chart(
            months,
            plans,
            ahead.value if ahead.value and ahead.value.backtest.passed else None,
            running,
            currency,
        ),
        effects_chart=effects_chart(growth, currency),
        bridge_chart=bridge_chart(bridge, currency),
        forecast=ahead,
        result=account_result(account, period),
        leakage=leakage_of(account, period),
        result_before=account_result(account, compare),
        offerings=uses,
        rhythm=gaps.get(None),
        wallet=known,
        share=share,
        saturation=exhausted,
        relationship=relationship(account, today),
        health_chart=health_chart(account),
        adoption_chart=adoption_chart(account, today, currency),
        share_chart=share_chart(months, wallets),
        periods=own,
        first_order_on=first_order_of(account),
    )


def change_of(growth: Growth) -> float | None:
    """Return the growth as a share of what it is compared with, None where that was not positive."""
    return float(growth.effects.change / growth.compare) if growth.compare > 0 else None


def refusal_text(error: CannotCompute) -> str:
    """Return a refusal in the reader's language."""
    return _(error.message) % error.params if error.params else _(error.message)


def answer(compute: Callable[[], T]) -> Answer:
    """Return what is computed, or the sentence why it cannot be."""
    try:
        return Answer(compute())
    except CannotCompute as error:
        return Answer(None, refusal_text(error))


def is_partly_known(months: Months, period: Period, compare: Period, today: date) -> bool:
    """Say whether one of the periods has days of which no sales can be known: after today, or before the first."""
    first = months[0][0] if months else date.max
    return is_partial(period, period.start, today) or is_partial(compare, first, compare.end)
