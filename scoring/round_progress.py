"""How far is each rater of a round? Counts of filled cells only, so that a round stays blind."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from accounts.models import Account
from kam.users.models import User
from scoring.models import Criterion, RatingRound


@dataclass(frozen=True)
class Progress:
    """A rater's filled cells by criterion, in the order of the round's criteria.

    ``accounts`` are those she sees, the cells of each criterion; what she carried over counts as filled.
    """

    rater: User
    accounts: int
    filled: list[tuple[Criterion, int]]
    handed_in: bool

    @property
    def cells(self) -> int:
        return sum(n for _criterion, n in self.filled)

    @property
    def all_cells(self) -> int:
        return self.accounts * len(self.filled)


def round_progress(round: RatingRound) -> list[Progress]:
    """Return how far each rater is, by name; one query a rater, because each sees accounts of her own."""
    rows = round.ratings.order_by().values("rater", "criterion")
    counts: dict[tuple[Any, Any], tuple[int, int]] = {
        (row["rater"], row["criterion"]): (row["n"], row["done"])
        for row in rows.annotate(n=Count("pk"), done=Count("submitted_at"))
    }
    criteria = list(round.criteria.all())
    found = []
    for rater in round.raters.order_by("name"):
        mine = [counts.get((rater.pk, criterion.pk), (0, 0)) for criterion in criteria]
        accounts = Account.objects.visible_to(rater).active().count()
        filled = [(criterion, n) for criterion, (n, _done) in zip(criteria, mine, strict=True)]
        found.append(Progress(rater, accounts, filled, any(done for _n, done in mine)))
    return found
