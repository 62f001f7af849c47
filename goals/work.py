"""Logged work that serves no goal, and the open goals it may have been done for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Account, Activity
from accounts.querysets import LOGGED
from goals.models import Goal

DAYS = 30
PER_PAGE = 30
LINKABLE = 20


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An entry of the timeline beside the open goals of its account."""

    activity: Activity
    goals: list[Goal]


@dataclass(frozen=True, slots=True)
class WorkListing:
    page: Page[Any]
    rows: list[WorkRow]
    account: Account | None


def unlinked(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Return of these entries what people logged in the last 30 days for no goal.

    The conversation about key account status serves the decision: nobody has to find a goal for it.
    """
    since = timezone.now() - timedelta(days=DAYS)
    logged = rows.filter(verb__in=LOGGED, occurred_at__gte=since, goal_link__isnull=True)
    return logged.exclude(subject_type="decision")


def work_without_goal(user: Any) -> QuerySet[Activity]:
    """Return what people logged in the last 30 days for no goal, at accounts that have an open goal."""
    has_goal = Exists(Goal.objects.open().filter(account=OuterRef("account")))
    return unlinked(Activity.objects.visible_to(user).filter(has_goal)).order_by("-occurred_at", "-id")


def work_listing(user: Any, query: Mapping[str, str]) -> WorkListing:
    """Return a page of work without a goal that ``user`` sees, in a fixed number of queries."""
    found, account = work_without_goal(user), None
    if pk := _uuid(query.get("account", "")):
        account = Account.objects.visible_to(user).filter(pk=pk).first()
        found = found.filter(account=pk)
    if query.get("mine") == "true":
        found = found.filter(actor=user)
    page = Paginator(found.select_related("account", "actor"), PER_PAGE).get_page(query.get("page"))
    goals = _goals_of({entry.account_id for entry in page})
    return WorkListing(page, [WorkRow(entry, goals.get(entry.account_id, [])) for entry in page], account)


def linkable(goal: Goal) -> list[Activity]:
    """Return the latest logged entries of the goal's account that serve no goal."""
    logged = Activity.objects.filter(account=goal.account_id, goal_link__isnull=True).logged()
    return list(logged.order_by("-occurred_at", "-id")[:LINKABLE])


def _goals_of(accounts: Iterable[UUID | None]) -> dict[UUID | None, list[Goal]]:
    found: dict[UUID | None, list[Goal]] = {}
    for goal in Goal.objects.open().filter(account__in=[pk for pk in accounts if pk]):
        found.setdefault(goal.account_id, []).append(goal)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
