"""Weights by the name of their method: the one place that knows which input each method takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from kam.lib.errors import InvalidInput
from kam.lib.formatting import number
from scoring.inputs import InputError, as_number
from scoring.weights import Comparison, ahp, normalised, rank_sum, reciprocal, roc, swing

# What sums to this much off 1 (or 100) is a typing error, not a rounding.
SUM_TOLERANCE = 0.005
BY_RANK: dict[str, Callable[[Sequence[object]], tuple[float, ...]]] = {
    "roc": roc,
    "rank_sum": rank_sum,
    "reciprocal": reciprocal,
}
INPUT_OF = {**dict.fromkeys(BY_RANK, "ranks"), "swing": "swings", "ahp": "matrix", "typed": "weights"}


@dataclass(frozen=True)
class Weighing:
    """Weights that add up to 1, and for pairwise comparison how far the judgements contradict each other."""

    weights: tuple[float, ...]
    comparison: Comparison | None = None


def weigh(method: str, inputs: Mapping[str, Any]) -> Weighing:
    """Return the weights of a method from its input: ranks, swings, matrix or weights.

    Raises InvalidInput: unknown_method, input_missing, weights_do_not_sum and those of scoring.weights.
    """
    name = INPUT_OF.get(method)
    if name is None:
        methods = ", ".join(INPUT_OF)
        raise InvalidInput(
            "unknown_method",
            gettext_noop("The method is one of: %(methods)s."),
            {"methods": methods},
            "method",
        )
    given = inputs.get(name)
    if not isinstance(given, list | tuple):
        raise InvalidInput(
            "input_missing",
            gettext_noop("This method needs a list called “%(name)s”."),
            {"name": name},
            name,
        )
    with refusals(name):
        if method == "ahp":
            comparison = ahp(given)
            return Weighing(comparison.weights, comparison)
        if method == "swing":
            return Weighing(swing(given))
        return Weighing(BY_RANK[method](given) if method in BY_RANK else _typed(given))


def _typed(weights: Sequence[object]) -> tuple[float, ...]:
    """Typed weights are shares of 1 or per cent; anything else is a mistake that must not be scaled away."""
    scaled = normalised(weights)
    total = sum(as_number(weight) or 0.0 for weight in weights)
    if abs(total - 1) > SUM_TOLERANCE and abs(total - 100) > 100 * SUM_TOLERANCE:
        raise InvalidInput(
            "weights_do_not_sum",
            gettext_noop("The weights add up to %(total)s; they must add up to 1 or to 100%%."),
            {"total": number(float(f"{total:g}"))},
            "weights",
        )
    return scaled


@contextmanager
def refusals(field: str = "", within: str = "") -> Iterator[None]:
    """Turn the refusals of the pure modules into errors that are shown in the reader's language.

    ``field`` replaces the place a refusal is about, ``within`` says what that place is a part of.
    """
    try:
        yield
    except InputError as error:
        place = f"{within}/{error.field}" if within and error.field else within or error.field
        raise InvalidInput(error.code, error.message, error.params, field or place) from error
