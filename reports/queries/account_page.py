"""The account page: what every room knows about one account, in a small known number of queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import Account, Activity, Contact, ContactEmail, ContactPhone, SalesOrder
from goals.models import Goal
from reports.queries.accounts import ScoreCell, latest_run, score_cell
from scoring.models import Decision, ModelCriterion, Score

CONTACTS_SHOWN = 5
GROUP_SHOWN = 12
GOALS_SHOWN = 4


@dataclass(frozen=True)
class Sales:
    """Net revenue of the last 365 days and of the 365 before, from the orders' roll-up."""

    revenue: Decimal | None
    before: Decimal | None
    orders: int
    last_order_on: date | None

    @property
    def growth(self) -> float | None:
        """Return the change as a share, None where there was nothing to grow from."""
        if not self.before or self.revenue is None or self.before <= 0:
            return None
        return float(self.revenue / self.before - 1)


@dataclass(frozen=True)
class Explained:
    """A score with its criteria: (name, position, weight, rating, contribution)."""

    cell: ScoreCell
    as_of: date
    low: float
    high: float
    criteria: list[tuple[str, int, float, float | None, float | None]]

    @property
    def missing(self) -> int:
        return sum(1 for row in self.criteria if row[3] is None)


def accounts_for_page(user: Any) -> QuerySet[Account]:
    """Accounts with everything that the page shows from one row each."""
    of_account = {"account": OuterRef("pk")}
    touches = Activity.objects.touches().filter(**of_account).order_by("-occurred_at")
    proposed = Decision.objects.waiting().filter(**of_account)
    return (
        Account.objects.visible_to(user)
        .for_detail()
        .select_related("plan")
        .annotate(
            last_touch_at=Subquery(touches.values("occurred_at")[:1]),
            last_touch_verb=Subquery(touches.values("verb")[:1]),
            last_touch_by=Subquery(touches.values("actor__name")[:1]),
            proposed_at=Subquery(proposed.values("created_at")[:1]),
            has_subsidiaries=Exists(Account.objects.filter(parent=OuterRef("pk"))),
        )
    )


def sales_of(account: Account, today: date) -> Sales:
    """Return the account's sales up to and including today, in one query."""
    year, two_years = today - timedelta(days=365), today - timedelta(days=730)
    recent = Q(ordered_on__gt=year)
    found = SalesOrder.objects.filter(account=account, ordered_on__lte=today).aggregate(
        revenue=Sum("net", filter=recent),
        before=Sum("net", filter=Q(ordered_on__gt=two_years, ordered_on__lte=year)),
        orders=Count("id", filter=recent & Q(lines__gt=0)),
        last_order_on=Max("ordered_on", filter=Q(lines__gt=0)),
    )
    return Sales(**found)


def score_of(account: Account) -> Explained | None:
    """Return the account's latest score with the contribution of each criterion, None without a run."""
    run = latest_run()
    score = Score.objects.filter(run=run, account=account).first() if run else None
    if run is None or score is None:
        return None
    items = ModelCriterion.objects.filter(model=run.model_id).select_related("criterion").order_by("position")
    criteria = []
    for index, item in enumerate(items):
        rating = score.ratings[index] if index < len(score.ratings) else None
        rating = rating if isinstance(rating, int | float) else None
        weight = run.weights[index] if index < len(run.weights) else item.weight
        criteria.append(
            (item.criterion.name, index + 1, weight, rating, None if rating is None else weight * rating)
        )
    return Explained(score_cell(score, run), run.as_of, score.low, score.high, criteria)


def contacts_of(account: Account) -> list[Contact]:
    """Return the first people who work there with their preferred address and one number; one more than shown."""
    emails = ContactEmail.objects.filter(contact=OuterRef("pk")).values("address")
    phones = ContactPhone.objects.filter(contact=OuterRef("pk")).values("number")
    people = account.contacts.current().annotate(email=Subquery(emails[:1]), phone=Subquery(phones[:1]))
    return list(people[: CONTACTS_SHOWN + 1])


def subsidiaries_of(account: Account, user: Any) -> list[Account]:
    """Return the subsidiaries that the person sees; no query for an account without any."""
    if not getattr(account, "has_subsidiaries", True):
        return []
    return list(Account.objects.visible_to(user).filter(parent=account)[: GROUP_SHOWN + 1])


def goals_of(account: Account) -> list[Goal]:
    """Return the open goals that are due first."""
    goals = (
        Goal.objects.open().filter(account=account).select_related("metric", "owner").order_by("due_on", "id")
    )
    return list(goals[: GOALS_SHOWN + 1])
