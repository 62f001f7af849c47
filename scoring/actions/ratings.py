"""Writing ratings: one person's 1 to 10 for an account and a criterion, or «not applicable»."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account
from kam.lib.errors import Conflict, DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import User
from scoring.models import Criterion, Rating, RatingRound

LONGEST_NOTE = 4_000


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
    values = _checked(criterion, judgement)
    if round is not None:
        _refuse_closed(round, criterion, by)
    else:
        values["submitted_at"] = timezone.now()
    cell = Rating.objects.filter(account=account, criterion=criterion, rater=by, round=round)
    existing = cell.select_for_update().first()
    if existing is None:
        rating = Rating.objects.create(account=account, criterion=criterion, rater=by, round=round, **values)
    else:
        rating = _replaced(existing, values, expected_version)
    _record(rating, existing, account=account, by=by)
    return rating


@transaction.atomic
def clear_rating(rating: Rating, *, by: User) -> None:
    """Take a rating back: the cell is missing again, which is not zero."""
    if rating.rater_id != by.pk:
        raise DomainError("not_your_rating", gettext_noop("Only who rated can take the rating back."))
    if rating.round is not None and rating.submitted_at is not None:
        raise DomainError("round_submitted", gettext_noop("This round's ratings have been submitted."))
    before = {"value": rating.value, "not_applicable": rating.not_applicable}
    record(
        "rating.cleared",
        by=by,
        account=rating.account,
        subject=rating,
        criterion=rating.criterion.code,
        before=before,
    )
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


def _checked(criterion: Criterion, judgement: Judgement) -> dict[str, Any]:
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
    return {
        "value": None if judgement.not_applicable else _on_scale(judgement.value),
        "not_applicable": judgement.not_applicable,
        "note": judgement.note[:LONGEST_NOTE],
        "evidence_url": judgement.evidence_url,
        "rated_on": judgement.rated_on or timezone.localdate(),
    }


def _on_scale(value: Decimal | None) -> Decimal:
    if value is None or not value.is_finite() or not 1 <= value <= 10 or value != round(value, 1):
        raise InvalidInput(
            "rating_invalid",
            gettext_noop("A rating is a number from 1 to 10 with one decimal."),
            field="value",
        )
    return value


def _refuse_closed(round: RatingRound, criterion: Criterion, by: User) -> None:
    if round.closed_at is not None:
        raise DomainError("round_closed", gettext_noop("This round is closed."))
    if not round.raters.filter(pk=by.pk).exists() or not round.criteria.filter(pk=criterion.pk).exists():
        raise InvalidInput(
            "not_in_round", gettext_noop("This person or criterion is not part of the round."), field="round"
        )


def _replaced(existing: Rating, values: dict[str, Any], expected_version: int | None) -> Rating:
    if existing.round is not None and existing.submitted_at is not None:
        raise DomainError("round_submitted", gettext_noop("This round's ratings have been submitted."))
    if expected_version == 0:
        # The cell was empty when the person looked at it, and is not any more.
        raise Conflict(existing, gettext_noop("Somebody changed this meanwhile. Compare both and decide."))
    before = (existing.value, existing.not_applicable)
    saved = save_changes(Rating.objects.get(pk=existing.pk), values, expected_version=expected_version)
    existing.value, existing.not_applicable = before
    return saved


def _record(rating: Rating, existing: Rating | None, *, account: Account, by: User) -> None:
    def said(row: Rating) -> dict[str, Any]:
        return {"value": row.value, "not_applicable": row.not_applicable}

    before = {"before": said(existing)} if existing is not None else {}
    code = rating.criterion.code
    record(
        "rating.saved", by=by, account=account, subject=rating, criterion=code, after=said(rating), **before
    )
