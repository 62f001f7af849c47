"""Rules that turn a fact into a rating from 1 to 10.

A rule is a dictionary that can be stored as JSON:

    {"type": "linear",            "bounds": "portfolio" | [low, high], "direction": "higher" | "lower"}
    {"type": "log",               the same, for facts that spread over powers of ten}
    {"type": "distance",          the same, kilometres to the nearest site, lower is better}
    {"type": "days_beyond_terms", the same, days, lower is better}
    {"type": "percentile",        "direction": ...}
    {"type": "steps",             "steps": [[from, rating], ...], "below": rating, "interpolate": false}

"portfolio" takes the lowest and highest fact of the accounts at hand. What a rule takes from the portfolio is
its context, stored with a run so that the run can be repeated. A missing fact (NaN) stays a missing rating.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.inputs import InputError, as_number, gettext_noop
from scoring.ranking import HIGHEST, LOWEST

Floats = NDArray[np.float64]
Rule = Mapping[str, Any]
Context = dict[str, Any]

MIDDLE = (LOWEST + HIGHEST) / 2
LARGEST_BOUND = 1e15
MOST_STEPS = 50
# More values than this are summarised by as many quantiles, so that a stored context stays small.
MOST_QUANTILES = 1_001

BOUNDED = {"linear": "higher", "log": "higher", "distance": "lower", "days_beyond_terms": "lower"}
KEYS = {
    **{kind: {"type", "bounds", "direction"} for kind in BOUNDED},
    "percentile": {"type", "direction"},
    "steps": {"type", "steps", "below", "interpolate"},
}


class RuleError(InputError):
    """A rule that gives no rating; ``field`` is the key of the rule it is about."""


@dataclass(frozen=True)
class Histogram:
    """Counts between ``edges`` (one more than counts) and the values outside 1.5 interquartile ranges."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    missing: int
    fence_low: float | None
    fence_high: float | None
    outliers_low: int
    outliers_high: int


def validate_rule(rule: object) -> dict[str, Any]:
    """Return the rule with every default filled in.

    Raises RuleError: rule_invalid, type_unknown, key_unknown, bounds_missing, bounds_invalid, bounds_empty,
    bounds_reversed, bounds_not_positive, direction_invalid, steps_invalid, steps_out_of_order,
    rating_invalid, interpolate_invalid.
    """
    if not isinstance(rule, Mapping):
        raise RuleError("rule_invalid", gettext_noop("A rule must be an object with a type."), field="rule")
    kind = rule.get("type")
    if not isinstance(kind, str) or kind not in KEYS:
        kinds = ", ".join(KEYS)
        raise RuleError(
            "type_unknown", gettext_noop("The type of a rule is one of %(kinds)s."), {"kinds": kinds}, "type"
        )
    unknown = sorted(str(key)[:50] for key in rule if key not in KEYS[kind])
    if unknown:
        raise RuleError(
            "key_unknown",
            gettext_noop("A rule of type %(kind)s has no entry %(key)s."),
            {"kind": kind, "key": unknown[0]},
            unknown[0],
        )
    if kind == "steps":
        return _steps_rule(rule)
    result: dict[str, Any] = {"type": kind, "direction": _direction(rule, BOUNDED.get(kind, "higher"))}
    return {**result, "bounds": _bounds(rule, kind)} if kind in BOUNDED else result


def portfolio_context(rule: Rule, values: Floats) -> Context:
    """Return what the rule takes from the portfolio, as JSON can store it.

    Always ``count`` and ``missing``; ``bounds`` (None without any value) for rules with bounds, ``quantiles``
    and their ``positions`` (0 to 1) for percentiles.
    """
    checked, numbers = validate_rule(rule), np.asarray(values, dtype=np.float64)
    known = numbers[np.isfinite(numbers)]
    context: Context = {"count": len(known), "missing": len(numbers) - len(known)}
    if "bounds" in checked:
        context["bounds"] = _resolved(checked, known)
    if checked["type"] == "percentile":
        context["quantiles"], context["positions"] = _quantiles(known)
    return context


def apply_rule(rule: Rule, values: Floats, context: Context | None = None) -> Floats:
    """Rate an array of facts; NaN stays NaN. Without a context the values themselves are the portfolio."""
    checked, numbers = validate_rule(rule), np.asarray(values, dtype=np.float64)
    known = portfolio_context(checked, numbers) if context is None else context
    with np.errstate(invalid="ignore", divide="ignore"):
        ratings = _rate(checked, numbers, known)
    return np.where(np.isnan(numbers), np.nan, ratings)


def rating_for(rule: Rule, value: float | None, context: Context) -> float | None:
    """Rate one fact by the context of a portfolio; equal to ``apply_rule`` to the last bit."""
    if value is None:
        return None
    rating = float(apply_rule(rule, np.array([value]), context)[0])
    return None if math.isnan(rating) else rating


def histogram(values: Floats, bins: int = 20) -> Histogram:
    """Count values in ``bins`` equal parts and point out the outliers by Tukey's fences (1.5 IQR)."""
    numbers = np.asarray(values, dtype=np.float64)
    known = numbers[np.isfinite(numbers)]
    missing = len(numbers) - len(known)
    if not len(known):
        return Histogram((), (), missing, None, None, 0, 0)
    counts, edges = np.histogram(known, bins=bins)
    quarter, three_quarters = np.quantile(known, [0.25, 0.75])
    reach = 1.5 * (three_quarters - quarter)
    low, high = float(quarter - reach), float(three_quarters + reach)
    outliers = int((known < low).sum()), int((known > high).sum())
    return Histogram(tuple(edges.tolist()), tuple(counts.tolist()), missing, low, high, *outliers)


def _direction(rule: Rule, default: str) -> str:
    direction = rule.get("direction", default)
    if direction not in ("higher", "lower"):
        raise RuleError(
            "direction_invalid", gettext_noop("The better direction is higher or lower."), field="direction"
        )
    return str(direction)


def _bounds(rule: Rule, kind: str) -> str | list[float]:
    bounds = rule.get("bounds")
    if bounds is None:
        raise RuleError(
            "bounds_missing",
            gettext_noop('A rule needs two bounds, or "portfolio" for the lowest and highest value.'),
            field="bounds",
        )
    if bounds == "portfolio":
        return "portfolio"
    low, high = _two_numbers(bounds)
    if low == high:
        raise RuleError("bounds_empty", gettext_noop("The two bounds must differ."), field="bounds")
    if low > high:
        raise RuleError("bounds_reversed", gettext_noop("The lower bound comes first."), field="bounds")
    if kind == "log" and low <= 0:
        raise RuleError(
            "bounds_not_positive", gettext_noop("A logarithmic rule needs bounds above zero."), field="bounds"
        )
    return [low, high]


def _two_numbers(bounds: object) -> tuple[float, float]:
    pair = [as_number(bound) for bound in bounds] if isinstance(bounds, list | tuple) else []
    known = [bound for bound in pair if bound is not None and abs(bound) <= LARGEST_BOUND]
    if len(known) == len(pair) == 2:
        return known[0], known[1]
    raise RuleError("bounds_invalid", gettext_noop("The bounds must be two numbers."), field="bounds")


def _steps_rule(rule: Rule) -> dict[str, Any]:
    steps = rule.get("steps")
    if not isinstance(steps, list | tuple) or not 1 <= len(steps) <= MOST_STEPS:
        raise RuleError(
            "steps_invalid",
            gettext_noop("Steps are 1 to %(most)d pairs of a value and the rating from there on."),
            {"most": MOST_STEPS},
            "steps",
        )
    pairs = [_step(step) for step in steps]
    if any(before[0] >= after[0] for before, after in pairwise(pairs)):
        raise RuleError(
            "steps_out_of_order", gettext_noop("The values of the steps must rise."), field="steps"
        )
    interpolate = rule.get("interpolate", False)
    if not isinstance(interpolate, bool):
        raise RuleError(
            "interpolate_invalid", gettext_noop("Interpolate is either true or false."), field="interpolate"
        )
    below = _rating(rule.get("below", LOWEST), "below")
    return {"type": "steps", "steps": pairs, "below": below, "interpolate": interpolate}


def _step(step: object) -> list[float]:
    start = as_number(step[0]) if isinstance(step, list | tuple) and len(step) == 2 else None
    if start is None or abs(start) > LARGEST_BOUND:
        raise RuleError(
            "steps_invalid",
            gettext_noop("Steps are 1 to %(most)d pairs of a value and the rating from there on."),
            {"most": MOST_STEPS},
            "steps",
        )
    return [start, _rating(step[1], "steps")]  # type: ignore[index]  # a pair, as start is known


def _rating(value: object, field: str) -> float:
    rating = as_number(value)
    if rating is None or not LOWEST <= rating <= HIGHEST:
        raise RuleError("rating_invalid", gettext_noop("A rating is a number from 1 to 10."), field=field)
    return rating


def _resolved(rule: Rule, known: Floats) -> list[float] | None:
    if rule["bounds"] != "portfolio":
        return list(rule["bounds"])
    usable = known[known > 0] if rule["type"] == "log" else known
    return [float(usable.min()), float(usable.max())] if len(usable) else None


def _quantiles(known: Floats) -> tuple[list[float], list[float]]:
    """Return distinct values and their positions from 0 to 1; equal values share a place."""
    if not len(known):
        return [], []
    ordered = np.sort(known)
    if len(ordered) > MOST_QUANTILES:
        ordered = np.quantile(ordered, np.linspace(0, 1, MOST_QUANTILES))
    values, first, count = np.unique(ordered, return_index=True, return_counts=True)
    middle = first + (count - 1) / 2
    positions = middle / (len(ordered) - 1) if len(ordered) > 1 else np.array([0.5])
    return values.tolist(), positions.tolist()


def _rate(rule: Rule, numbers: Floats, context: Context) -> Floats:
    if rule["type"] == "steps":
        return _by_steps(rule, numbers)
    if rule["type"] == "percentile":
        return _by_percentile(rule, numbers, context)
    bounds = context["bounds"]
    if bounds is None:
        return np.full(numbers.shape, np.nan)
    low, high = bounds
    if rule["type"] == "log":
        # Zero and negative facts lie below every bound.
        numbers = np.where(numbers > 0, np.log(np.where(numbers > 0, numbers, 1.0)), -np.inf)
        low, high = math.log(low), math.log(high)
    return _between(numbers, low, high, rule["direction"])


def _between(numbers: Floats, low: float, high: float, direction: str) -> Floats:
    """Return 1 + 9 (v - low) / (high - low), or its mirror image; beyond the bounds 1 or 10.

    Where low equals high, that value does not tell accounts apart: it gets the middle of the scale, 5.5.
    """
    better = 1.0 if direction == "higher" else -1.0
    if low == high:
        return MIDDLE + better * np.sign(numbers - low) * (HIGHEST - MIDDLE)
    inside = np.clip(numbers, low, high)
    gained = inside - low if direction == "higher" else high - inside
    # The last digit of the quotient may end above the scale.
    return np.minimum(LOWEST + (HIGHEST - LOWEST) * gained / (high - low), HIGHEST)


def _by_steps(rule: Rule, numbers: Floats) -> Floats:
    starts, ratings = np.array(rule["steps"], dtype=np.float64).T
    if rule["interpolate"]:
        return np.interp(numbers, starts, ratings)
    reached = np.searchsorted(starts, numbers, side="right")
    return np.concatenate([[rule["below"]], ratings])[reached]


def _by_percentile(rule: Rule, numbers: Floats, context: Context) -> Floats:
    if not context["quantiles"]:
        return np.full(numbers.shape, np.nan)
    position = np.interp(numbers, context["quantiles"], context["positions"])
    return _between(position, 0.0, 1.0, rule["direction"])
