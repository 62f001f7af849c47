"""What if the weights were others? The same sum as a run, over the ratings a run has stored.

The page computes it in the browser with the very same steps (static/js/scoring-whatif-sum.js), so that both
agree to the last digit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.cut_line import Line
from scoring.models import ModelCriterion, Score, ScoreRun
from scoring.ranking import DECIMALS, ranks, score_matrix
from scoring.stored import cells_as_row
from scoring.weighing import refusals

MOST_ROWS = 500


@dataclass(frozen=True)
class WhatIfRow:
    """An account under the weights asked for; ``change`` is against its rank among the same accounts before."""

    index: int
    name: str
    rank: int
    change: int
    total: float
    bars: list[tuple[float, float, int]]
    hatch: tuple[float, float]
    is_in: bool
    is_near: bool


def what_if(run: ScoreRun, scores: Sequence[Score], weights: Sequence[float], cut: int) -> list[WhatIfRow]:
    """Rank stored scores under other weights. Raises InvalidInput when the weights cannot be scaled to 1."""
    if not scores:
        return []
    rows = [cells_as_row(score.ratings) for score in scores]
    ratings = np.array([row[0] for row in rows])
    applicable = np.array([row[1] for row in rows])
    with refusals():
        now = score_matrix(ratings, weights, applicable)
    place, before = ranks(now.total), ranks(np.array([score.total for score in scores]))
    order = np.lexsort((np.arange(len(place)), -np.round(now.total, DECIMALS)))
    line = Line(top=cut)
    at_line = float(now.total[order[min(cut, len(order)) - 1]])
    found = []
    for index in order.tolist():
        total, rank = float(now.total[index]), int(place[index])
        bars, end = _bars(now.contributions[index])
        found.append(
            WhatIfRow(
                index=index,
                name=scores[index].account.display_name,
                rank=rank,
                change=int(before[index]) - rank,
                total=total,
                bars=bars,
                hatch=(end, float(now.high[index]) / 10 - end),
                is_in=line.is_in(rank, total),
                is_near=line.is_near(rank, total, at_line),
            )
        )
    return found


def browser_data(scores: Sequence[Score]) -> dict[str, Any]:
    """Return what the browser needs to rank by itself: ratings (null: missing, "na") and the ranks before."""
    return {
        "names": [score.account.display_name for score in scores],
        "ratings": [score.ratings for score in scores],
        "before": ranks(np.array([score.total for score in scores])).tolist(),
    }


def asked_weights(asked: Mapping[str, str], items: Sequence[ModelCriterion]) -> list[float]:
    """Return the percentages of the address (w0, w1, …), or the model's own where one is missing or no number."""
    found = []
    for place, item in enumerate(items):
        text = asked.get(f"w{place}", "").replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            value = round(100 * item.weight, 2)
        found.append(value if 0 <= value <= 100 else round(100 * item.weight, 2))
    return found


def _bars(contributions: Any) -> tuple[list[tuple[float, float, int]], float]:
    """Return a segment for every criterion, of no width where nothing is rated: the browser moves them."""
    bars, end = [], 0.0
    for position, points in enumerate(contributions.tolist(), start=1):
        width = points / 10 if points == points else 0.0
        bars.append((end, width, position))
        end += width
    return bars, end
