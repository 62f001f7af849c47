"""Writing ratings: one person's 1 to 10 for an account and a criterion, or «not applicable»."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import entry_of
from accounts.models import Account, Activity
from accounts.windows import check_day
from kam.lib.errors import Conflict, DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import User
from scoring.models import Criterion, Rating, RatingRound

LONGEST_NOTE = 4_000
MEANWHILE = gettext_noop("Somebody changed this meanwhile. Compare both and decide.")


@dataclass(frozen=True)
class Judgement:
    """What a person says about one cell. ``value`` is 1 to 10 with one decimal, None when not applicable."""

    value: Decimal | None
    not_applicable: bool = False
    note: str = ""
    evidence_url: str = ""
    rated_on: date | None = None


@transaction.atomic
def rate(
    account: Account,
    criterion: Criterion,
    judgement: Judgement,
    *,
    by: User,
    round: RatingRound | None = None,
    expected_version: int | None = None,
) -> Rating:
    """Write or replace a person's own rating. In a round it stays a draft until the round is submitted.

    Raises InvalidInput for a value off the scale, Conflict when the cell was saved meanwhile.
    """
    values = checked_judgement(criterion, judgement)
    if round is not None:
        refuse_foreign(round, [criterion], by)
    else:
        values["submitted_at"] = timezone.now()
    cell = Rating.objects.filter(account=account, criterion=criterion, rater=by, round=round)
    existing = cell.select_for_update().first()
    if existing is not None:
        rating = _replaced(existing, values, expected_version)
    elif expected_version:
        raise DomainError("rating_gone", gettext_noop("This rating was taken back meanwhile. Type it again."))
    else:
        rating = _created(Rating(account=account, criterion=criterion, rater=by, round=round, **values))
    rating_entry(rating, said(existing) if existing else None, by=by).save(force_insert=True)
    return rating


@transaction.atomic
def clear_rating(rating: Rating, *, by: User, expected_version: int | None = None) -> None:
    """Take a rating back: the cell is missing again, which is not zero."""
    if rating.rater_id != by.pk:
        raise DomainError("not_your_rating", gettext_noop("Only who rated can take the rating back."))
    if rating.round is not None and rating.submitted_at is not None:
        raise DomainError("round_submitted", gettext_noop("This round's ratings have been submitted."))
    if expected_version is not None and expected_version != rating.version:
        raise Conflict(rating, MEANWHILE)
    rating_entry(rating, said(rating), by=by, verb="cleared").save(force_insert=True)
    rating.delete()


@transaction.atomic
def rate_many(
    cells: Sequence[tuple[Account, Criterion, Judgement]], *, by: User, round: RatingRound | None = None
) -> list[Rating]:
    """Write many cells, all or nothing; an error names the row in its parameters."""
    ratings = []
    for row, (account, criterion, judgement) in enumerate(cells, start=1):
        try:
            ratings.append(rate(account, criterion, judgement, by=by, round=round))
        except InvalidInput as error:
            raise InvalidInput(
                error.code, error.message, {**error.params, "row": row}, f"ratings/{row - 1}/{error.field}"
            ) from error
    return ratings


def checked_judgement(criterion: Criterion, judgement: Judgement) -> dict[str, Any]:
    """Return the columns of a rating. Raises InvalidInput for what nobody can say by this criterion."""
    if criterion.is_computed:
        raise InvalidInput(
            "criterion_computed",
            gettext_noop("“%(name)s” is computed from facts; nobody rates it by hand."),
            {"name": criterion.name},
            "criterion",
        )
    if judgement.not_applicable and not criterion.may_be_not_applicable:
        raise InvalidInput(
            "always_applicable",
            gettext_noop("“%(name)s” applies to every account."),
            {"name": criterion.name},
            "not_applicable",
        )
    if judgement.rated_on and check_day(judgement.rated_on, "rated_on") > timezone.localdate():
        raise InvalidInput(
            "rated_in_the_future", gettext_noop("This day is still to come."), field="rated_on"
        )
    return {
        "value": None if judgement.not_applicable else _on_scale(judgement.value),
        "not_applicable": judgement.not_applicable,
        "note": judgement.note[:LONGEST_NOTE],
        "evidence_url": judgement.evidence_url,
        "rated_on": judgement.rated_on or timezone.localdate(),
        "carried_from": None,
    }


def refuse_foreign(round: RatingRound, criteria: Sequence[Criterion], by: User) -> None:
    """Raise when a round has ended, or does not ask this person about these criteria."""
    if round.closed_at is not None:
        raise DomainError("round_closed", gettext_noop("This round is closed."))
    asked = set(round.criteria.values_list("pk", flat=True))
    if not round.raters.filter(pk=by.pk).exists() or any(each.pk not in asked for each in criteria):
        raise InvalidInput(
            "not_in_round", gettext_noop("This person or criterion is not part of the round."), field="round"
        )


def said(rating: Rating) -> dict[str, Any]:
    """Return what a rating says, for the timeline."""
    return {"value": rating.value, "not_applicable": rating.not_applicable}


def rating_entry(rating: Rating, before: dict[str, Any] | None, *, by: User, verb: str = "saved") -> Activity:
    """Return the timeline's entry for a rating. What somebody rates in a round is blind: it names no value."""
    criterion = rating.criterion
    about = {"criterion": criterion.code, "of": {"de": criterion.name_de, "en": criterion.name_en}}
    if rating.round is not None:
        blind = f"rating.{verb}_in_round"
        return entry_of(blind, by=by, account=rating.account, subject=rating.round, **about)
    details: dict[str, Any] = {"before": before} if before is not None else {}
    if verb != "cleared":
        details["after"] = said(rating)
    return entry_of(f"rating.{verb}", by=by, account=rating.account, subject=rating, **about, **details)


def _on_scale(value: Decimal | None) -> Decimal:
    if value is None or not value.is_finite() or not 1 <= value <= 10 or value != round(value, 1):
        raise InvalidInput(
            "rating_invalid",
            gettext_noop("A rating is a number from 1 to 10 with one decimal."),
            field="value",
        )
    return value


def _created(rating: Rating) -> Rating:
    """Write a new rating; who saves the same cell at the same moment gets a conflict, not a crash."""
    try:
        with transaction.atomic():
            rating.save(force_insert=True)
    except IntegrityError as error:
        cell = {name: getattr(rating, name) for name in ("account", "criterion", "rater", "round")}
        raise Conflict(Rating.objects.get(**cell), MEANWHILE) from error
    return rating


def _replaced(existing: Rating, values: dict[str, Any], expected_version: int | None) -> Rating:
    if existing.round is not None and existing.submitted_at is not None:
        raise DomainError("round_submitted", gettext_noop("This round's ratings have been submitted."))
    if expected_version == 0:
        # The cell was empty when the person looked at it, and is not any more.
        raise Conflict(existing, MEANWHILE)
    return save_changes(Rating.objects.get(pk=existing.pk), values, expected_version=expected_version)
