"""What the portfolio's growth page shows: retention, who earns, who costs, and whether the programme pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.amounts import UNIT
from accounts.arithmetic import CannotCompute
from accounts.models import Account, SalesLine
from accounts.windows import months_before
from goals.constant_rates import AS_BOOKED, CONSTANT, moved_units, sells_abroad
from goals.growth_page import Answer, refusal_text
from goals.ledgers import Ledgers, ledgers_of
from goals.models import Goal
from goals.pays import key_accounts_compared
from goals.periods import Period
from goals.profitability import Movement, WhaleCurve, whale_curve
from goals.retention import Retention, retention_of_units
from goals.status import GoalRow, goal_rows
from kam.lib import charts, formatting
from kam.lib.charts_portfolio import whale
from kam.lib.errors import InvalidInput

MOVERS = 5
MOST = 0.8  # of the contribution: what the title names where nobody costs more than it brings


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
    rates: str
    rates_refusal: str
    sells_abroad: bool
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


def portfolio_growth(user: Any, today: date, rates: str = AS_BOOKED) -> PortfolioGrowth:
    """Return the growth of the accounts ``user`` sees: the last 12 full months against the 12 before.

    Constant ``rates`` are those of retention alone, and only where every currency has some: else it is as booked.
    """
    end = today.replace(day=1)
    period = Period(months_before(end, 12), end)
    base = Period(months_before(end, 24), period.start)
    found = ledgers_of((base, period), user)
    now, refusal = found.revenue[:, 1], ""
    if rates == CONSTANT:
        try:
            now = now - _moved(found, moved_units(SalesLine.objects.visible_to(user), base, period))
        except InvalidInput as error:
            rates, refusal = AS_BOOKED, str(error)
    whale, chart = _whale(found.contribution[found.costed[:, 1], 1].tolist())
    fell, winners, losers = movers_of(found)
    risky = goal_rows(Goal.objects.open().for_list(today).visible_to(user), today)
    keys = Account.objects.visible_to(user).key()
    return PortfolioGrowth(
        base=base,
        period=period,
        retention=retention_of_units(found.revenue[:, 0], now, UNIT),
        rates=rates,
        rates_refusal=refusal,
        sells_abroad=sells_abroad(),
        whale=whale,
        whale_chart=chart,
        pays=_pays(user, today),
        costed=int(found.costed[:, 1].sum()),
        accounts=int(found.sold[:, 1].sum()),
        fell=fell,
        winners=winners,
        losers=losers,
        at_risk=[row for row in risky if row.status.state in ("off_track", "missed", "at_risk")][:10],
        key_accounts=keys.count(),
        without_kam=keys.filter(kam__isnull=True).count(),
    )


def _moved(found: Ledgers, units: Mapping[Any, int]) -> Any:
    """Return what moved exchange rates added to each row's second period."""
    places = {key: row for row, key in enumerate(found.keys) if key in units}
    column = np.zeros(len(found.keys), dtype=np.int64)
    column[list(places.values())] = [units[key] for key in places]
    return column


def movers_of(found: Ledgers) -> tuple[list[Mover], list[Mover], list[Mover]]:
    """Return whose contribution fell while revenue rose, who grew and who shrank most, the largest first."""
    more, left = (column[:, 1] - column[:, 0] for column in (found.revenue, found.contribution))
    # Without a cost in both periods nobody knows whether a contribution fell.
    known = found.costed[:, 1] & (found.costed[:, 0] | ~found.sold[:, 0])
    shown = (
        _least(found, left, known & (more > 0) & (left < 0), 2 * MOVERS),
        _least(found, -more, more > 0, MOVERS),
        _least(found, more, more < 0, MOVERS),
    )
    names = Account.objects.in_bulk([found.account(row) for rows in shown for row in rows])
    worse, up, down = (
        [Mover(names[found.account(row)], found.movement(row)) for row in rows] for rows in shown
    )
    return worse, up, down


def _least(found: Ledgers, amounts: Any, wanted: Any, most: int) -> list[int]:
    """Return the rows with the smallest of the wanted amounts, the first account where two are equal."""
    return nsmallest(
        most, np.flatnonzero(wanted).tolist(), key=lambda row: (amounts[row], str(found.keys[row]))
    )


def _pays(user: Any, today: date) -> Answer:
    try:
        return Answer(key_accounts_compared(user, today))
    except CannotCompute as error:
        return Answer(None, refusal_text(error))


def _whale(values: Sequence[int]) -> tuple[Answer, charts.Chart | None]:
    if not values:
        return Answer(None, _("No sales line states its cost, so no contribution is known.")), None
    try:
        curve = whale_curve(values)
    except CannotCompute as error:
        return Answer(None, refusal_text(error)), None
    place, share = _telling(curve)
    words = {"count": formatting.number(place), "peak": formatting.percent(share, 0)}
    title = (
        ngettext(
            "%(count)s account earns %(peak)s of the whole contribution",
            "%(count)s accounts earn %(peak)s of the whole contribution",
            place,
        )
        % words
    )
    frame = charts.Frame(title, _("Cumulated contribution, most profitable account first"))
    label = ngettext("%(count)s account: %(peak)s", "%(count)s accounts: %(peak)s", place) % words
    return Answer(curve), whale(frame, curve.cumulated, (place, label))


def _telling(curve: WhaleCurve) -> tuple[int, float]:
    """Return the place of the curve that says most: its peak, or, where nobody costs, who brings four fifths."""
    if round(curve.peak, 2) > 1:
        return curve.peak_accounts, curve.peak
    place = next(place for place, share in enumerate(curve.cumulated, 1) if share >= MOST)
    return place, curve.cumulated[place - 1]
