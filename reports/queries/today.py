"""What needs a person today, and why: one line for each reason, from what every room knows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.gaps import Gaps, gap_statistics
from accounts.models import Account, SalesOrder, Task
from goals.models import Goal, Promise
from goals.status import GoalRow, goal_rows
from kam.integrations.models import Job
from kam.lib import formatting
from kam.users.models import Role, User
from reports.links import url
from reports.queries.today_ahead import (
    beta_answers,
    contracts,
    exhausted,
    idle_goals,
    late_opportunities,
)
from reports.queries.today_items import Band, Item
from reports.queries.today_reports import delivered_reports, opened_reports
from reports.queries.today_talks import untold
from scoring.actions.conversations import conversation_decision
from scoring.models import Decision, RatingRound

SHOWN = 12
ALONE, NAMED = 3, 4  # proposals with a row of their own; names in the row of the others
AHEAD = timedelta(days=7)
JOBS_SINCE = timedelta(days=7)
RHYTHM = timedelta(days=730)
BEHIND = ("off_track", "missed", "at_risk")


def own_accounts(user: User) -> QuerySet[Account]:
    """Return the accounts a person answers for: owner or key account manager; who sees everything, all key accounts."""
    visible = Account.objects.visible_to(user).active()
    if user.sees_everything:
        return visible.filter(Q(key_since__isnull=False) | Q(owner=user) | Q(kam=user))
    return visible.filter(Q(owner=user) | Q(kam=user))


def bands(user: User, now: datetime, today: date) -> list[Band]:
    """Return what needs the person, most urgent band first; the number of queries does not depend on the data."""
    mine = own_accounts(user)
    due = [*_tasks(user, today), *_promises(user, mine, today)]
    ending = contracts(mine, today)
    urgent = [
        *(item for item in due if item.tone),
        *_proposals(user, today),
        *_failed_jobs(user, now),
        *untold(user, mine, today),
    ]
    urgent += [item for item in ending if item.tone == "neg"]
    chances = [*(item for item in ending if item.tone != "neg"), *exhausted(mine, today)]
    report_items = [*delivered_reports(user, now), *opened_reports(user, mine, now)]
    found = [
        ("now", _("Now"), _("Overdue, due today, or waiting for you"), urgent),
        (
            "follow",
            _("Follow up"),
            _("Orders that stay away, opportunities whose day has passed, ratings you are asked for"),
            [
                *_ratings(user, today),
                *_late_orders(mine, today),
                *late_opportunities(user, mine, today),
                *beta_answers(user, mine, today),
                *idle_goals(user, mine),
                *report_items,
            ],
        ),
        (
            "risks",
            _("Chances and risks"),
            _("Goals that are behind, contracts that end, volume that is exhausted"),
            [*chances, *_goals(user, mine, today)],
        ),
        ("week", _("This week"), _("Due within seven days"), [item for item in due if not item.tone]),
    ]
    return [
        Band(code, title, hint, sorted(items, key=lambda item: -item.weight)[:SHOWN], len(items))
        for code, title, hint, items in found
        if items
    ]


def _tasks(user: User, today: date) -> Iterator[Item]:
    tasks: Iterable[Task] = (
        Task.objects.open()
        .visible_to(user)
        .filter(assignee=user, due_on__lte=today + AHEAD)
        .select_related("account")
    )
    for task in tasks:
        due, tone, weight = _due(task.due_on, today)
        yield Item(
            icon="late" if tone == "neg" else "task",
            title=task.title,
            reason=task.reason or _("Your next step with this customer"),
            **_task_action(task),
            account=task.account,
            due=due,
            tone=tone,
            weight=weight + _rank(task.account),
        )


def _task_action(task: Task) -> dict[str, str]:
    """A task that stands for something with a page of its own leads there."""
    if decision := conversation_decision(task.key or ""):
        return {"action": _("Log the conversation"), "action_url": url("goals:promotion", pk=decision)}
    return {"action": _("Open task"), "action_url": url("accounts:task_edit", pk=task.pk)}


def _promises(user: User, mine: QuerySet[Account], today: date) -> Iterator[Item]:
    concerned = Q(owner=user) | Q(owner__isnull=True, account__in=mine.order_by().values("pk"))
    promises: Iterable[Promise] = (
        Promise.objects.open().with_people().visible_to(user).filter(concerned, due_on__lte=today + AHEAD)
    )
    for promise in promises:
        due, tone, weight = _due(promise.due_on, today)
        words = {"day": formatting.date(promise.promised_on), "name": promise.contact}
        said = _("Promised on %(day)s to %(name)s") if promise.contact else _("Promised on %(day)s")
        yield Item(
            icon="hand",
            title=promise.text,
            reason=said % words,
            action=_("Keep promise"),
            action_url=url("accounts:detail", pk=promise.account_id),
            account=promise.account,
            due=due,
            tone=tone,
            weight=weight + 5 + _rank(promise.account),
        )


def _due(day: date | None, today: date) -> tuple[str, str, float]:
    """Return the words, the tone and the weight of a due day: a day late weighs more than a day ahead."""
    late = (today - day).days if day else 0
    if late > 0:
        words = ngettext("overdue, %(count)d day", "overdue, %(count)d days", late) % {"count": late}
        return words, "neg", 50.0 + min(late, 30)
    if late == 0:
        return _("today"), "warn", 40.0
    return formatting.days_from_now(day, today), "", 20.0 + late


def _rank(account: Account) -> int:
    """A key account comes before others that are equally late."""
    return 10 if account.is_key else 0


def _proposals(user: User, today: date) -> Iterator[Item]:
    """Decisions wait for leaders alone; for everybody else there is nothing to ask the database."""
    if user.role != Role.LEADER:
        return
    waiting_for_it = list(Decision.objects.waiting().for_list().visible_to(user))
    alone = ALONE if len(waiting_for_it) > ALONE + 1 else len(waiting_for_it)
    if rest := waiting_for_it[alone:]:
        yield _more_proposals(rest, today)
    for decision in waiting_for_it[:alone]:
        waiting = (today - decision.created_at.date()).days
        words = {
            "name": decision.proposed_by or _("the ranking"),
            "when": formatting.days_from_now(decision.created_at, today),
        }
        yield Item(
            icon="key",
            title=_("Decide on a key account"),
            reason=decision.reason[:200] or _("Proposed by %(name)s, %(when)s") % words,
            action=_("Decide"),
            action_url=url("scoring:decision", pk=decision.pk) or url("scoring:decisions"),
            account=decision.account,
            due=formatting.days_from_now(decision.created_at, today),
            weight=30.0 + min(waiting, 15),
        )


def _more_proposals(decisions: list[Decision], today: date) -> Item:
    """One row for all that is decided in the same place, so that a long list leaves room for the rest of the day."""
    names = ", ".join(decision.account.display_name for decision in decisions[:NAMED])
    rest = len(decisions) - NAMED
    number = {"count": len(decisions)}
    return Item(
        icon="key",
        title=ngettext(
            "Decide on %(count)d more key account", "Decide on %(count)d more key accounts", len(decisions)
        )
        % number,
        reason=_("%(names)s and %(count)s more") % {"names": names, "count": rest} if rest > 0 else names,
        action=_("See proposals"),
        action_url=f"{url('scoring:decisions')}?state=proposed",
        due=formatting.days_from_now(min(decision.created_at for decision in decisions), today),
        weight=29.0,
    )


def _failed_jobs(user: User, now: datetime) -> Iterator[Item]:
    jobs = Job.objects.cancellable_by(user).filter(state=Job.State.FAILED, finished_at__gte=now - JOBS_SINCE)
    for job in jobs.order_by("-finished_at")[:SHOWN]:
        yield Item(
            icon="warn",
            title=_("%(job)s has failed") % {"job": job.title},
            reason=job.error_text or _("The log says why."),
            action=_("See job"),
            action_url=url("jobs:detail", pk=job.pk),
            due=formatting.days_from_now(job.finished_at),
            tone="neg",
            weight=25.0,
        )


def _ratings(user: User, today: date) -> Iterator[Item]:
    rounds = RatingRound.objects.visible_to(user).filter(raters=user, closed_at__isnull=True)
    for invited in rounds:
        due, tone, weight = _due(invited.due_on, today) if invited.due_on else ("", "", 20.0)
        yield Item(
            icon="score",
            title=_("Rate accounts: %(name)s") % {"name": invited.name},
            reason=_("You are asked for your ratings; they stay hidden until you submit them."),
            action=_("Rate"),
            action_url=url("scoring:matrix"),
            due=due,
            tone=tone,
            weight=weight,
        )


def _late_orders(mine: QuerySet[Account], today: date) -> list[Item]:
    """Accounts whose next order is later than their own rhythm explains, longest first; two queries."""
    accounts = {account.pk: account for account in mine}
    days: dict[UUID, list[date]] = defaultdict(list)
    orders = SalesOrder.objects.filter(
        account__in=mine.order_by().values("pk"),
        ordered_on__gt=today - RHYTHM,
        ordered_on__lte=today,
        lines__gt=0,
    )
    for account, day in orders.values_list("account_id", "ordered_on"):
        days[account].append(day)
    rhythms = [(accounts[pk], gap_statistics(found, today)) for pk, found in days.items() if pk in accounts]
    return [_late_order(account, rhythm) for account, rhythm in rhythms if rhythm.overdue]


def _late_order(account: Account, rhythm: Gaps) -> Item:
    words = {
        "gap": formatting.number(round(rhythm.median or 0)),
        "day": formatting.date(rhythm.last_on),
        "elapsed": formatting.number(rhythm.elapsed),
    }
    return Item(
        icon="cal",
        title=_("Ask for the next order"),
        reason=_("Usually orders every %(gap)s days; the last order was on %(day)s, %(elapsed)s days ago")
        % words,
        action=_("See account"),
        action_url=url("accounts:detail", pk=account.pk),
        account=account,
        due=_("since %(day)s") % {"day": formatting.short_date(rhythm.expected_on)},
        weight=float(rhythm.overdue_days or 0) / max(rhythm.median or 1.0, 1.0) + _rank(account),
    )


def _goals(user: User, mine: QuerySet[Account], today: date) -> Iterator[Item]:
    concerned = Q(owner=user) | Q(account__in=mine.order_by().values("pk"))
    rows = goal_rows(Goal.objects.open().for_list(today).visible_to(user).filter(concerned), today)
    for place, row in enumerate(rows):
        if row.status.state in BEHIND:
            yield _goal(row, today, -place)


def _goal(row: GoalRow, today: date, weight: float) -> Item:
    goal, status = row.goal, row.status
    if status.progress is None:
        reason = _("Due on %(day)s") % {"day": formatting.date(goal.due_on)}
    else:
        words = {
            "done": formatting.percent(status.progress, 0),
            "gone": formatting.percent(status.elapsed, 0),
        }
        reason = _("%(done)s of the way is done, %(gone)s of the time is gone") % words
    cause = f" · {goal.cause}" if goal.cause else ""
    return Item(
        icon="goal",
        title=goal.title,
        reason=reason + cause,
        action=_("Check in"),
        action_url=url("goals:detail", pk=goal.pk),
        account=goal.account,
        due=str(status.label),
        tone=status.tone,
        weight=weight,
    )


def key_figures_of(user: User) -> Any:
    """Return the accounts whose figures head a person's day: her own, or all for those who see everything."""
    return Account.objects.visible_to(user) if user.sees_everything else own_accounts(user)
