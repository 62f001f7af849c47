"""A stored run as matrices again: what stability, what-if and sensitivity compute from."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from scoring.models import Score, ScoreRun
from scoring.ranking import Flags, Floats

NOT_APPLICABLE = "na"


@dataclass(frozen=True)
class StoredRun:
    """N accounts in rank order and M criteria; NaN where a rating is missing."""

    account_ids: list[UUID]
    totals: Floats
    ratings: Floats
    applicable: Flags


def stored_run(run: ScoreRun, most: int | None = None) -> StoredRun:
    """Return the first ``most`` accounts of a run (all by default) in rank order."""
    rows = Score.objects.of_run(run).ranked().values_list("account_id", "total", "ratings")[:most]
    found = list(rows)
    shape = (len(found), len(run.weights))
    ratings, applicable = np.full(shape, np.nan), np.ones(shape, dtype=bool)
    for row, (_pk, _total, cells) in enumerate(found):
        ratings[row], applicable[row] = cells_as_row(cells)
    totals = np.array([row[1] for row in found], dtype=np.float64)
    return StoredRun([row[0] for row in found], totals, ratings, applicable)


def cells_as_row(cells: list[Any]) -> tuple[list[float], list[bool]]:
    """Return ratings (NaN: missing) and whether each criterion applies, from a score's stored list."""
    ratings = [float(cell) if isinstance(cell, int | float) else float("nan") for cell in cells]
    return ratings, [cell != NOT_APPLICABLE for cell in cells]
