"""What the page «How sure?» shows, and what stands beside a single score about it."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account
from kam.lib import formatting
from kam.users.models import User
from scoring.certainty import HALF_WIDTH, MISSING, MOST_ACCOUNTS, Certainty, cut_of, run_certainty
from scoring.explain import items_of
from scoring.models import ModelCriterion, Score, ScoreRun
from scoring.robustness import Robustness, robustness, tie_with_line
from scoring.stability import SAMPLES, ranked_draws
from scoring.sure_words import (
    Names,
    beaten_names,
    beaten_words,
    central_words,
    end_words,
    rating_words,
    smallest_words,
    tie_words,
)

NEIGHBOURS, MOST_ROWS = 3, 60


@dataclass(frozen=True)
class WeightRow:
    """One criterion: between which weights nobody crosses the line, and what happens beyond them."""

    item: ModelCriterion
    weight: float
    low: float
    high: float
    below: str
    above: str

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class AccountRow:
    """One account: how sure its place is, who stands before it anyway, and what would take it across."""

    score: Score
    sure: Certainty
    under: int
    under_any: int
    over: int
    beaten_by: str
    flip: str
    central: str

    @property
    def bars(self) -> list[tuple[float, float, int]]:
        """The weights that put it above the line, as (start, width, position) of a bar."""
        weights = (self.sure.central or []) if self.central else []
        starts = [0.0, *accumulate(weights)]
        return [
            (start, weight, place)
            for place, (start, weight) in enumerate(zip(starts, weights, strict=False), 1)
        ]


def sure_context(run: ScoreRun, user: User, top: int | None = None) -> dict[str, Any]:
    """Return the page of a finished run; ``top`` overrides the model's cut line.

    Raises InvalidInput for no such number.
    """
    sure, found = run_certainty(run, top), robustness(run, top)
    items, cut = items_of(run), cut_of(run.model, top)
    words = [each.word for each in sure]
    shown = _shown(run, user, sure, sum(each.margin is None or each.margin > 0 for each in sure))
    listed = shown[:MOST_ROWS]
    names = _names(found, [score.position - 1 for score in listed], user)
    return {
        "run": run,
        "rest": len(shown) - len(listed),
        "top": cut.top,
        "threshold": cut.threshold,
        "own": top is None,
        "counts": {word: words.count(word) for word in ("firm_in", "grey", "firm_out")},
        "looked_at": len(sure),
        "most": MOST_ACCOUNTS,
        "draws": SAMPLES,
        "ranked": ranked_draws(len(sure)),
        "half_width": HALF_WIDTH,
        "smallest": smallest_words(found.smallest, found, items, names) if sure else "",
        "weights": [_weight_row(each, items, found, names) for each in found.weights],
        "items": items,
        "rows": [_account_row(score, sure, found, items, names) for score in listed],
    }


def account_words(score: Score, run: ScoreRun, user: User) -> list[str]:
    """Return the sentences beside a score: how sure its place is, and what would change it."""
    if run.lacks_certainty:
        return [_(MISSING)]
    sure, number = run_certainty(run), score.position - 1
    if number >= len(sure):
        return [_("Only the first %(most)s places are looked at closely.") % {"most": MOST_ACCOUNTS}]
    found, items, own = robustness(run), items_of(run), sure[number]
    names = _names(found, [number], user)
    span = {"low": formatting.number(own.rank_low), "high": formatting.number(own.rank_high)}
    sentences = [own.sentence, _("Between rank %(low)s and rank %(high)s") % span]
    sentences += [rating_words(found.changes[number], items), _tie(score, run, items, user)]
    sentences += [central_words(own, items), beaten_words(number, found, names)]
    return [sentence for sentence in sentences if sentence]


def _tie(score: Score, run: ScoreRun, items: list[ModelCriterion], user: User) -> str:
    tie = tie_with_line(score, run)
    if tie is None:
        return ""
    change, other = tie
    if other is None:
        return tie_words(change, items, "")
    is_seen = Account.objects.visible_to(user).filter(pk=other.account_id).exists()
    return tie_words(change, items, other.account.display_name if is_seen else _("an account you do not see"))


def _shown(run: ScoreRun, user: User, sure: list[Certainty], near: int) -> list[Score]:
    """Return the scores worth a line: the doubtful ones, and those next to the line on either side."""
    doubtful = [place for place, each in enumerate(sure, start=1) if each.word == "grey"]
    beside = range(max(1, near + 1 - NEIGHBOURS), min(len(sure), near + NEIGHBOURS) + 1)
    seen = Score.objects.of_run(run).for_ranking().visible_to(user)
    return list(seen.filter(position__in={*doubtful, *beside}))


def _names(found: Robustness, numbers: list[int], user: User) -> Names:
    """Return the names of everybody the page speaks of, as far as the reader may see them, in one query."""
    spoken = {other for number in numbers for other in found.beaten_by[number]}
    for interval in found.weights:
        spoken |= {*(interval.low_swap or ()), *(interval.high_swap or ())}
    keys = [key for key in map(found.key, spoken) if key is not None]
    accounts = Account.objects.visible_to(user).filter(pk__in=keys)
    return {account.pk: account.display_name for account in accounts}


def _weight_row(interval: Any, items: list[ModelCriterion], found: Robustness, names: Names) -> WeightRow:
    below, above = end_words(interval, found, names)
    item = items[interval.criterion]
    return WeightRow(item, interval.weight, interval.low, interval.high, below, above)


def _account_row(
    score: Score, sure: list[Certainty], found: Robustness, items: list[ModelCriterion], names: Names
) -> AccountRow:
    number = score.position - 1
    return AccountRow(
        score=score,
        sure=sure[number],
        under=found.under[number],
        under_any=found.under_any[number],
        over=found.over[number],
        beaten_by=beaten_names(number, found, names),
        flip=rating_words(found.changes[number], items),
        central=central_words(sure[number], items),
    )
