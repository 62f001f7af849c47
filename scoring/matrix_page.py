"""The matrix of accounts and criteria: what a person sees of her own ratings, and what she typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from kam.lib.errors import Conflict, DomainError
from kam.lib.formatting import number
from kam.lib.versions import typed_number
from kam.users.models import User
from scoring.actions import ratings
from scoring.actions.ratings import Judgement
from scoring.actions.rounds import confirm_ratings
from scoring.models import Criterion, Rating, RatingRound
from scoring.typed import typed_rating

STALE_AFTER = timedelta(days=365)
ROWS = (50, 100, 200)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the form shows it: «7», «7.5», «–» for not applicable, empty for missing.

    ``seen`` is the version and the text that the person has before her. Plain values, because a page draws up to
    two thousand cells.
    """

    criterion: str
    label: str
    name: str
    address: str
    text: str = ""
    seen: str = "0 "
    has_note: bool = False
    is_stale: bool = False
    is_carried: bool = False
    rated_on: date | None = None


def matrix_page(
    page: Any,
    criteria: Sequence[Criterion],
    user: User,
    choices: Mapping[str, str],
    round: RatingRound | None = None,
) -> dict[str, Any]:
    """Return the context of the matrix: accounts with a cell for each chosen criterion."""
    chosen = [c for c in criteria if not choices.get("criterion") or c.code == choices["criterion"]]
    found = Rating.objects.filter(
        rater=user,
        round=round,
        account__in=[account.pk for account in page.object_list],
        criterion__in=chosen,
    )
    mine = {(rating.account_id, rating.criterion_id): rating for rating in found}
    names = [(criterion.pk, criterion.name) for criterion in chosen]
    rows = [(account, list(_cells(account, names, mine))) for account in page.object_list]
    return {
        "page": page,
        "criteria": criteria,
        "chosen": chosen,
        "rows": rows,
        "done": len(mine),
        "carried": sum(rating.carried_from_id is not None for rating in found),
        "round": round,
        "in_round": f"?round={round.pk}" if round else "",
    }


def rows_asked(choices: Mapping[str, str]) -> int:
    """Return how many accounts the person wants on one page: one of ROWS, the fewest unless she says so."""
    asked = choices.get("rows", "")
    return int(asked) if asked in map(str, ROWS) else ROWS[0]


def confirm_page(accounts: Sequence[Account], *, by: User, round: RatingRound | None) -> int:
    """Say again, as of today, what was carried over into the cells of these accounts."""
    carried = Rating.objects.filter(
        rater=by, round=round, account__in=[account.pk for account in accounts], carried_from__isnull=False
    )
    return confirm_ratings(carried.select_related("account", "criterion", "round"), by=by)


def read_cells(
    posted: Mapping[str, str],
    accounts: Sequence[Account],
    criteria: Sequence[Criterion],
    *,
    by: User,
    round: RatingRound | None = None,
) -> tuple[int, list[str]]:
    """Save what changed in the form, cell by cell; return how many were and what was refused, in words."""
    saved, problems = 0, []
    for account in accounts:
        for criterion in criteria:
            name = f"{account.pk}:{criterion.pk}"
            version, _space, was = posted.get(f"seen:{name}", "").partition(" ")
            if name not in posted or posted[name].strip() == was:
                continue
            try:
                save_cell(account, criterion, Typed(posted[name], version), by=by, round=round)
                saved += 1
            except (DomainError, Conflict) as error:
                problems.append(f"{account}, {criterion.name}: {error}")
    return saved, problems


@dataclass(frozen=True)
class Typed:
    """What somebody typed into a cell, and the version she saw (0: it was empty, "": never mind)."""

    text: str
    version: str = ""

    @property
    def expected_version(self) -> int | None:
        return typed_number(self.version)


def save_cell(
    account: Account, criterion: Criterion, typed: Typed, *, by: User, round: RatingRound | None = None
) -> Rating | None:
    """Write, replace or clear one cell from what was typed: a number, a dash or nothing."""
    text, expected = typed.text.strip(), typed.expected_version
    mine = Rating.objects.filter(account=account, criterion=criterion, rater=by, round=round).first()
    if not text:
        if mine is not None:
            ratings.clear_rating(mine, by=by, expected_version=expected)
        return None
    value, not_applicable = typed_rating(text)
    judgement = Judgement(
        value=value,
        not_applicable=not_applicable,
        note=mine.note if mine else "",
        evidence_url=mine.evidence_url if mine else "",
    )
    return ratings.rate(account, criterion, judgement, by=by, round=round, expected_version=expected)


def cell_text(rating: Rating | None) -> str:
    """Return a rating as a cell shows it."""
    if rating is None:
        return ""
    return number(rating.value.normalize()) if rating.value is not None else "–"


def _cells(
    account: Account, criteria: Sequence[tuple[Any, str]], mine: Mapping[tuple[Any, Any], Rating]
) -> Iterator[Cell]:
    stale, shown = timezone.localdate() - STALE_AFTER, account.display_name
    for criterion, name in criteria:
        place = (
            name,
            f"{shown}, {name}",
            f"{account.pk}:{criterion}",
            reverse("scoring:cell", args=[account.pk, criterion]),
        )
        rating = mine.get((account.pk, criterion))
        yield _rated_cell(place, rating, stale) if rating else Cell(*place)


def _rated_cell(place: tuple[str, str, str, str], rating: Rating, stale: date) -> Cell:
    text = cell_text(rating)
    return Cell(
        *place,
        text,
        seen=f"{rating.version} {text}",
        has_note=bool(rating.note or rating.evidence_url),
        is_stale=rating.rated_on < stale,
        is_carried=rating.carried_from_id is not None,
        rated_on=rating.rated_on,
    )
