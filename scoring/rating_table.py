"""Ratings as a table: the cells somebody fills in, or everything she may read; both can be handed in again."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from accounts.models import Account
from kam.lib.tabular.export import Cell
from kam.users.models import User
from scoring.models import Criterion, Rating, RatingRound

HEADER = ["account", "account_name", "criterion", "criterion_name", "rating", "note", "evidence", "rated_on"]
OF_ALL = [*HEADER, "rater", "round", "handed_in"]
NOT_APPLICABLE = "n/a"
AT_ONCE = 500


def own_cells(
    accounts: Any, criteria: Sequence[Criterion], user: User, round: RatingRound | None
) -> Iterator[list[Cell]]:
    """Yield a row for every cell of the person's own, empty where she has not rated yet."""
    rows = accounts.with_references().iterator(chunk_size=AT_ONCE)
    while block := list(islice(rows, AT_ONCE)):
        mine = Rating.objects.filter(rater=user, round=round, account__in=block, criterion__in=criteria)
        found = {(rating.account_id, rating.criterion_id): rating for rating in mine}
        for account in block:
            for criterion in criteria:
                yield _row(account, criterion, found.get((account.pk, criterion.pk)))


def readable_ratings(ratings: Any) -> Iterator[list[Cell]]:
    """Yield a row for every rating of a queryset that starts at ``readable_by``: blind ones are not in it."""
    found: Iterable[Rating] = (
        ratings.select_related("account", "criterion", "rater", "round")
        .prefetch_related("account__references")
        .order_by("account__sort_key", "account", "criterion__code", "rated_on", "pk")
        .iterator(chunk_size=AT_ONCE)
    )
    for rating in found:
        rater = rating.rater.email if rating.rater else ""
        handed_in = rating.submitted_at.date() if rating.submitted_at else None
        round = rating.round.name if rating.round else ""
        yield [*_row(rating.account, rating.criterion, rating), rater, round, handed_in]


def _row(account: Account, criterion: Criterion, rating: Rating | None) -> list[Cell]:
    known = sorted(account.references.all(), key=lambda each: (each.source, each.external_id))
    key = known[0].external_id if known else account.name
    names: list[Cell] = [key, account.display_name, criterion.code, criterion.name]
    if rating is None:
        return [*names, "", "", "", None]
    value = NOT_APPLICABLE if rating.value is None else rating.value.normalize()
    return [*names, value, rating.note, rating.evidence_url, rating.rated_on]
