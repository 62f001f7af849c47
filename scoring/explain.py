"""Why 7.4? A stored score taken apart: what each criterion gives, from which fact or whose rating."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from accounts.models import Account
from kam.users.models import User
from scoring.facts import RATEABLE
from scoring.models import Criterion, ModelCriterion, Rating, Score, ScoreRun
from scoring.ranking import score_account
from scoring.stored import NOT_APPLICABLE

SCALE = 10.0


@dataclass(frozen=True)
class Part:
    """One criterion of a score. ``start`` and ``width`` are shares of a bar from 0 to 10 points."""

    position: int
    code: str
    name: str
    rating: float | None
    weight: float
    contribution: float | None
    applies: bool
    start: float
    width: float
    fact: float | None = None
    unit: str = ""

    @property
    def is_missing(self) -> bool:
        return self.applies and self.rating is None


@dataclass(frozen=True)
class Explanation:
    """A score with its parts; ``missing`` is (start, width) of the hatched range of the bar, or None."""

    score: Score
    run: ScoreRun
    parts: list[Part]
    missing: tuple[float, float] | None

    @property
    def bars(self) -> list[tuple[float, float, int]]:
        """Return (start, width, position) of the solid segments."""
        return [(part.start, part.width, part.position) for part in self.parts if part.width > 0]

    @property
    def strongest(self) -> Part | None:
        rated = [part for part in self.parts if part.contribution is not None]
        return max(rated, key=lambda part: part.contribution or 0.0, default=None)


def components(score: Score, weights: Sequence[float], items: Sequence[ModelCriterion]) -> list[Part]:
    """Return the parts of a score in the order of the model's criteria.

    Solid segments come first and the known part (1 times the weight) of missing ones after them, so that
    the bar is as long as the total; ``items`` need their criteria loaded.
    """
    ratings = [cell if isinstance(cell, int | float) else None for cell in score.ratings]
    applies = [cell != NOT_APPLICABLE for cell in score.ratings]
    found = score_account(ratings, weights, applies).components
    widths = [(part.contribution or 0.0) / SCALE for part in found]
    starts = [0.0, *accumulate(widths)]
    return [
        Part(
            position=place + 1,
            code=item.criterion.code,
            name=item.criterion.name,
            rating=part.rating,
            weight=part.weight,
            contribution=part.contribution,
            applies=applies[place],
            start=starts[place],
            width=widths[place],
            fact=score.facts[place] if place < len(score.facts) else None,
            unit=RATEABLE[item.criterion.fact].unit if item.criterion.fact in RATEABLE else "",
        )
        for place, (item, part) in enumerate(zip(items, found, strict=True))
    ]


def explained(score: Score, run: ScoreRun, items: Sequence[ModelCriterion]) -> Explanation:
    """Take one score apart; ``items`` are the model's criteria in their order."""
    parts = components(score, run.weights, items)
    solid = sum(part.width for part in parts)
    hatched = (solid, score.high / SCALE - solid) if any(part.is_missing for part in parts) else None
    return Explanation(score, run, parts, hatched)


def explain_account(account: Account, run: ScoreRun | None = None) -> Explanation | None:
    """Return why the account has its score in a run (default: the one people look at), None without one."""
    run = run or ScoreRun.objects.latest()
    score = (
        Score.objects.of_run(run).filter(account=account).select_related("account").first() if run else None
    )
    if run is None or score is None:
        return None
    return explained(score, run, items_of(run))


def items_of(run: ScoreRun) -> list[ModelCriterion]:
    return list(run.model.items.select_related("criterion"))


def evidence(account: Account, run: ScoreRun, user: User) -> dict[str, list[Rating]]:
    """Return the submitted ratings behind a score that the reader may see, by criterion code."""
    criteria = Criterion.objects.filter(uses__model=run.model)
    ratings = (
        Rating.objects.submitted()
        .readable_by(user)
        .filter(account=account, criterion__in=criteria, rated_on__lte=run.as_of)
        .select_related("rater", "criterion")
        .order_by("criterion", "-rated_on")
    )
    found: dict[str, list[Rating]] = {}
    for rating in ratings:
        found.setdefault(rating.criterion.code, []).append(rating)
    return found
