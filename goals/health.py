"""The health of a relationship: a weighted mean of what is known, how much is known, and was it right.

Health and completeness are two numbers: a missing input lowers the second and leaves the first alone. And a
health score that never faces what happened afterwards is decoration, hence the back-test.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt
from typing import Literal

from accounts.arithmetic import CannotCompute, gettext_noop

Colour = Literal["red", "amber", "green"]
AMBER_FROM, GREEN_FROM = 40.0, 70.0
MINIMUM_EVENTS = 10


@dataclass(frozen=True, slots=True)
class Input:
    """One input, 0 (bad) to 100 (good), or None while it is not known; ``weight`` is above zero."""

    name: str
    value: float | None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    """Score 0..100 of the known inputs, what each adds to it, and the known part 0..1 of the weights."""

    score: float | None
    colour: Colour | None
    completeness: float
    contributions: Mapping[str, float]
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the score said some time ago (90 days, say), and whether the account lost revenue since.

    ``count`` accounts of one score and one end may stand in one outcome.
    """

    account: str
    score: float | None
    lost: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % Wilson interval; these three are None below ten cases, the counts never."""

    hits: int
    cases: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class HealthBacktest:
    """How the warnings fared: precision of the red ones, recall of the losses, and all counts.

    ``auc`` is the probability that a lost account had the lower score, None below ten losses.
    """

    accounts: int
    without_score: int
    red: int
    lost: int
    red_and_lost: int
    precision: Share
    recall: Share
    auc: float | None


def health(inputs: Iterable[Input]) -> Health:
    """Return the weighted mean of the known inputs; raises CannotCompute for values outside 0..100."""
    rows = list(inputs)
    for row in rows:
        _check(row)
    known = [(row.name, row.value, row.weight) for row in rows if row.value is not None]
    weight, whole = sum(each for *_, each in known), sum(row.weight for row in rows)
    added = {name: value * each / weight for name, value, each in known}
    score = sum(added.values()) if known else None
    return Health(
        score=score,
        colour=None if score is None else colour(score),
        completeness=weight / whole if rows else 0.0,
        contributions=added,
        missing=[row.name for row in rows if row.value is None],
    )


def colour(score: float) -> Colour:
    """Return red below 40, amber below 70, green from there."""
    if score < AMBER_FROM:
        return "red"
    return "amber" if score < GREEN_FROM else "green"


def backtest(outcomes: Iterable[Outcome], minimum: int = MINIMUM_EVENTS) -> HealthBacktest:
    """Return precision and recall of red scores for lost revenue.

    Accounts without a score are counted and enter neither: nothing was said about them. A percentage of fewer
    than ``minimum`` (default 10) cases is refused, the counts are shown instead.
    """
    rows = list(outcomes)
    scored = [(row.score, row.lost, row.count) for row in rows if row.score is not None]
    red = sum(count for score, _gone, count in scored if colour(score) == "red")
    lost = sum(count for _score, gone, count in scored if gone)
    both = sum(count for score, gone, count in scored if gone and colour(score) == "red")
    return HealthBacktest(
        accounts=sum(row.count for row in rows),
        without_score=sum(row.count for row in rows if row.score is None),
        red=red,
        lost=lost,
        red_and_lost=both,
        precision=share(both, red, minimum),
        recall=share(both, lost, minimum),
        auc=_auc(scored) if lost >= minimum else None,
    )


def share(hits: int, cases: int, minimum: int = MINIMUM_EVENTS) -> Share:
    """Return hits / cases with its Wilson interval, or the counts alone below ``minimum`` cases."""
    if cases < max(1, minimum):
        return Share(hits, cases, None, None, None)
    z, part = 1.959964, hits / cases
    middle = (part + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z * sqrt(part * (1 - part) / cases + z * z / (4 * cases * cases)) / (1 + z * z / cases)
    return Share(hits, cases, part, max(0.0, middle - half), min(1.0, middle + half))


def _check(row: Input) -> None:
    # Written so that a NaN is refused too: no comparison with it is true.
    if row.value is not None and not 0 <= row.value <= 100:
        raise CannotCompute(
            "input_out_of_range",
            gettext_noop("%(name)s must lie between 0 and 100, not at %(value)s."),
            {"name": row.name, "value": row.value},
        )
    if not row.weight > 0:
        raise CannotCompute(
            "weight_not_positive",
            gettext_noop("The weight of %(name)s must lie above zero."),
            {"name": row.name},
        )


def _auc(scored: Sequence[tuple[float, bool, int]]) -> float | None:
    lost, kept = Counter[float](), Counter[float]()
    for score, gone, count in scored:
        (lost if gone else kept)[score] += count
    if not lost or not kept:
        return None
    scores = sorted(kept)
    below = [0, *accumulate(kept[score] for score in scores)]
    # Equal scores count half: the mean of "at most" and "below".
    lower = sum(
        count * (below[bisect_left(scores, score)] + below[bisect_right(scores, score)]) / 2
        for score, count in lost.items()
    )
    return 1 - lower / (lost.total() * kept.total())
