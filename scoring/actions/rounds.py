"""Rating rounds: several people rate the same accounts blind, then see where they agree."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account
from accounts.windows import check_day
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import Role, User
from scoring.actions.ratings import Judgement, rate, refuse_foreign
from scoring.models import Criterion, Rating, RatingRound


@transaction.atomic
def create_round(
    name: str,
    *,
    criteria: Sequence[Criterion],
    raters: Sequence[User],
    due_on: date | None = None,
    with_last: bool = False,
    by: User,
) -> RatingRound:
    """Invite people to rate; ``with_last`` proposes to each what she said last.

    Raises InvalidInput without criteria that people rate, or without two raters.
    """
    if not name.strip():
        raise InvalidInput("name_missing", gettext_noop("The round needs a name."), field="name")
    if not criteria or any(criterion.source != Criterion.Source.RATED for criterion in criteria):
        raise InvalidInput(
            "criteria_invalid", gettext_noop("Choose criteria that people rate by hand."), field="criteria"
        )
    if len(raters) < 2 or any(rater.role == Role.VIEWER for rater in raters):
        raise InvalidInput(
            "raters_invalid",
            gettext_noop("Choose at least two people who work with accounts."),
            field="raters",
        )
    if due_on:
        check_day(due_on, "due_on")
    round = RatingRound.objects.create(name=name.strip()[:80], due_on=due_on, created_by=by)
    round.criteria.set(criteria)
    round.raters.set(raters)
    record("rating_round.created", by=by, subject=round, raters=list(raters))
    if with_last:
        for rater in raters:
            _carry(round, rater)
    return round


@transaction.atomic
def carry_over(round: RatingRound, *, by: User) -> int:
    """Propose to a rater, in the cells she has not filled yet, what she said last, and return how many.

    A proposal keeps the day it was said on and is marked until she says it again. Only her own ratings are
    proposed: in a round everybody is blind to the others.
    """
    refuse_foreign(round, (), by)
    if round.ratings.filter(rater=by, submitted_at__isnull=False).exists():
        raise DomainError("round_submitted", gettext_noop("This round's ratings have been submitted."))
    carried = _carry(round, by)
    if not carried:
        raise DomainError("nothing_to_carry", gettext_noop("There is no earlier rating to take over."))
    return carried


@transaction.atomic
def confirm_ratings(ratings: Iterable[Rating], *, by: User) -> int:
    """Say carried ratings of one's own again, as of today; returns how many were."""
    confirmed = 0
    for rating in ratings:
        judgement = Judgement(rating.value, rating.not_applicable, rating.note, rating.evidence_url)
        account, criterion, version = rating.account, rating.criterion, rating.version
        rate(account, criterion, judgement, by=by, round=rating.round, expected_version=version)
        confirmed += 1
    return confirmed


@transaction.atomic
def submit_round(round: RatingRound, *, by: User) -> int:
    """Hand in a person's own ratings of a round, once; from then on they stand and may be compared."""
    refuse_closed(round)
    if not round.raters.filter(pk=by.pk).exists():
        raise DomainError("not_in_round", gettext_noop("You are not one of the raters of this round."))
    drafts = Rating.objects.filter(round=round, rater=by, submitted_at__isnull=True)
    submitted = drafts.update(submitted_at=timezone.now(), updated_at=timezone.now())
    if not submitted:
        raise DomainError("nothing_to_submit", gettext_noop("There is nothing to hand in."))
    record("rating_round.submitted", by=by, subject=round, ratings=submitted)
    return int(submitted)


@transaction.atomic
def close_round(round: RatingRound, *, by: User) -> RatingRound:
    """End a round; what was not handed in does not count."""
    refuse_closed(round)
    round = save_changes(round, {"closed_at": timezone.now()}, expected_version=None)
    record("rating_round.closed", by=by, subject=round)
    return round


def _carry(round: RatingRound, rater: User) -> int:
    """Write the rater's latest submitted rating of each empty cell of the round as a draft."""
    earlier = (
        Rating.objects.submitted()
        .filter(rater=rater, criterion__in=round.criteria.all())
        .filter(account__in=Account.objects.visible_to(rater).active())
        .exclude(round=round)
        .order_by("rated_on", "submitted_at", "pk")
    )
    latest = {(rating.account_id, rating.criterion_id): rating for rating in earlier}
    filled = set(round.ratings.filter(rater=rater).values_list("account_id", "criterion_id"))
    drafts = [_proposal(round, rating) for cell, rating in latest.items() if cell not in filled]
    Rating.objects.bulk_create(drafts, batch_size=500)
    if drafts:
        record("rating_round.carried", by=rater, subject=round, ratings=len(drafts))
    return len(drafts)


def _proposal(round: RatingRound, rating: Rating) -> Rating:
    kept = ("account_id", "criterion_id", "rater_id", "value", "not_applicable", "note", "evidence_url")
    values = {name: getattr(rating, name) for name in (*kept, "rated_on")}
    return Rating(round=round, carried_from_id=rating.carried_from_id or rating.pk, **values)


def refuse_closed(round: RatingRound) -> None:
    """Raise DomainError when the round has ended."""
    if round.closed_at is not None:
        raise DomainError("round_closed", gettext_noop("This round is closed."))
