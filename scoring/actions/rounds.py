"""Rating rounds: several people rate the same accounts blind, then see where they agree."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import Role, User
from scoring.models import Criterion, Rating, RatingRound


@transaction.atomic
def create_round(
    name: str, *, criteria: Sequence[Criterion], raters: Sequence[User], due_on: date | None = None, by: User
) -> RatingRound:
    """Invite people to rate. Raises InvalidInput without criteria that people rate, or without two raters."""
    if not name.strip():
        raise InvalidInput("name_missing", gettext_noop("The round needs a name."), field="name")
    if not criteria or any(criterion.is_computed for criterion in criteria):
        raise InvalidInput(
            "criteria_invalid", gettext_noop("Choose criteria that people rate by hand."), field="criteria"
        )
    if len(raters) < 2 or any(rater.role == Role.VIEWER for rater in raters):
        raise InvalidInput(
            "raters_invalid",
            gettext_noop("Choose at least two people who work with accounts."),
            field="raters",
        )
    round = RatingRound.objects.create(name=name.strip()[:80], due_on=due_on, created_by=by)
    round.criteria.set(criteria)
    round.raters.set(raters)
    record("rating_round.created", by=by, subject=round, raters=list(raters))
    return round


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


def refuse_closed(round: RatingRound) -> None:
    """Raise DomainError when the round has ended."""
    if round.closed_at is not None:
        raise DomainError("round_closed", gettext_noop("This round is closed."))
