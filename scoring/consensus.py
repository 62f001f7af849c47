"""Do the raters mean the same thing? Agreement by criterion, and the accounts where they differ most."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from scoring.agreement import krippendorff_alpha, reading
from scoring.models import Criterion, Rating, RatingRound

MOST_DIFFERENT = 5


@dataclass(frozen=True)
class Difference:
    """An account's ratings by one criterion from lowest to highest."""

    account: Any
    lowest: float
    highest: float
    raters: int


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha (ordinal, gaps allowed) of one criterion; None when there is nothing to agree on."""

    criterion: Criterion
    alpha: float | None
    reading: str
    raters: int
    accounts: int
    differences: list[Difference]

    @property
    def words(self) -> str:
        """The reading in plain words, in the reader's language."""
        return {
            "good": _("The raters agree."),
            "tentative": _("The raters agree roughly; look at the largest differences."),
            "poor": _("The raters do not mean the same thing. Read the anchors together."),
            "undefined": _("Too few ratings to compare."),
        }[self.reading]


def agreements(round: RatingRound, user: Any) -> list[Agreement]:
    """Return the agreement of each criterion of a round, over the submitted ratings the reader may see."""
    found = Rating.objects.submitted().readable_by(user).filter(round=round, value__isnull=False)
    by_criterion: dict[UUID, list[Rating]] = defaultdict(list)
    for rating in found.select_related("account"):
        by_criterion[rating.criterion_id].append(rating)
    return [_agreement(criterion, by_criterion[criterion.pk]) for criterion in round.criteria.all()]


def _agreement(criterion: Criterion, ratings: list[Rating]) -> Agreement:
    raters = sorted({rating.rater_id for rating in ratings}, key=str)
    accounts = {rating.account_id: rating.account for rating in ratings}
    units = {pk: place for place, pk in enumerate(accounts)}
    table = np.full((len(raters), len(units)), np.nan)
    for rating in ratings:
        table[raters.index(rating.rater_id), units[rating.account_id]] = float(rating.value or 0)
    alpha = krippendorff_alpha(table) if table.size else None
    apart = []
    for pk, place in units.items():
        given = table[:, place][~np.isnan(table[:, place])]
        if len(given) > 1 and given.min() < given.max():
            apart.append(Difference(accounts[pk], float(given.min()), float(given.max()), len(given)))
    apart.sort(key=lambda each: each.lowest - each.highest)
    return Agreement(criterion, alpha, reading(alpha), len(raters), len(units), apart[:MOST_DIFFERENT])
