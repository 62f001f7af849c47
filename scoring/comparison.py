"""Two scores side by side: what each criterion adds or takes, and which input is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kam.lib import formatting
from scoring.explain import Part, explained, items_of
from scoring.models import Rating, Score, ScoreRun
from scoring.ranking import LOWEST
from scoring.templatetags.scoring import fact_value

# Below this a difference is another rounding of the same number.
NOTHING = 1e-9


@dataclass(frozen=True)
class Step:
    """One criterion: its points on both sides (missing counts with the lowest rating), and what differs."""

    code: str
    name: str
    before: Part | None
    after: Part | None
    difference: float
    words: list[str] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """From ``before`` to ``after``; the steps add up to the difference of the totals."""

    before: Score
    after: Score
    steps: list[Step]

    @property
    def difference(self) -> float:
        return self.after.total - self.before.total

    @property
    def changed(self) -> list[Step]:
        """The steps that move something, largest first."""
        moving = [step for step in self.steps if abs(step.difference) > NOTHING or step.words]
        return sorted(moving, key=lambda step: -abs(step.difference))


def compare(before: Score, after: Score, currency: str = "EUR") -> Comparison:
    """Compare an account's scores of two runs, or two accounts' scores of one run, criterion by criterion."""
    left, right = _parts(before), _parts(after)
    found = []
    for code in [*right, *(code for code in left if code not in right)]:
        one, two = left.get(code), right.get(code)
        known = two or one
        if known is not None:
            words = _words(one, two, currency)
            found.append(Step(code, known.name, one, two, points(two) - points(one), words))
    return Comparison(before, after, found)


def with_new_ratings(comparison: Comparison, user: Any) -> Comparison:
    """Name beside each step who rated between the two runs of the same account, as far as the reader may see."""
    earlier, later = comparison.before.run, comparison.after.run
    rated = (
        Rating.objects.submitted()
        .readable_by(user)
        .filter(account=comparison.after.account, rated_on__gt=earlier.as_of, rated_on__lte=later.as_of)
        .select_related("rater", "criterion", "round")
        .order_by("-rated_on")
    )
    by_code: dict[str, list[Rating]] = {}
    for rating in rated:
        by_code.setdefault(rating.criterion.code, []).append(rating)
    steps = [
        Step(s.code, s.name, s.before, s.after, s.difference, s.words, by_code.get(s.code, []))
        for s in comparison.steps
    ]
    return Comparison(comparison.before, comparison.after, steps)


def points(part: Part | None) -> float:
    """Return what a criterion gives to the total, the lowest rating where one is missing."""
    if part is None or not part.applies:
        return 0.0
    return part.weight * (LOWEST if part.rating is None else part.rating)


def score_in(run: ScoreRun, account: Any, user: Any) -> Score | None:
    """Return an account's score in a run as far as the reader may see it."""
    scores = Score.objects.of_run(run).visible_to(user).select_related("account")
    score: Score | None = scores.filter(account=account).first()
    if score is not None:
        score.run = run  # where a run repeats an earlier one, the score is stored with that
    return score


def runs_of(run: ScoreRun, upto: date | None = None, most: int = 12) -> list[ScoreRun]:
    """Return the finished runs of the model's versions up to a day, oldest first, of each day the newest."""
    runs = ScoreRun.objects.finished().filter(model__name=run.model.name).select_related("model")
    runs = runs.filter(as_of__lte=upto or run.as_of).defer("certainty").newest_first()
    newest: dict[date, ScoreRun] = {}
    for each in runs[: most * 4]:
        newest.setdefault(each.as_of, each)
    return sorted(list(newest.values())[:most], key=lambda each: each.as_of)


def _parts(score: Score) -> dict[str, Part]:
    why = explained(score, score.run, items_of(score.run))
    return {part.code: part for part in why.parts}


def _words(before: Part | None, after: Part | None, currency: str) -> list[str]:
    if before is None or after is None:
        return [_("not in the model before") if before is None else _("no longer in the model")]
    words = []
    if before.applies != after.applies:
        words.append(_("applies now") if after.applies else _("does not apply any more"))
    elif before.rating != after.rating:
        said = {"before": _rating(before), "after": _rating(after)}
        words.append(_("rating %(before)s → %(after)s") % said)
    if before.fact != after.fact and None not in (before.fact, after.fact):
        said = {"before": _fact(before, currency), "after": _fact(after, currency)}
        words.append(_("fact %(before)s → %(after)s") % said)
    elif before.fact is not None and before.rating != after.rating:
        words.append(_("the same fact, measured against another portfolio or rule"))
    if abs(before.weight - after.weight) > NOTHING:
        said = {
            "before": formatting.percent(before.weight, 1),
            "after": formatting.percent(after.weight, 1),
        }
        words.append(_("weight %(before)s → %(after)s") % said)
    return words


def _rating(part: Part) -> str:
    return _("missing") if part.rating is None else formatting.number(part.rating, 1)


def _fact(part: Part, currency: str) -> str:
    return fact_value(part.fact or 0.0, part.unit, currency)


def movers(rows: Sequence[tuple[Any, int, int]], most: int = 5) -> list[tuple[Any, int, int]]:
    """Return who moved most between two rankings (what, before, after), the largest move first."""
    moved = [row for row in rows if row[1] != row[2]]
    return sorted(moved, key=lambda row: -abs(row[1] - row[2]))[:most]
