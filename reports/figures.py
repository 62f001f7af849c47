"""The figures of a progress report: one account as of a day, as plain JSON and in no language.

Amounts are decimal strings, days ISO texts, shares numbers; every part names the page with its source rows.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, F, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from accounts.amounts import Units, amount_text, from_units
from accounts.facts import AccountFacts
from accounts.models import Account, SalesLine, SalesOrder, Visibility
from accounts.windows import Span, months_before
from goals.decomposition import orders_and_size
from goals.models import Promise
from goals.status import GoalRow
from kam.users.models import Organisation
from reports.links import url
from reports.source import ROWS, WINDOW, Source
from scoring.explain import Part, explain_account
from scoring.models import ScoreRun

QUARTERS = 8
TOP_OFFERINGS = 8
Data = dict[str, Any]


def promises(account: Account, as_of: date) -> Data:
    """Return what we promised and have not closed, what is due first first."""
    rows: Iterable[Promise] = account.promises.open().with_people().filter(promised_on__lte=as_of)[:ROWS]
    return {
        "rows": [
            {
                "text": promise.text,
                "to": str(promise.contact or ""),
                "who": str(promise.owner or ""),
                "due_on": promise.due_on.isoformat(),
                "overdue": promise.due_on < as_of,
                "visibility": promise.visibility,
            }
            for promise in rows
        ],
        "source": url("goals:plan", pk=account.pk),
    }


def summary(account: Account, now: AccountFacts, before: AccountFacts) -> Data:
    """Return the key figures of twelve months beside those of the twelve months before, net of reversals."""
    return {
        "window": WINDOW,
        "basis": now.basis,
        "from": _day(now.span.start),
        "to": _day(now.as_of),
        "revenue": amount_text(now.revenue),
        "revenue_before": amount_text(before.revenue),
        "growth": now.growth,
        "orders": now.orders,
        "orders_before": before.orders,
        "average": amount_text(now.average_transaction_size),
        "average_before": amount_text(before.average_transaction_size),
        "first_order_on": _day(now.first_order_on),
        "last_order_on": _day(now.last_order_on),
        "next_order_on": _day(now.next_order_expected_on),
        "order_overdue": now.overdue,
        "source": lines_url(account, now.as_of),
    }


def revenue(account: Account, as_of: date) -> Data:
    """Return eight quarters of the fiscal year beside the same quarters a year earlier, net of reversals.

    A quarter that is not over is compared with the same days of the year before, and says so.
    """
    spans = quarters(as_of, Organisation.current().fiscal_year_start)
    end = as_of + timedelta(days=1)
    first = months_before(spans[0][0], 12)
    orders = list(
        SalesOrder.objects.filter(account=account, ordered_on__gte=first, ordered_on__lt=end).values_list(
            "ordered_on", "net"
        )
    )

    def total(start: date, until: date) -> str | None:
        return amount_text(sum((net for day, net in orders if start <= day < until), Decimal(0)))

    rows = []
    for start, following in spans:
        until = min(following, end)
        rows.append(
            {
                "from": start.isoformat(),
                "until": (until - timedelta(days=1)).isoformat(),
                "partial": until < following,
                "actual": total(start, until),
                "previous": total(months_before(start, 12), months_before(until, 12)),
            }
        )
    return {"basis": "net", "quarters": rows, "source": lines_url(account, as_of, "all")}


def quarters(as_of: date, fiscal_start: int) -> list[tuple[date, date]]:
    """Return (first day, day after the last) of the eight quarters up to the one that holds ``as_of``."""
    past = (as_of.month - fiscal_start) % 3
    current = months_before(as_of.replace(day=1), past)
    starts = [months_before(current, 3 * back) for back in range(QUARTERS - 1, -1, -1)]
    return [(start, months_before(start, -3)) for start in starts]


def change(account: Account, now: AccountFacts, before: AccountFacts) -> Data:
    """Return what more orders and larger ones did to the revenue; the two effects add up to the cent."""
    split = orders_and_size((before.orders, before.revenue), (now.orders, now.revenue))
    return {
        "before": amount_text(before.revenue),
        "after": amount_text(now.revenue),
        "orders_before": before.orders,
        "orders_after": now.orders,
        "orders_effect": amount_text(split.orders_effect),
        "size_effect": amount_text(split.size_effect),
        "source": lines_url(account, now.as_of),
        "source_before": lines_url(account, before.as_of),
    }


def offerings(account: Account, now: Span, before: Span, as_of: date) -> Data:
    """Return what was bought most in the window beside the window before, net of reversals, largest first."""
    lines = SalesLine.objects.filter(account=account).between(before.start, now.end)
    sums = (
        lines.order_by()
        .annotate(code=Coalesce("offering__code", Value("")), name=Coalesce("offering__name", Value("")))
        .values("code", "name")
        .annotate(now=_units(ordered_on__gte=now.start), before=_units(ordered_on__lt=now.start))
        .filter(Q(now__gt=0) | Q(before__gt=0))
        .order_by("-now", "code")
    )
    rows = [
        {
            "code": row["code"],
            "name": row["name"] or row["code"],
            "amount": amount_text(from_units(row["now"])),
            "before": amount_text(from_units(row["before"])),
        }
        for row in sums
    ]
    return {
        "rows": rows[:TOP_OFFERINGS],
        "more": max(0, len(rows) - TOP_OFFERINGS),
        "source": lines_url(account, as_of),
    }


def _units(**when: Any) -> Any:
    part = Case(When(**when, then=Units(F("amount"))), default=Value(0), output_field=BigIntegerField())
    return Cast(Coalesce(Sum(part), 0), BigIntegerField())


def goal_data(row: GoalRow) -> Data:
    """Return a goal with where it stands; reasons and causes are for us alone."""
    goal, status = row.goal, row.status
    return {
        "title": goal.title,
        "why": goal.why,
        "cause": goal.cause,
        "side": goal.side,
        "visibility": goal.visibility,
        "who": str(goal.owner or ""),
        "metric": str(goal.metric or ""),
        "unit": goal.metric.unit if goal.metric else "",
        "start": amount_text(goal.start_value),
        "target": amount_text(goal.target_value),
        "current": amount_text(status.current),
        "measured_on": _day(status.measured_on),
        "due_on": goal.due_on.isoformat(),
        "progress": status.progress,
        "elapsed": status.elapsed,
        "pace_gap": status.pace_gap,
        "state": status.state,
        "source": url("goals:detail", pk=goal.pk),
    }


def score(account: Account, as_of: date) -> Data:
    """Return why the account has its score in the newest run up to the day, or nothing."""
    runs = ScoreRun.objects.filter(as_of__lte=as_of)
    found = explain_account(account, run) if (run := runs.latest()) else None
    if found is None or run is None:
        return {}
    return {
        "model": run.model.name,
        "version": run.model.number,
        "as_of": run.as_of.isoformat(),
        "accounts": run.accounts,
        "rank": found.score.rank,
        "rank_before": found.score.previous_rank,
        "total": found.score.total,
        "low": found.score.low,
        "high": found.score.high,
        "completeness": found.score.completeness,
        "parts": [part_data(part) for part in found.parts],
        "source": url("scoring:why", pk=run.pk, account=account.pk),
    }


def part_data(part: Part) -> Data:
    return {
        "name": part.name,
        "rating": part.rating,
        "weight": part.weight,
        "contribution": part.contribution,
        "applies": part.applies,
    }


def steps(account: Account, goals: list[GoalRow], as_of: date) -> list[Data]:
    """Return open tasks and the open milestones of goals, what is due first first; a task is always internal."""
    tasks = account.tasks.open().with_people().by_due()[:ROWS]
    rows = [
        {
            "title": task.title,
            "who": str(task.assignee or ""),
            "due_on": _day(task.due_on),
            "reason": task.reason,
            "visibility": Visibility.INTERNAL.value,
        }
        for task in tasks
    ]
    rows += [
        {
            "title": step.title,
            "who": str(row.goal.owner or ""),
            "due_on": _day(step.due_on),
            "reason": row.goal.title,
            "visibility": row.goal.visibility,
        }
        for row in goals
        if row.goal.closed_at is None
        for step in row.goal.milestones.all()
        if step.done_at is None
    ]
    return sorted(rows, key=lambda row: (row["due_on"] or "9999", row["title"]))[:ROWS]


def lines_url(account: Account, as_of: date, window: str = WINDOW) -> str:
    """Return the page with the sales lines behind a figure."""
    page = url("accounts:lines", pk=account.pk)
    return f"{page}?as_of={as_of.isoformat()}&window={window}&basis=net"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


FIGURES: dict[str, Callable[[Source], Data]] = {
    "promises": lambda source: promises(source.account, source.as_of),
    "summary": lambda source: summary(source.account, source.now, source.before),
    "revenue": lambda source: revenue(source.account, source.as_of),
    "change": lambda source: change(source.account, source.now, source.before),
    "offerings": lambda source: offerings(source.account, source.now.span, source.before.span, source.as_of),
    "goals": lambda source: {
        "rows": [goal_data(row) for row in source.goals],
        "source": f"{url('goals:list')}?account={source.account.pk}",
    },
    "score": lambda source: score(source.account, source.as_of),
    "steps": lambda source: {
        "rows": steps(source.account, source.goals, source.as_of),
        "source": url("accounts:detail", pk=source.account.pk),
    },
}
