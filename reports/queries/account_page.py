"""The account page: what every room knows about one account, in a small known number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from accounts.facts import AccountFacts, account_facts
from accounts.facts_band import FactsBand, facts_band
from accounts.models import Account, Activity, Contact, ContactEmail, ContactPhone
from kam.lib.errors import InvalidInput
from reports.queries.accounts import ScoreCell, latest_scores, score_cell
from scoring.models import Decision, ModelCriterion, Rating

CONTACTS_READ = 100
GROUP_SHOWN = 12


@dataclass(frozen=True)
class Explained:
    """A score with its criteria: (name, position, weight, rating, contribution, newest rating by a person)."""

    cell: ScoreCell
    as_of: date
    low: float
    high: float
    criteria: list[tuple[str, int, float, float | None, float | None, Rating | None]]

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
        .with_twin(user)
        .select_related("plan")
        .annotate(
            last_touch_at=Subquery(touches.values("occurred_at")[:1]),
            last_touch_verb=Subquery(touches.values("verb")[:1]),
            last_touch_by=Subquery(touches.values("actor__name")[:1]),
            proposed_at=Subquery(proposed.values("created_at")[:1]),
            has_subsidiaries=Exists(Account.objects.filter(parent=OuterRef("pk"))),
        )
    )


def facts_of(account: Account, today: date, window: str, currency: str) -> tuple[FactsBand, AccountFacts]:
    """Return the facts of the window that was asked for, and those of 12 months for the key figures."""
    year = account_facts(account, as_of=today, window="12m")
    try:
        facts = year if window == "12m" else account_facts(account, as_of=today, window=window)
    except InvalidInput:
        facts = year
    return facts_band(facts, currency), year


def score_of(account: Account, user: Any) -> Explained | None:
    """Return the account's latest score with the contribution of each criterion, None without a run.

    Beside each criterion stands the newest rating that the reader may see: how old it is, and whose.
    """
    scores = latest_scores().filter(account=account).select_related("run").defer("run__certainty")
    score: Any = scores.first()
    if score is None:
        return None
    run, language = score.run, "de" if (get_language() or "").startswith("de") else "en"
    said = _newest_ratings(account, user)
    criteria = []
    for index, (pk, names, typed) in enumerate(_criteria(run.model_id)):
        rating = score.ratings[index] if index < len(score.ratings) else None
        rating = rating if isinstance(rating, int | float) else None
        weight = run.weights[index] if index < len(run.weights) else typed
        contribution = None if rating is None else weight * rating
        criteria.append((names[language], index + 1, weight, rating, contribution, said.get(pk)))
    return Explained(score_cell(score, run.weights), score.as_of, score.low, score.high, criteria)


def _newest_ratings(account: Account, user: Any) -> dict[Any, Rating]:
    """Return of each criterion the newest submitted rating of an account that the reader may see."""
    ratings = Rating.objects.submitted().readable_by(user).filter(account=account)
    return {row.criterion_id: row for row in ratings.select_related("rater").order_by("rated_on", "pk")}


def _criteria(model_id: Any) -> list[tuple[Any, dict[str, str], float]]:
    """Return (id, names by language, weight) of a model's criteria, remembered for five minutes."""

    def read() -> list[tuple[Any, dict[str, str], float]]:
        items = ModelCriterion.objects.filter(model=model_id).select_related("criterion").order_by("position")
        return [
            (item.criterion_id, {"de": item.criterion.name_de, "en": item.criterion.name_en}, item.weight)
            for item in items
        ]

    return cache.get_or_set(f"criteria-of-model:{model_id}", read, 300) or []


def contacts_of(account: Account) -> list[Contact]:
    """Return the first people who work there with their preferred address and one number."""
    emails = ContactEmail.objects.filter(contact=OuterRef("pk")).values("address")
    phones = ContactPhone.objects.filter(contact=OuterRef("pk")).values("number")
    people = account.contacts.current().annotate(email=Subquery(emails[:1]), phone=Subquery(phones[:1]))
    return list(people[:CONTACTS_READ])


def subsidiaries_of(account: Account, user: Any) -> list[Account]:
    """Return the subsidiaries that the person sees; no query for an account without any."""
    if not getattr(account, "has_subsidiaries", True):
        return []
    return list(Account.objects.visible_to(user).filter(parent=account)[: GROUP_SHOWN + 1])
