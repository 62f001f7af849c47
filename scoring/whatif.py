"""What if the weights were others? The same sum as a run, over the ratings a run has stored.

The page computes it in the browser with the very same steps (static/js/scoring-whatif-sum.js), so that both
agree to the last digit.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from scoring.cut_line import NEAR_RANKS, NEAR_TOTAL, Line
from scoring.explain import Explanation, explained
from scoring.models import ModelCriterion, Score, ScoreRun, ScoringModel
from scoring.ranking import DECIMALS, Scores, ranks, score_matrix
from scoring.stored import cells_as_row
from scoring.weighing import refusals
from scoring.weights import normalised

MOST_ROWS = 500


@dataclass(frozen=True)
class WhatIfRow:
    """An account under the weights asked for; ``change`` is against its rank among the same accounts before."""

    index: int
    account_id: UUID
    name: str
    rank: int
    before: int
    total: float
    high: float
    bars: list[tuple[float, float, int]]
    hatch: tuple[float, float]
    is_in: bool
    is_near: bool
    is_last_in: bool = False

    @property
    def change(self) -> int:
        return self.before - self.rank


def what_if(scores: Sequence[Score], weights: Sequence[float], line: Line) -> list[WhatIfRow]:
    """Rank stored scores under other weights; an account to which nothing of any weight applies has 0 points
    and is never in. Raises InvalidInput when the weights cannot be scaled to 1.
    """
    if not scores:
        return []
    now = _scored(scores, weights)
    totals, highs = np.nan_to_num(now.total), np.nan_to_num(now.high)
    place, before = ranks(totals), ranks(np.array([score.total for score in scores]))
    order = np.lexsort((np.arange(len(place)), -np.round(totals, DECIMALS))).tolist()
    at_line = float(totals[order[min(line.top, len(order)) - 1]]) if line.top else line.threshold
    inside = [bool(totals[i] > 0) and line.is_in(int(place[i]), float(totals[i])) for i in order]
    found = []
    for position, index in enumerate(order):
        total, rank = float(totals[index]), int(place[index])
        bars, end = _bars(now.contributions[index])
        found.append(
            WhatIfRow(
                index=index,
                account_id=scores[index].account_id,
                name=scores[index].account.display_name,
                rank=rank,
                before=int(before[index]),
                total=total,
                high=float(highs[index]),
                bars=bars,
                hatch=(end, float(highs[index]) / 10 - end),
                is_in=inside[position],
                is_near=total > 0 and line.is_near(rank, total, at_line),
                is_last_in=inside[position] and position + 1 < len(order) and not inside[position + 1],
            )
        )
    return found


def explained_under(
    score: Score, row: WhatIfRow, run: ScoreRun, items: Sequence[ModelCriterion], weights: Sequence[float]
) -> Explanation:
    """Take a score apart as it would be under other weights; nothing of it is stored."""
    shown, run = copy(score), copy(run)
    with refusals():
        run.weights = list(normalised(weights))
    shown.total, shown.high, shown.rank, shown.previous_rank = row.total, row.high, row.rank, row.before
    return explained(shown, run, items)


def browser_data(scores: Sequence[Score], line: Line) -> dict[str, Any]:
    """Return what the browser needs to rank by itself: ratings (null: missing, "na") and the ranks before."""
    return {
        "names": [score.account.display_name for score in scores],
        "ratings": [score.ratings for score in scores],
        "before": ranks(np.array([score.total for score in scores])).tolist(),
        "by_total": line.top is None,
        "near_ranks": NEAR_RANKS,
        "near_total": NEAR_TOTAL,
    }


def asked_weights(
    asked: Mapping[str, str], items: Sequence[ModelCriterion], default: Sequence[float] | None = None
) -> list[float]:
    """Return the percentages of the address (w0, w1, …); where one is missing or no number the default, which
    without another is the model's own.
    """
    own = default or [round(100 * item.weight, 2) for item in items]
    found = []
    for place, fallback in enumerate(own):
        text = asked.get(f"w{place}", "").replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            value = fallback
        found.append(value if 0 <= value <= 100 else fallback)
    return found


def asked_line(asked: Mapping[str, str], model: ScoringModel, default: float | None = None) -> Line:
    """Return the cut line of the address (``cut``): a rank or a total, whichever the model draws its line by."""
    own = model.cut_value if default is None else default
    try:
        value = float(asked.get("cut", "").replace(",", "."))
    except ValueError:
        value = own
    if model.cut_kind == ScoringModel.CutKind.TOP_N:
        return Line(top=int(value if 1 <= value <= 1_000_000 else own))
    return Line(threshold=value if 1 <= value <= 10 else own)


def _scored(scores: Sequence[Score], weights: Sequence[float]) -> Scores:
    rows = [cells_as_row(score.ratings) for score in scores]
    with refusals():
        return score_matrix(np.array([row[0] for row in rows]), weights, np.array([row[1] for row in rows]))


def _bars(contributions: Any) -> tuple[list[tuple[float, float, int]], float]:
    """Return a segment for every criterion, of no width where nothing is rated: the browser moves them."""
    bars, end = [], 0.0
    for position, points in enumerate(contributions.tolist(), start=1):
        width = points / 10 if points == points else 0.0
        bars.append((end, width, position))
        end += width
    return bars, end
