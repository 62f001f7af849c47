"""What the portfolio's growth page shows: retention, who earns, who costs, and whether the programme pays."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.arithmetic import CannotCompute
from accounts.models import Account
from accounts.windows import months_before
from goals.cohorts import CohortQuestion, portfolio_retention
from goals.contributions import books_of, key_accounts_compared, movements
from goals.growth_page import Answer, refusal_text
from goals.models import Goal
from goals.periods import Period
from goals.profitability import Movement, account_contribution, fell_while_revenue_rose, whale_curve
from goals.retention import Retention
from goals.status import GoalRow, goal_rows
from kam.lib import charts, formatting

MOVERS = 5


@dataclass(frozen=True, slots=True)
class Mover:
    """An account and how it moved between the periods."""

    account: Account
    movement: Movement


@dataclass(frozen=True, slots=True)
class PortfolioGrowth:
    base: Period
    period: Period
    retention: Retention
    whale: Answer
    whale_chart: charts.Chart | None
    pays: Answer
    costed: int
    accounts: int
    fell: list[Mover]
    winners: list[Mover]
    losers: list[Mover]
    at_risk: list[GoalRow]
    key_accounts: int
    without_kam: int


def portfolio_growth(user: Any, today: date) -> PortfolioGrowth:
    """Return the growth of the accounts ``user`` sees: the last 12 full months against the 12 before."""
    end = today.replace(day=1)
    period = Period(months_before(end, 12), end)
    base = Period(months_before(end, 24), period.start)
    (before, _known), (after, costed) = books_of(base, user), books_of(period, user)
    moved = movements(before, after)
    contributions = {pk: account_contribution(row).contribution for pk, row in after.items() if pk in costed}
    whale, chart = _whale(list(contributions.values()))
    ordered = sorted(moved, key=lambda row: row.revenue_change)
    fell = [row for row in fell_while_revenue_rose(moved) if UUID(row.account) in costed][: 2 * MOVERS]
    losers = [row for row in ordered[:MOVERS] if row.revenue_change < 0]
    winners = [row for row in ordered[::-1][:MOVERS] if row.revenue_change > 0]
    names = Account.objects.in_bulk([UUID(row.account) for row in (*fell, *losers, *winners)])
    risky = goal_rows(Goal.objects.open().for_list(today).visible_to(user), today)
    keys = Account.objects.visible_to(user).key()
    return PortfolioGrowth(
        base=base,
        period=period,
        retention=portfolio_retention(CohortQuestion(base, period), user),
        whale=whale,
        whale_chart=chart,
        pays=_pays(user, today),
        costed=len(contributions),
        accounts=len(after),
        fell=[Mover(names[UUID(row.account)], row) for row in fell],
        winners=[Mover(names[UUID(row.account)], row) for row in winners],
        losers=[Mover(names[UUID(row.account)], row) for row in losers],
        at_risk=[row for row in risky if row.status.state in ("off_track", "missed", "at_risk")][:10],
        key_accounts=keys.count(),
        without_kam=keys.filter(kam__isnull=True).count(),
    )


def _pays(user: Any, today: date) -> Answer:
    try:
        return Answer(key_accounts_compared(user, today))
    except CannotCompute as error:
        return Answer(None, refusal_text(error))


def _whale(values: list[Decimal]) -> tuple[Answer, charts.Chart | None]:
    if not values:
        return Answer(None, _("No sales line states its cost, so no contribution is known.")), None
    try:
        curve = whale_curve(values)
    except CannotCompute as error:
        return Answer(None, refusal_text(error)), None
    peak = formatting.percent(curve.peak, 0)
    title = ngettext(
        "%(count)s account earns %(peak)s of the whole contribution",
        "%(count)s accounts earn %(peak)s of the whole contribution",
        curve.peak_accounts,
    ) % {"count": curve.peak_accounts, "peak": peak}
    frame = charts.Frame(title, _("Cumulated contribution, most profitable account first"))
    shown = _thinned(curve.cumulated)
    rows = [(_("first %(count)s") % {"count": place}, value, None) for place, value in shown]
    return Answer(curve), charts.bars(frame, rows, charts.Measure("percent", decimals=0))


def _thinned(cumulated: Any, most: int = 12) -> list[tuple[int, float]]:
    """Return at most a dozen points of the curve, its end among them."""
    count = len(cumulated)
    places = sorted({max(1, round(count * step / most)) for step in range(1, most + 1)})
    return [(place, float(cumulated[place - 1])) for place in places]
