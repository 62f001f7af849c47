"""The strip of key figures above a person's day, and how fresh the data are."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from accounts.amounts import Units, from_units
from accounts.models import AccountMonth, SalesOrder
from accounts.permissions import can_import
from accounts.windows import months_before
from goals.models import Goal
from goals.status import goal_rows
from kam.lib import formatting
from kam.users.models import User
from reports.links import url
from reports.queries.today import key_figures_of
from scoring.models import ScoreRun

STALE_AFTER = 7
GOOD = ("on_track", "achieved")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    label: str
    value: str
    note: str = ""
    tone: str = ""
    explain: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What the figures rest on: a label, the day, whether that is too long ago, and whether there is nothing yet."""

    label: str
    text: str
    stale: bool
    link: str
    missing: bool = False


def key_figures(user: User, today: date, currency: str) -> list[KeyFigure]:
    """Return revenue, accounts and goals of the person's own portfolio, in a fixed number of queries."""
    accounts = key_figures_of(user)
    return [*_revenue(accounts, today, currency), _accounts(accounts, user), _goals(user, accounts, today)]


def _revenue(accounts: Any, today: date, currency: str) -> list[KeyFigure]:
    """Twelve whole months beside the twelve before: a month that is not over would look like a fall."""
    end = today.replace(day=1)
    start, before = months_before(end, 12), months_before(end, 24)
    sums = AccountMonth.objects.filter(
        account__in=accounts.order_by().values("pk"), month__gte=before, month__lt=end
    ).aggregate(now=_units(month__gte=start), before=_units(month__lt=start))
    now, then = from_units(sums["now"]), from_units(sums["before"])
    last = formatting.month(end - timedelta(days=1))
    growth = float((now - then) / then) if then > Decimal(0) else None
    how = _("Net revenue of the twelve whole months up to the last, beside the twelve months before.")
    return [
        KeyFigure(
            _("Revenue"),
            formatting.money_short(now, currency),
            _("twelve months to %(month)s, net") % {"month": last},
            explain=how,
        ),
        KeyFigure(
            _("Against the year before"),
            formatting.percent(growth, signed=True),
            _("year before %(value)s") % {"value": formatting.money_short(then, currency)},
            "" if not growth else "pos" if growth > 0 else "neg",
        ),
    ]


def _units(**when: Any) -> Any:
    part = Case(When(**when, then=Units(F("net"))), default=Value(0), output_field=BigIntegerField())
    return Cast(Coalesce(Sum(part), 0), BigIntegerField())


def _accounts(accounts: Any, user: User) -> KeyFigure:
    found = accounts.aggregate(
        all=Count("pk"),
        key=Count("pk", filter=Q(key_since__isnull=False)),
    )
    note = _("of them key accounts: %(count)s") % {"count": formatting.number(found["key"])}
    label = _("Accounts in sight") if user.sees_everything else _("Your accounts")
    return KeyFigure(label, formatting.number(found["all"]), note)


def _goals(user: User, accounts: Any, today: date) -> KeyFigure:
    concerned = Goal.objects.open().with_status(today).visible_to(user)
    if not user.sees_everything:
        concerned = concerned.filter(Q(owner=user) | Q(account__in=accounts.order_by().values("pk")))
    states = [row.status.state for row in goal_rows(concerned, today)]
    good = sum(state in GOOD for state in states)
    value = f"{formatting.number(good)} / {formatting.number(len(states))}" if states else formatting.MISSING
    return KeyFigure(_("Goals on track"), value, _("open goals"))


def freshness(user: User, today: date) -> list[Freshness]:
    """Return how old the sales data and the ranking are."""
    last_order = SalesOrder.objects.aggregate(last=Max("ordered_on"))["last"]
    run = ScoreRun.objects.visible_to(user).latest()
    return [
        _fresh(_("Sales up to"), last_order, today, url("imports:list") if can_import(user) else ""),
        _fresh(_("Ranking as of"), run.as_of if run else None, today, url("scoring:ranking")),
    ]


def _fresh(label: str, day: date | None, today: date, link: str) -> Freshness:
    if day is None:
        return Freshness(label, _("nothing yet"), True, link, missing=True)
    return Freshness(label, formatting.date(day), (today - day).days > STALE_AFTER, link)
