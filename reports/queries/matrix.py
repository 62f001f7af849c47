"""The portfolio in two dimensions: who is attractive, where we are strong, and how that moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Account
from goals.models import AccountYear
from kam.lib.errors import InvalidInput
from scoring.actions.decisions import above, line_of
from scoring.headroom import Statement
from scoring.models import Decision, Score, ScoreRun
from scoring.standing import Standing, standings

Y_AXES: dict[str, Promise] = {"score": _("Attractiveness"), "headroom": _("Headroom a year")}
X_AXES: dict[str, Promise] = {
    "strength": _("Relative strength"),
    "stage": _("Stage of the relationship"),
    "wallet": _("Share of wallet"),
}
SHOWS: dict[str, Promise] = {
    "relevant": _("Key accounts and candidates"),
    "key": _("Key accounts"),
    "first": _("The first 100 of the ranking"),
}
# Top right, bottom right, top left, bottom left, in the order of effort.
FIELDS: dict[str, Promise] = {"grow": _("Expand"), "win": _("Win"), "hold": _("Hold"), "watch": _("Watch")}
MOST = 100
# Parity, the middle of five stages, half of the wallet: what these say by themselves. The others part in the middle.
SPLITS = {"strength": 1.0, "stage": 3.0, "wallet": 0.5}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see; ``compare`` is an earlier run."""

    y: str = "score"
    x: str = ""
    show: str = "relevant"
    compare: ScoreRun | None = None


@dataclass(frozen=True)
class Place:
    """One account: ``x`` and ``y`` are None where nobody said anything; ``field`` is a code of FIELDS then None."""

    account: Account
    group: str
    score: float
    standing: Standing
    x: float | None
    y: float | None
    field: str | None = None
    before: tuple[float, float] | None = None
    field_before: str | None = None

    @property
    def moved(self) -> bool:
        return self.field_before is not None and self.field_before != self.field


@dataclass(frozen=True)
class Matrix:
    """``placed`` by revenue, largest first; ``unplaced`` lack a position on one of the axes."""

    run: ScoreRun
    y: str
    x: str
    show: str
    compare: ScoreRun | None
    split: tuple[float, float]
    placed: list[Place]
    unplaced: list[Place]
    hidden: int

    def of(self, field: str) -> list[Place]:
        return [place for place in self.placed if place.field == field]


def portfolio_matrix(user: Any, run: ScoreRun, asked: Asked, today: date) -> Matrix:
    """Return the matrix of a run for what ``user`` may see, in a fixed number of queries.

    Estimates count as of today for the present and as of the day of the run that it is compared with.
    Raises InvalidInput("unknown_axis") for an axis or a choice that does not exist.
    """
    _check(asked)
    scores, hidden = _scores(user, run, asked.show)
    ids = [score.account_id for score in scores]
    now = standings(ids, today, planned_wallets(ids, today))
    x = asked.x or _richest(now.values())
    waiting = set(Decision.objects.waiting().filter(account__in=ids).values_list("account_id", flat=True))
    line = line_of(run.model)
    places = [
        Place(
            score.account,
            _group(score, line.is_in(score.rank, score.total) or score.account_id in waiting),
            score.total,
            now[score.account_id],
            value(x, score.total, now[score.account_id]),
            value(asked.y, score.total, now[score.account_id]),
        )
        for score in scores
    ]
    places.sort(key=lambda place: -place.standing.revenue)
    placed = [place for place in places if place.x is not None and place.y is not None]
    split = _split(x, [place.x for place in placed]), _split(asked.y, [place.y for place in placed])
    before = _before(asked, x, ids)
    return Matrix(
        run=run,
        y=asked.y,
        x=x,
        show=asked.show,
        compare=asked.compare,
        split=split,
        placed=[_with_field(place, split, before.get(place.account.pk)) for place in placed],
        unplaced=[place for place in places if place.x is None or place.y is None],
        hidden=hidden,
    )


def value(axis: str, score: float, standing: Standing) -> float | None:
    """Return where an account stands on an axis, None where that is not known."""
    room = standing.room
    return {
        "score": score,
        "headroom": room.amount if room else None,
        "strength": standing.strength,
        "stage": standing.stage,
        "wallet": room.share if room else None,
    }[axis]


def planned_wallets(ids: Iterable[UUID], as_of: date) -> dict[UUID, list[Statement]]:
    """Return the wallets written into the plans, of each account that of the latest year, as of its first day."""
    years = AccountYear.objects.filter(account__in=list(ids), wallet__gt=0, year__lte=as_of.year)
    return {
        row.account_id: [Statement("wallet", float(row.wallet), date(row.year, 1, 1))]
        for row in years.order_by("year")
    }


def _check(asked: Asked) -> None:
    for choice, known in ((asked.y, Y_AXES), (asked.x or "strength", X_AXES), (asked.show, SHOWS)):
        if choice not in known:
            message = gettext_noop("“%(choice)s” is none of: %(known)s.")
            values = {"choice": choice[:40], "known": ", ".join(known)}
            raise InvalidInput("unknown_axis", message, values)


def _scores(user: Any, run: ScoreRun, show: str) -> tuple[list[Score], int]:
    """Return the scores to show, the first of the ranking, and how many more there are."""
    scores = Score.objects.of_run(run).for_ranking().visible_to(user)
    key = Q(account__key_since__isnull=False)
    if show == "key":
        scores = scores.filter(key)
    elif show == "relevant":
        inside = above(Score.objects.of_run(run), line_of(run.model)).order_by().values("pk")
        waiting = Decision.objects.waiting().order_by().values("account")
        scores = scores.filter(key | Q(pk__in=inside) | Q(account__in=waiting))
    count = scores.count()
    return list(scores[:MOST]), max(0, count - MOST) if show != "first" else 0


def _group(score: Score, is_candidate: bool) -> str:
    if score.account.is_key:
        return "key"
    return "candidate" if is_candidate else "other"


def _richest(known: Iterable[Standing]) -> str:
    """Return the horizontal axis on which most accounts have a place; the first where none has."""
    rows = list(known)
    counts = {axis: sum(value(axis, 0.0, row) is not None for row in rows) for axis in X_AXES}
    return max(counts, key=lambda axis: counts[axis])


def _split(axis: str, values: Iterable[float | None]) -> float:
    known = [each for each in values if each is not None]
    return SPLITS.get(axis) or (median(known) if known else 0.0)


def field_at(x: float, y: float, split: tuple[float, float]) -> str:
    """Return the field of a position; on the line counts as beyond it."""
    if y >= split[1]:
        return "grow" if x >= split[0] else "win"
    return "hold" if x >= split[0] else "watch"


def _with_field(place: Place, split: tuple[float, float], before: tuple[float, float] | None) -> Place:
    if place.x is None or place.y is None:
        return place
    was = field_at(*before, split) if before else None
    return replace(place, field=field_at(place.x, place.y, split), before=before, field_before=was)


def _before(asked: Asked, x: str, ids: list[UUID]) -> Mapping[UUID, tuple[float, float]]:
    if asked.compare is None:
        return {}
    day = asked.compare.as_of
    then = standings(ids, day, planned_wallets(ids, day))
    totals = dict(
        Score.objects.of_run(asked.compare).filter(account__in=ids).values_list("account_id", "total")
    )
    found = {}
    for pk, total in totals.items():
        at = value(x, total, then[pk]), value(asked.y, total, then[pk])
        if at[0] is not None and at[1] is not None:
            found[pk] = (at[0], at[1])
    return found
