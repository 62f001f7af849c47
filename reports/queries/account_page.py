"""The account page: what every room knows about one account, in a small known number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404

from accounts.facts import AccountFacts, account_facts
from accounts.models import (
    Account,
    AccountReference,
    AccountTeamMember,
    Activity,
    Contact,
    ContactEmail,
    ContactPhone,
    Task,
)
from accounts.windows import parse_day
from kam.lib import formatting
from kam.lib.errors import InvalidInput
from kam.lib.prepared import prepared
from reports.queries.accounts import CELL, ScoreCell, latest_scores, score_cell
from scoring.models import Decision, ModelCriterion, Rating, Score

CONTACTS_READ = 100
GROUP_SHOWN = 12
SAID = ("criterion_id", "rated_on", "carried_from_id", "rater__name", "rater__email")


@dataclass(frozen=True)
class Explained:
    """A score with its criteria: (name, position, weight, rating, contribution, newest rating by a person)."""

    cell: ScoreCell
    as_of: date
    low: float
    high: float
    criteria: list[tuple[str, int, float, float | None, float | None, Any]]

    @property
    def missing(self) -> int:
        return sum(1 for row in self.criteria if row[3] is None)


def account_of(pk: UUID, user: Any) -> Account:
    """Return the account with everything that the page shows from its row, or raise Http404."""
    found = _visible_account(pk, user=user)
    if not found:
        raise Http404
    return cast(Account, found[0])


@prepared
def _visible_account(pk: UUID, *, user: Any) -> QuerySet[Account, Any]:
    of_account = {"account": OuterRef("pk")}
    touches = Activity.objects.touches().filter(**of_account).order_by("-occurred_at")
    proposed = Decision.objects.waiting().filter(**of_account)
    return (
        Account.objects.visible_to(user)
        .filter(pk=pk)
        .with_people()
        .with_twin(user)
        .select_related("parent", "plan")
        .annotate(
            last_touch_at=Subquery(touches.values("occurred_at")[:1]),
            last_touch_verb=Subquery(touches.values("verb")[:1]),
            last_touch_by=Subquery(touches.values("actor__name")[:1]),
            proposed_at=Subquery(proposed.values("created_at")[:1]),
            has_subsidiaries=Exists(Account.objects.filter(parent=OuterRef("pk"))),
        )
    )


@prepared
def references_of(account_id: UUID) -> QuerySet[AccountReference, Any]:
    """What other systems call the account."""
    return AccountReference.objects.filter(account=account_id).order_by("source", "external_id")


@prepared
def members_of(account_id: UUID) -> QuerySet[AccountTeamMember, Any]:
    """The colleagues on the account's team."""
    members = AccountTeamMember.objects.filter(account=account_id).select_related("user")
    return members.order_by("function", "user__name", "pk")


@prepared
def tasks_of(account_id: UUID, since: datetime) -> QuerySet[Task, Any]:
    """What is open or was done since then."""
    return Task.objects.filter(account=account_id).for_account_page(since)


def facts_of(account: Account, today: date, asked: Mapping[str, str]) -> tuple[AccountFacts, AccountFacts]:
    """Return the facts of the window, basis and last day that were asked for, and the net ones of 12 months up to
    today for the key figures.
    """
    year = account_facts(account, as_of=today, window="12m")
    window, basis = asked.get("window", "12m"), asked.get("basis", "net")
    try:
        as_of = parse_day(asked["as_of"], "as_of") if asked.get("as_of") else today
        if (as_of, window, basis) == (today, "12m", "net"):
            return year, year
        return account_facts(account, as_of=as_of, window=window, basis=basis), year
    except InvalidInput:
        return year, year


def score_of(account: Account, user: Any) -> Explained | None:
    """Return the account's latest score with the contribution of each criterion, None without a run.

    Beside each criterion stands the newest rating that the reader may see: how old it is, and whose.
    """
    scores = _latest_score(account.pk)
    if not scores:
        return None
    score, language = scores[0], formatting.language()
    weights = score.run__weights
    said = {rating.criterion_id: rating for rating in _ratings(account.pk, user=user)}
    criteria = []
    for index, (pk, names, typed) in enumerate(_criteria(score.run__model)):
        rating = score.ratings[index] if index < len(score.ratings) else None
        rating = rating if isinstance(rating, int | float) else None
        weight = weights[index] if index < len(weights) else typed
        contribution = None if rating is None else weight * rating
        criteria.append((names[language], index + 1, weight, rating, contribution, said.get(pk)))
    return Explained(score_cell(score, weights), score.as_of, score.low, score.high, criteria)


@prepared
def _latest_score(account_id: UUID) -> QuerySet[Score, Any]:
    shown = (*CELL, "low", "as_of", "run__model")
    return latest_scores().filter(account=account_id).order_by("pk").values_list(*shown, named=True)[:1]


@prepared
def _ratings(account_id: UUID, *, user: Any) -> QuerySet[Rating, Any]:
    """Of the submitted ratings of an account that the reader may see what is said of them, the newest last."""
    ratings = Rating.objects.submitted().readable_by(user).filter(account=account_id)
    return ratings.order_by("rated_on", "pk").values_list(*SAID, named=True)


def _criteria(model_id: Any) -> list[tuple[Any, dict[str, str], float]]:
    """Return (id, names by language, weight) of a model's criteria, remembered for five minutes."""

    def read() -> list[tuple[Any, dict[str, str], float]]:
        items = ModelCriterion.objects.filter(model=model_id).select_related("criterion").order_by("position")
        return [
            (item.criterion_id, {"de": item.criterion.name_de, "en": item.criterion.name_en}, item.weight)
            for item in items
        ]

    return cache.get_or_set(f"criteria-of-model:{model_id}", read, 300) or []


@prepared
def contacts_of(account_id: UUID) -> QuerySet[Contact, Any]:
    """The first people who work there with their preferred address and one number."""
    emails = ContactEmail.objects.filter(contact=OuterRef("pk")).values("address")
    phones = ContactPhone.objects.filter(contact=OuterRef("pk")).values("number")
    people = Contact.objects.filter(account=account_id).current()
    return people.annotate(email=Subquery(emails[:1]), phone=Subquery(phones[:1]))[:CONTACTS_READ]


def subsidiaries_of(account: Account, user: Any) -> list[Account]:
    """Return the subsidiaries that the person sees; no query for an account without any."""
    if not getattr(account, "has_subsidiaries", True):
        return []
    return list(Account.objects.visible_to(user).filter(parent=account)[: GROUP_SHOWN + 1])
