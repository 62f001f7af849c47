"""A stored run as matrices again: what stability, what-if and sensitivity compute from."""

from collections.abc import Sequence
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


@dataclass(frozen=True)
class Matrices:
    """N accounts and M criteria; NaN where a rating is missing."""

    ratings: Floats
    applicable: Flags


def stored_run(run: ScoreRun, most: int | None = None) -> StoredRun:
    """Return the first ``most`` accounts of a run (all by default) in rank order."""
    rows = Score.objects.of_run(run).ranked().values_list("account_id", "total", "ratings")[:most]
    found = list(rows)
    both = as_matrices([row[2] for row in found], len(run.weights))
    totals = np.array([row[1] for row in found], dtype=np.float64)
    return StoredRun([row[0] for row in found], totals, both.ratings, both.applicable)


def as_matrices(rows: Sequence[list[Any]], criteria: int | None = None) -> Matrices:
    """Return the stored lists of some scores as matrices; without scores ``criteria`` gives their width."""
    shape = (len(rows), len(rows[0]) if criteria is None else criteria)
    found = Matrices(np.full(shape, np.nan), np.ones(shape, dtype=bool))
    for place, cells in enumerate(rows):
        found.ratings[place], found.applicable[place] = cells_as_row(cells)
    return found


def cells_as_row(cells: list[Any]) -> tuple[list[float], list[bool]]:
    """Return ratings (NaN: missing) and whether each criterion applies, from a score's stored list."""
    ratings = [float(cell) if isinstance(cell, int | float) else float("nan") for cell in cells]
    return ratings, [cell != NOT_APPLICABLE for cell in cells]
