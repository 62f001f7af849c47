"""The figures of the quarterly review and of the kick-off, beyond those they share with the progress report."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, F, Q, Sum, When

from accounts.amounts import amount_text
from accounts.models import Account, SalesOrder, Visibility
from accounts.windows import months_before
from goals.actions.plans import PLAN_FIELDS
from goals.models import JointProject, Promise
from goals.visible import shared_texts, shown_to_customer
from kam.users.models import Organisation
from reports.figures import lines_url, quarters
from reports.links import url
from reports.source import ROWS, Source
from scoring.models import PromotionConversation

CENT = Decimal("0.01")
INTERNAL, SHAREABLE = Visibility.INTERNAL.value, Visibility.SHAREABLE.value
Data = dict[str, Any]


def last_quarter(as_of: date, fiscal_start: int) -> tuple[date, date]:
    """Return (first day, day after the last) of the last quarter that is over on the day."""
    spans = quarters(as_of, fiscal_start)
    return spans[-1] if spans[-1][1] == as_of + timedelta(days=1) else spans[-2]


def quarter(source: Source) -> Data:
    """Return the last full quarter beside the plan and the year before, net of reversals."""
    start, end = last_quarter(source.as_of, Organisation.current().fiscal_year_start)
    before = (months_before(start, 12), months_before(end, 12))
    sums = SalesOrder.objects.filter(
        account=source.account, ordered_on__gte=before[0], ordered_on__lt=end
    ).aggregate(
        now=_net(start, end),
        before=_net(*before),
        orders=_orders(start, end),
        orders_before=_orders(*before),
    )
    return {
        "from": start.isoformat(),
        "to": (end - timedelta(days=1)).isoformat(),
        "actual": amount_text(sums["now"] or Decimal(0)),
        "previous": amount_text(sums["before"] or Decimal(0)),
        "plan": amount_text(planned(source.account, start)),
        "orders": sums["orders"],
        "orders_before": sums["orders_before"],
        "source": lines_url(source.account, end - timedelta(days=1), "3m"),
    }


def _within(start: date, end: date) -> Any:
    return When(ordered_on__gte=start, ordered_on__lt=end, then=F("net"))


def _net(start: date, end: date) -> Any:
    return Sum(Case(_within(start, end), output_field=DecimalField(max_digits=18, decimal_places=4)))


def _orders(start: date, end: date) -> Any:
    return Count(Case(When(ordered_on__gte=start, ordered_on__lt=end, lines__gt=0, then=F("pk"))))


def planned(account: Account, start: date) -> Decimal | None:
    """Return a twelfth of the planned year for each month of the quarter, None where a year has no plan."""
    months = [months_before(start, -number) for number in range(3)]
    plans = dict(
        account.years.filter(
            year__in={month.year for month in months}, planned_revenue__isnull=False
        ).values_list("year", "planned_revenue")
    )
    if any(month.year not in plans for month in months):
        return None
    whole = sum((plans[month.year] for month in months), Decimal(0))
    return (whole / 12).quantize(CENT, ROUND_HALF_UP)


def kept(source: Source) -> Data:
    """Return the promises that were closed since the last full quarter began, the last first."""
    start, _end = last_quarter(source.as_of, Organisation.current().fiscal_year_start)
    rows = source.account.promises.filter(closed_on__gte=start, closed_on__lte=source.as_of)
    return {
        "from": start.isoformat(),
        "rows": [
            {
                "text": promise.text,
                "to": str(promise.contact or ""),
                "who": str(promise.owner or ""),
                "due_on": promise.due_on.isoformat(),
                "closed_on": promise.closed_on.isoformat(),
                "kept": promise.state == Promise.State.KEPT,
                "visibility": promise.visibility,
            }
            for promise in rows.with_people().order_by("-closed_on", "pk")[:ROWS]
        ],
        "source": _plan(source),
    }


def projects(source: Source) -> Data:
    """Return the joint projects; an idea that nobody has started stays inside, and what is marked so."""
    found = source.account.joint_projects.exclude(state=JointProject.State.STOPPED).select_related("owner")
    return {
        "rows": [
            {
                "title": project.title,
                "benefit_ours": project.benefit_ours,
                "benefit_customer": project.benefit_customer,
                "state": project.state,
                "result": project.result,
                "who": str(project.owner or ""),
                "due_on": _day(project.due_on),
                "visibility": _visibility(project),
            }
            for project in found[:ROWS]
        ],
        "source": _plan(source),
    }


def choices(source: Source) -> Data:
    """Return what wants a decision: goals that are behind, and expectations that nobody has accepted."""
    rows: list[Data] = [
        {
            "kind": "goal",
            "title": row.goal.title,
            "state": row.status.state,
            "due_on": row.goal.due_on.isoformat(),
            "cause": row.goal.cause,
            "visibility": row.goal.visibility,
        }
        for row in source.goals
        if row.goal.closed_at is None and row.status.state in ("off_track", "missed", "at_risk")
    ]
    rows += [
        {
            "kind": "expectation",
            "title": row.text,
            "state": "open",
            "due_on": None,
            "cause": "",
            "visibility": _visibility(row),
        }
        for row in source.account.expectations.filter(accepted_at__isnull=True)[:ROWS]
    ]
    return {"rows": rows[:ROWS], "source": f"{url('goals:list')}?account={source.account.pk}"}


def ahead(source: Source) -> Data:
    """Return what is due within three months after the day, the first first."""
    first, last = source.as_of + timedelta(days=1), months_before(source.as_of, -3)
    rows = [*_dated_promises(source, first, last), *_dated_goals(source, first, last)]
    rows += [*_dated_tasks(source, first, last), *_dated_projects(source, first, last)]
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "rows": sorted(rows, key=lambda row: (row["due_on"], row["title"]))[: 2 * ROWS],
        "source": _plan(source),
    }


def _dated_promises(source: Source, first: date, last: date) -> list[Data]:
    found = source.account.promises.open().with_people().filter(due_on__gte=first, due_on__lte=last)
    return [_dated("promise", row.text, row.owner, row.due_on, row.visibility) for row in found[:ROWS]]


def _dated_goals(source: Source, first: date, last: date) -> list[Data]:
    rows = [row.goal for row in source.goals if row.goal.closed_at is None]
    found = [
        _dated("milestone", step.title, goal.owner, step.due_on, goal.visibility)
        for goal in rows
        for step in goal.milestones.all()
        if step.done_at is None and first <= step.due_on <= last
    ]
    return found + [
        _dated("goal", goal.title, goal.owner, goal.due_on, goal.visibility)
        for goal in rows
        if first <= goal.due_on <= last
    ]


def _dated_tasks(source: Source, first: date, last: date) -> list[Data]:
    found = source.account.tasks.open().with_people().filter(due_on__gte=first, due_on__lte=last)
    return [_dated("task", row.title, row.assignee, row.due_on, INTERNAL) for row in found[:ROWS]]


def _dated_projects(source: Source, first: date, last: date) -> list[Data]:
    running = source.account.joint_projects.filter(
        state=JointProject.State.RUNNING, due_on__gte=first, due_on__lte=last
    ).select_related("owner")
    return [_dated("project", row.title, row.owner, row.due_on, _visibility(row)) for row in running[:ROWS]]


def _dated(kind: str, title: str, who: Any, due_on: date, visibility: str) -> Data:
    return {
        "kind": kind,
        "title": title,
        "who": str(who or ""),
        "due_on": due_on.isoformat(),
        "visibility": visibility,
    }


def purpose(source: Source) -> Data:
    """Return why, how and what of the plan, and the purposes; the customer's to read is what is shared."""
    plan = getattr(source.account, "plan", None)
    shared = shared_texts(plan)
    texts = [(name, getattr(plan, name, "")) for name in PLAN_FIELDS]
    return {
        "rows": [
            {"field": name, "text": text, "visibility": SHAREABLE if name in shared else INTERNAL}
            for name, text in texts
            if text
        ],
        "source": _plan(source),
    }


def challenges(source: Source) -> Data:
    """Return the challenges that are open or were resolved within the year, the open ones first."""
    year = months_before(source.as_of, 12)
    recent = Q(resolved_on__isnull=True) | Q(resolved_on__gt=year)
    found = source.account.challenges.filter(recent, raised_on__lte=source.as_of)
    return {
        "rows": [
            {
                "title": row.title,
                "raised_on": row.raised_on.isoformat(),
                "solution": row.solution,
                "result": row.result,
                "resolved_on": _day(row.resolved_on),
                "visibility": _visibility(row),
            }
            for row in found.order_by(F("resolved_on").desc(nulls_first=True), "raised_on", "pk")[:ROWS]
        ],
        "source": _plan(source),
    }


def values(source: Source) -> Data:
    """Return what both sides gave beyond the invoice within the year; what we got is worth it to us alone."""
    year = months_before(source.as_of, 12)
    found = source.account.value_entries.filter(occurred_on__gt=year, occurred_on__lte=source.as_of)
    return {
        "rows": [
            {
                "direction": row.direction,
                "text": row.text,
                "occurred_on": row.occurred_on.isoformat(),
                "worth": amount_text(row.worth_to_customer),
                "worth_to_us": amount_text(row.amount) if row.direction == "get" else None,
                "visibility": _visibility(row),
            }
            for row in found[:ROWS]
        ],
        "source": _plan(source),
    }


def _visibility(row: Any) -> str:
    return SHAREABLE if shown_to_customer(row) else INTERNAL


def team(source: Source) -> Data:
    """Return who works with whom: our people with their functions, the customer's with their titles."""
    account = source.account
    people = [(account.kam, "kam"), (account.owner, "account_manager")]
    members = account.team_members.select_related("user").order_by("function", "user__name")
    people += [(member.user, member.function) for member in members]
    ours: dict[str, list[str]] = {}
    for person, function in people:
        if person is not None and function not in ours.setdefault(str(person), []):
            ours[str(person)].append(function)
    contacts = account.contacts.filter(left_on__isnull=True).order_by("sort_key", "pk")[:ROWS]
    return {
        "ours": [{"name": name, "functions": functions} for name, functions in ours.items()],
        "theirs": [{"name": str(contact), "job_title": contact.job_title} for contact in contacts],
        "source": url("accounts:contacts", pk=account.pk),
    }


def expectations(source: Source) -> Data:
    """Return what both sides expect; what we expect is the customer's to read once the customer accepted it."""
    return {
        "rows": [
            {
                "side": row.side,
                "text": row.text,
                "accepted": row.accepted_at is not None,
                "accepted_by": row.accepted_by,
                "visibility": _visibility(row),
            }
            for row in source.account.expectations.all()[:ROWS]
        ],
        "conversation": _conversation(source),
        "source": _plan(source),
    }


def _conversation(source: Source) -> Data | None:
    """When the customer was told that it is a key account; what it said stays where it was written down."""
    found = PromotionConversation.objects.filter(
        decision__account=source.account, decision__state="approved", held_on__lte=source.as_of
    ).first()
    if found is None:
        return None
    return {"held_on": found.held_on.isoformat(), "with": [str(contact) for contact in found.contacts.all()]}


def procedures(source: Source) -> Data:
    """Return how things are done for this account, in the version for the customer and in ours."""
    return {
        "rows": [
            {
                "title": row.title,
                "customer_text": row.customer_text,
                "internal_text": row.internal_text,
                "visibility": _visibility(row),
            }
            for row in source.account.procedures.all()[:ROWS]
        ],
        "source": _plan(source),
    }


def _plan(source: Source) -> str:
    return url("goals:plan", pk=source.account.pk)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


FIGURES: dict[str, Callable[[Source], Data]] = {
    "quarter": quarter,
    "kept": kept,
    "projects": projects,
    "challenges": challenges,
    "values": values,
    "choices": choices,
    "ahead": ahead,
    "purpose": purpose,
    "team": team,
    "expectations": expectations,
    "procedures": procedures,
}
