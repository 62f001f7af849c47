"""The figures of the leadership portfolio: all accounts as of a day, as plain JSON and in no language."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from accounts.amounts import PER_ONE, Units, amount_text, from_units
from accounts.concentration import concentration
from accounts.models import Account, SalesLine, SalesOrder
from accounts.windows import Span, parse_window
from goals.constant_rates import moved_units, sells_abroad
from goals.models import Goal
from goals.periods import Period
from goals.retention import retention
from goals.status import goal_rows
from kam.lib.errors import InvalidInput
from reports.attempts import attempt
from reports.leadership_contribution import contributed
from reports.leadership_warnings import warned
from reports.links import url
from scoring.models import Decision

TOP, MOVERS, GOALS = 10, 5, 15
BEHIND = ("off_track", "missed", "at_risk")
Data = dict[str, Any]
Movement = tuple[UUID, int, int]  # account, units in the window, units in the window before


def portfolio_figures(
    as_of: date, sections: Iterable[str], *, constant_rates: bool = True
) -> dict[str, Data]:
    """Return parts of the portfolio report by their code; revenue is twelve months, net of reversals.

    ``constant_rates`` adds to the retention what it would be at them, which reads every foreign sales line.
    """
    window = parse_window("12m")
    now, before = window.span(as_of), window.previous(as_of) or window.span(as_of)
    rows = movements(now, before)
    names = _names(rows)
    read: dict[str, Callable[[], Data]] = {
        "concentration": lambda: concentrated(rows, names),
        "retention": lambda: (
            retained(rows) | (at_constant_rates(rows, now, before) if constant_rates else {})
        ),
        "contribution": lambda: contributed(now, before),
        "movers": lambda: _moved(rows, names),
        "coverage": lambda: coverage(as_of),
        "warnings": lambda: warned(as_of),
        "risks": lambda: {"rows": goals_behind(as_of), "source": url("goals:list")},
        "decisions": decisions,
    }
    return {code: attempt(code, read[code]) for code in sections}


def movements(now: Span, before: Span) -> list[Movement]:
    """Return what each account brought in two stretches of time, most first, in one query."""
    sums = (
        SalesOrder.objects.filter(ordered_on__gte=before.start, ordered_on__lt=now.end)
        .order_by()
        .values("account_id")
        .annotate(now=_units(ordered_on__gte=now.start), before=_units(ordered_on__lt=now.start))
        .order_by("-now", "account_id")
    )
    return [(row["account_id"], row["now"], row["before"]) for row in sums]


def _units(**when: Any) -> Any:
    part = Case(When(**when, then=Units(F("net"))), default=Value(0), output_field=BigIntegerField())
    return Cast(Coalesce(Sum(part), 0), BigIntegerField())


def concentrated(rows: list[Movement], names: dict[UUID, str], top: int = TOP) -> Data:
    """Return how much of the revenue hangs on how few accounts, with the largest of them."""
    amounts = [units for _account, units, _before in rows if units]
    found = concentration([units / PER_ONE for units in amounts])
    largest = [
        {"name": names[account], "amount": amount_text(from_units(units)), "source": _page(account)}
        for account, units, _before in rows[:top]
        if units > 0
    ]
    return {
        "accounts": found.accounts,
        "total": amount_text(from_units(sum(amounts))),
        "top20_count": found.top20_count,
        "top20_share": found.top20_share,
        "largest_share": found.largest_share,
        "gini": found.gini,
        "accounts_for_80": found.accounts_for_80,
        "top": largest,
        "source": url("portfolio"),
    }


def retained(rows: list[Movement]) -> Data:
    """Return what became of those who were customers a year before."""
    found = retention((from_units(before), from_units(now)) for _account, now, before in rows)
    return {
        "base_accounts": found.base_accounts,
        "base_revenue": amount_text(found.base_revenue),
        "current_revenue": amount_text(found.current_revenue),
        "churned": amount_text(found.churned),
        "contraction": amount_text(found.contraction),
        "expansion": amount_text(found.expansion),
        "new": amount_text(found.new),
        "nrr": found.nrr,
        "grr": found.grr,
        "logo_retention": found.logo_retention,
        "growth": found.growth,
        "source": url("goals:portfolio_growth"),
    }


def at_constant_rates(rows: list[Movement], now: Span, before: Span) -> Data:
    """Return the two rates as they would be had exchange rates stood still; nothing without foreign sales."""
    if not sells_abroad():
        return {}
    try:
        moved = moved_units(SalesLine.objects.all(), _period(before), _period(now))
    except InvalidInput:
        return {"nrr_constant": None, "grr_constant": None}
    if not moved:
        return {}
    units = {UUID(str(key)): added for key, added in moved.items()}
    restated = ((from_units(earlier), from_units(later - units.get(key, 0))) for key, later, earlier in rows)
    found = retention(restated)
    return {"nrr_constant": found.nrr, "grr_constant": found.grr}


def _period(span: Span) -> Period:
    return Period(span.start or date.min, span.end)


def _names(rows: list[Movement]) -> dict[UUID, str]:
    moved = sorted(rows, key=lambda row: row[1] - row[2])
    wanted = {row[0] for row in [*rows[:TOP], *moved[:MOVERS], *moved[-MOVERS:]]}
    return {pk: account.display_name for pk, account in Account.objects.in_bulk(list(wanted)).items()}


def _moved(rows: list[Movement], names: dict[UUID, str]) -> Data:
    ends = {"up": _movers(rows, names, 1), "down": _movers(rows, names, -1)}
    return {**ends, "source": url("goals:portfolio_growth")}


def _movers(rows: list[Movement], names: dict[UUID, str], sign: int) -> list[Data]:
    moved = sorted(rows, key=lambda row: (-sign * (row[1] - row[2]), str(row[0])))
    return [
        {
            "name": names[account],
            "amount": amount_text(from_units(now)),
            "before": amount_text(from_units(before)),
            "change": amount_text(from_units(now - before)),
            "source": _page(account),
        }
        for account, now, before in moved[:MOVERS]
        if sign * (now - before) > 0
    ]


def coverage(as_of: date) -> Data:
    """Return who looks after how many key accounts, and which of them have nobody or no goal."""
    keys = Account.objects.key().filter(key_since__lte=as_of)
    counts = keys.aggregate(
        all=Count("pk"),
        without_kam=Count("pk", filter=Q(kam__isnull=True)),
    )
    planned = Goal.objects.open().filter(account__in=keys.order_by().values("pk"))
    with_goal = planned.order_by().values("account").distinct().count()
    people = keys.filter(kam__isnull=False).order_by().values("kam__name").annotate(count=Count("pk"))
    return {
        "key_accounts": counts["all"],
        "without_kam": counts["without_kam"],
        "without_goal": counts["all"] - with_goal,
        "people": [
            {"name": row["kam__name"], "count": row["count"]}
            for row in people.order_by("-count", "kam__name")
        ],
        "source": url("portfolio_leadership"),
    }


def goals_behind(as_of: date) -> list[Data]:
    """Return the open goals that want attention, worst first."""
    rows = goal_rows(Goal.objects.open().filter(start_on__lte=as_of).for_list(as_of), as_of)
    return [
        {
            "title": row.goal.title,
            "account": row.goal.account.display_name,
            "who": str(row.goal.owner or ""),
            "due_on": row.goal.due_on.isoformat(),
            "state": row.status.state,
            "progress": row.status.progress,
            "source": url("goals:detail", pk=row.goal.pk),
        }
        for row in rows
        if row.status.state in BEHIND
    ][:GOALS]


def decisions() -> Data:
    """Return how many decisions stand where, and the proposals that wait."""
    states = Counter(dict(Decision.objects.order_by().values_list("state").annotate(count=Count("pk"))))
    waiting = Decision.objects.waiting().for_list().order_by("created_at", "pk")[:TOP]
    return {
        "proposed": states["proposed"],
        "approved": states["approved"],
        "declined": states["declined"],
        "ended": states["ended"],
        "waiting": [
            {
                "name": decision.account.display_name,
                "since": decision.created_at.date().isoformat(),
                "who": str(decision.proposed_by or ""),
            }
            for decision in waiting
        ],
        "source": url("scoring:decisions"),
    }


def _page(account: UUID) -> str:
    return url("accounts:detail", pk=account)
