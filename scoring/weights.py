"""Weights of criteria: from a rank order, from swings, from pairwise comparison, or typed.

Every function returns weights that add up to 1, in the order of its input. Sources: Barron & Barrett (1996)
for rank weights, Edwards & Barron (1994) for swings, Saaty (1980) for pairwise comparison.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.inputs import InputError, as_number, gettext_noop

Matrix = NDArray[np.float64]

ACCEPTABLE_RATIO = 0.10
LARGEST_JUDGEMENT = 1_000_000.0
# 1/3 typed as 0.33 or 1/8 as 0.13 still counts as the reciprocal of 3 and 8.
RECIPROCAL_ABSOLUTE, RECIPROCAL_RELATIVE = 0.005 + 1e-9, 0.05

# Mean consistency index of random matrices by size. The published tables differ, so a result names its table.
RANDOM_INDEX: dict[str, dict[int, float]] = {
    "saaty_1980": {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49},
    "saaty_2008": {
        **{3: 0.52, 4: 0.89, 5: 1.11, 6: 1.25, 7: 1.35, 8: 1.40, 9: 1.45, 10: 1.49},
        **{11: 1.52, 12: 1.54, 13: 1.56, 14: 1.58, 15: 1.59},
    },
    "donegan_dodd_1991": {
        **{3: 0.4914, 4: 0.8286, 5: 1.0591, 6: 1.1797, 7: 1.2519, 8: 1.3171, 9: 1.3733, 10: 1.4055},
        **{11: 1.4213, 12: 1.4497, 13: 1.4643, 14: 1.4822, 15: 1.4969},
    },
}
LARGEST_MATRIX = 15


class WeightError(InputError):
    """Input that no weights follow from."""


@dataclass(frozen=True)
class Comparison:
    """Weights from pairwise judgements and how far the judgements contradict each other.

    ``worst`` is the zero-based (row, column), row < column, of the judgement that departs most from the
    weights; None when the judgements agree completely. ``cr`` is 0 for one or two criteria by definition.
    """

    weights: tuple[float, ...]
    lambda_max: float
    ci: float
    cr: float
    worst: tuple[int, int] | None
    random_index: float
    random_index_table: str

    @property
    def is_consistent(self) -> bool:
        return self.cr <= ACCEPTABLE_RATIO


def normalised(weights: Sequence[object]) -> tuple[float, ...]:
    """Scale weights so that they add up to 1.

    Raises WeightError: weights_empty, weight_missing, weight_negative, weights_all_zero.
    """
    if not weights:
        raise WeightError("weights_empty", gettext_noop("There is no criterion to weigh."), field="weights")
    numbers = [_weight(value, place) for place, value in enumerate(weights, start=1)]
    largest = max(numbers)
    if largest == 0:
        raise WeightError(
            "weights_all_zero", gettext_noop("At least one weight must be above zero."), field="weights"
        )
    # Dividing by the largest first keeps the sum finite for any finite input.
    scaled = [number / largest for number in numbers]
    total = math.fsum(scaled)
    return tuple(number / total for number in scaled)


def roc(ranks: Sequence[object]) -> tuple[float, ...]:
    """Rank-order centroid: w_k = (1/n) * sum of 1/i for i = k..n; the mean of all weights with that order.

    Ranks start at 1 for the most important criterion; tied criteria share the mean of the places they fill.
    Raises WeightError: weights_empty, rank_missing, rank_invalid, ranks_have_gaps.
    """
    n = len(ranks)
    return _by_rank(ranks, lambda place: math.fsum(1 / i for i in range(place, n + 1)) / n)


def rank_sum(ranks: Sequence[object]) -> tuple[float, ...]:
    """Rank-sum weights 2(n+1-k)/(n(n+1)), flatter than the centroid. Ranks and errors as in ``roc``."""
    n = len(ranks)
    return _by_rank(ranks, lambda place: 2 * (n + 1 - place) / (n * (n + 1)))


def reciprocal(ranks: Sequence[object]) -> tuple[float, ...]:
    """Rank-reciprocal weights (1/k) / sum(1/j). Ranks and errors as in ``roc``."""
    total = math.fsum(1 / place for place in range(1, len(ranks) + 1))
    return _by_rank(ranks, lambda place: 1 / place / total)


def rank_exponent(ranks: Sequence[object], exponent: float) -> tuple[float, ...]:
    """Rank-exponent weights (n+1-k)^p / sum: 0 gives equal weights, 1 the rank sum. Errors as in ``roc``."""
    n = len(ranks)
    total = math.fsum(place**exponent for place in range(1, n + 1))
    return _by_rank(ranks, lambda place: (n + 1 - place) ** exponent / total)


def swing(swings: Sequence[object]) -> tuple[float, ...]:
    """Swing weights: what the step from worst to best is worth, the most valued step being 100. Scaled to 1.

    Raises the errors of ``normalised``.
    """
    return normalised(swings)


def ahp(
    matrix: Sequence[Sequence[object]],
    *,
    table: str = "saaty_1980",
    priorities: str = "eigenvector",
    largest_ratio: float | None = None,
) -> Comparison:
    """Weigh criteria by pairwise comparison (analytic hierarchy process, Saaty 1980).

    ``matrix[i][j]`` says how many times as important i is as j; cells may be numbers or text such as "1/3".
    ``priorities`` is "eigenvector" (Saaty), "geometric-mean" or "column-mean". A contradictory matrix still
    has weights: look at ``cr``. With ``largest_ratio`` it is refused instead (matrix_inconsistent). The 1980
    table ends at ten criteria; larger matrices take the 2008 one, and the result says so.

    Raises WeightError: weights_empty, matrix_not_square, matrix_too_large, matrix_incomplete,
    judgement_out_of_range, matrix_diagonal, matrix_not_reciprocal, matrix_inconsistent.
    """
    judgements = _judgements(matrix)
    n = len(judgements)
    weights = PRIORITIES[priorities](judgements)
    lambda_max = float(np.mean(judgements @ weights / weights))
    ci = max(0.0, (lambda_max - n) / (n - 1)) if n > 2 else 0.0
    table = table if n <= 2 or n in RANDOM_INDEX[table] else "saaty_2008"
    index = RANDOM_INDEX[table].get(n, 0.0)
    shares = tuple(float(weight) for weight in weights)
    worst = _worst_judgement(judgements, weights)
    result = Comparison(shares, lambda_max, ci, ci / index if index else 0.0, worst, index, table)
    if largest_ratio is not None and result.cr > largest_ratio and worst is not None:
        raise WeightError(
            "matrix_inconsistent",
            gettext_noop(
                "The judgements contradict each other (ratio %(ratio).2f, at most %(largest).2f). "
                "Look first at row %(row)d, column %(column)d."
            ),
            {"ratio": result.cr, "largest": largest_ratio, "row": worst[0] + 1, "column": worst[1] + 1},
            "matrix",
        )
    return result


def _weight(value: object, place: int) -> float:
    number = as_number(value)
    if number is None:
        raise WeightError(
            "weight_missing",
            gettext_noop("Weight %(place)d is missing or is not a number."),
            {"place": place},
            "weights",
        )
    if number < 0:
        raise WeightError(
            "weight_negative", gettext_noop("Weight %(place)d is below zero."), {"place": place}, "weights"
        )
    return number


def _by_rank(ranks: Sequence[object], weight_at: Callable[[int], float]) -> tuple[float, ...]:
    places = _places(ranks)
    shares = {rank: math.fsum(map(weight_at, filled)) / len(filled) for rank, filled in places.items()}
    return tuple(shares[int(as_number(rank) or 0)] for rank in ranks)


def _places(ranks: Sequence[object]) -> dict[int, range]:
    """Return the places 1..n that each rank fills: 1, 2, 2, 4 and 1, 2, 2, 3 both mean the same order."""
    if not ranks:
        raise WeightError("weights_empty", gettext_noop("There is no criterion to weigh."), field="ranks")
    numbers = [_rank(value, position) for position, value in enumerate(ranks, start=1)]
    places: dict[int, range] = {}
    filled = 0
    for dense, rank in enumerate(sorted(set(numbers)), start=1):
        if rank not in (dense, filled + 1):
            raise WeightError(
                "ranks_have_gaps",
                gettext_noop("The ranks leave out a place before rank %(rank)d."),
                {"rank": rank},
                "ranks",
            )
        places[rank] = range(filled + 1, filled + numbers.count(rank) + 1)
        filled += numbers.count(rank)
    return places


def _rank(value: object, position: int) -> int:
    number = as_number(value)
    if number is None:
        raise WeightError(
            "rank_missing", gettext_noop("Criterion %(place)d has no rank."), {"place": position}, "ranks"
        )
    if number < 1 or number != int(number):
        raise WeightError(
            "rank_invalid",
            gettext_noop("The rank of criterion %(place)d must be a whole number from 1."),
            {"place": position},
            "ranks",
        )
    return int(number)


def _judgements(matrix: Sequence[Sequence[object]]) -> Matrix:
    """Return the checked matrix, each pair exactly reciprocal (the larger judgement counts)."""
    _check_shape(matrix)
    n = len(matrix)
    result = np.ones((n, n))
    for row in range(n):
        _check_diagonal(matrix[row][row], row)
        for column in range(row + 1, n):
            result[row, column] = _pair(matrix, row, column)
            result[column, row] = 1 / result[row, column]
    return result


def _check_shape(matrix: Sequence[Sequence[object]]) -> None:
    if not matrix:
        raise WeightError("weights_empty", gettext_noop("There is no criterion to weigh."), field="matrix")
    if any(not isinstance(row, list | tuple) or len(row) != len(matrix) for row in matrix):
        raise WeightError(
            "matrix_not_square",
            gettext_noop("The comparison needs one row and one column for each criterion."),
            field="matrix",
        )
    if len(matrix) > LARGEST_MATRIX:
        raise WeightError(
            "matrix_too_large",
            gettext_noop("At most %(largest)d criteria can be compared in pairs."),
            {"largest": LARGEST_MATRIX},
            "matrix",
        )


def _check_diagonal(value: object, row: int) -> None:
    if as_number(value) != 1:
        raise WeightError(
            "matrix_diagonal",
            gettext_noop("Compared with itself a criterion is 1 (row %(row)d)."),
            {"row": row + 1},
            "matrix",
        )


def _pair(matrix: Sequence[Sequence[object]], row: int, column: int) -> float:
    above, below = _judgement(matrix[row][column], row, column), _judgement(matrix[column][row], column, row)
    larger, smaller = max(above, below), min(above, below)
    off = abs(smaller - 1 / larger) > RECIPROCAL_ABSOLUTE or abs(larger * smaller - 1) > RECIPROCAL_RELATIVE
    if off:
        raise WeightError(
            "matrix_not_reciprocal",
            gettext_noop("Row %(row)d, column %(column)d is not the reciprocal of its counterpart."),
            {"row": row + 1, "column": column + 1},
            "matrix",
        )
    return above if above == larger else 1 / larger


def _judgement(value: object, row: int, column: int) -> float:
    number = as_number(value)
    place = {"row": row + 1, "column": column + 1}
    if number is None:
        raise WeightError(
            "matrix_incomplete",
            gettext_noop("The judgement in row %(row)d, column %(column)d is missing."),
            place,
            "matrix",
        )
    if not 1 / LARGEST_JUDGEMENT <= number <= LARGEST_JUDGEMENT:
        raise WeightError(
            "judgement_out_of_range",
            gettext_noop(
                "The judgement in row %(row)d, column %(column)d must be above zero, usually 1/9 to 9."
            ),
            place,
            "matrix",
        )
    return number


def _principal_eigenvector(judgements: Matrix) -> Matrix:
    values, vectors = np.linalg.eig(judgements)
    vector = np.abs(np.real(vectors[:, int(np.argmax(np.real(values)))]))
    return vector / vector.sum()


def _geometric_mean(judgements: Matrix) -> Matrix:
    means = np.exp(np.log(judgements).mean(axis=1))
    return means / means.sum()


def _column_mean(judgements: Matrix) -> Matrix:
    return (judgements / judgements.sum(axis=0)).mean(axis=1)


PRIORITIES: dict[str, Callable[[Matrix], Matrix]] = {
    "eigenvector": _principal_eigenvector,
    "geometric-mean": _geometric_mean,
    "column-mean": _column_mean,
}


def _worst_judgement(judgements: Matrix, weights: Matrix) -> tuple[int, int] | None:
    """Largest |log a_ij - log(w_i / w_j)|; ties go to the first cell, so that the answer is stable."""
    departures = np.triu(np.abs(np.log(judgements) - np.log(weights[:, None] / weights[None, :])), 1)
    rounded = np.round(departures, 9)
    if len(judgements) < 3 or rounded.max() == 0:
        return None
    row, column = np.unravel_index(int(np.argmax(rounded)), rounded.shape)
    return int(row), int(column)
