"""What people rated: two closed rounds a year apart, with gaps, and an open one."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from accounts.facts import facts_table
from accounts.models import Account
from kam.integrations.models import ImportBatch
from kam.users.models import Role, User
from reports.demo import texts, words
from reports.demo.clock import as_of, at
from reports.demo.customers import Cast
from reports.demo.made import note_made
from scoring.actions.rounds import create_round
from scoring.models import Criterion, Rating, RatingRound

YEAR = 365
RATED = ("product_fit", "revenue_potential", "partner_history", "solvency", "cultural_fit", "relationships")
# The age of each round in days, and the share of the accounts that were rated in it.
ROUNDS = ((YEAR + 20, 0.75), (25, 0.93))
# Of all cells so many stay empty (somebody forgot, or does not know), and so many do not apply.
MISSING, NOT_APPLICABLE = 0.07, 0.02


@dataclass(frozen=True)
class Subject:
    """An account as its raters see it; ``quality`` is 0 to 1."""

    account: Account
    quality: float
    raters: list[User]


def build_ratings(accounts: list[Account], cast: Cast, batch: ImportBatch, today: date, rng: Random) -> None:
    """Write two rounds: each account is rated by who looks after it, some by a second person as well."""
    criteria = list(Criterion.objects.filter(code__in=RATED).order_by("code"))
    qualities = _qualities(today)
    subjects = [_subject(account, qualities.get(account.pk, 0.0), cast, rng) for account in accounts]
    for age, share in ROUNDS:
        day = today - timedelta(days=age)
        values = {"due_on": day, "closed_at": at(day, 17), "created_by": cast.leader}
        occasion = RatingRound.objects.create(name=f"{words.ROUND} {day.year}", **values)
        occasion.criteria.set(criteria)
        occasion.raters.set([*cast.of(Role.KAM), *cast.of(Role.ACCOUNT_MANAGER)])
        RatingRound.objects.filter(pk=occasion.pk).update(created_at=at(day - timedelta(days=14), 9))
        note_made(batch, [occasion])
        rated = [subject for subject in subjects if rng.random() < share]
        Rating.objects.bulk_create(
            rating for subject in rated for rating in _ratings(subject, occasion, criteria, rng)
        )


def open_round(cast: Cast, batch: ImportBatch, today: date) -> None:
    """Ask the key account managers once more, with what each said last as a proposal."""
    criteria = list(Criterion.objects.filter(code__in=RATED).order_by("code"))
    opened = at(today - timedelta(days=3), 9)
    with as_of(opened):
        occasion = create_round(
            words.OPEN_ROUND,
            criteria=criteria,
            raters=cast.of(Role.KAM),
            due_on=today + timedelta(days=11),
            with_last=True,
            by=cast.leader,
        )
    RatingRound.objects.filter(pk=occasion.pk).update(created_at=opened)
    note_made(batch, [occasion])


def _qualities(today: date) -> dict[UUID, float]:
    """Return each account's place by revenue, 0 to 1: people tend to think well of who buys much."""
    table = facts_table(["revenue"], as_of=today, window="12m")
    order = sorted(zip(table.values["revenue"].tolist(), table.account_ids, strict=True))
    return {pk: place / len(order) for place, (_, pk) in enumerate(order)}


def _subject(account: Account, place: float, cast: Cast, rng: Random) -> Subject:
    raters = {account.owner, rng.choice(cast.of(Role.KAM))} if rng.random() < 0.3 else {account.owner}
    known = sorted((rater for rater in raters if rater), key=lambda rater: rater.email)
    return Subject(account, 0.55 * place + 0.45 * rng.random(), known)


def _ratings(subject: Subject, occasion: RatingRound, criteria: list[Criterion], rng: Random) -> list[Rating]:
    ratings = []
    for rater in subject.raters:
        day = occasion.due_on - timedelta(days=rng.randrange(1, 14)) if occasion.due_on else date.min
        for criterion in criteria:
            chance = rng.random()
            if chance < MISSING:
                continue
            applies = chance > MISSING + NOT_APPLICABLE
            value = min(10.0, max(1.0, rng.gauss(2 + 7 * subject.quality, 1.3)))
            ratings.append(
                Rating(
                    account=subject.account,
                    criterion=criterion,
                    rater=rater,
                    round=occasion,
                    value=Decimal(str(round(value * 2) / 2)) if applies else None,
                    not_applicable=not applies,
                    note=rng.choice(texts.RATING_NOTES) if rng.random() < 0.12 else "",
                    rated_on=day,
                    submitted_at=at(day, 16),
                )
            )
    return ratings
