"""From worst to best: the range of a criterion, without which nobody can say what its swing is worth."""

from dataclasses import dataclass
from typing import Any

from scoring.facts import RATEABLE
from scoring.models import ModelCriterion
from scoring.rule_preview import preview


@dataclass(frozen=True)
class Range:
    """The facts that are rated 1 and 10 by a rule."""

    worst: float
    best: float
    unit: str


def swing_range(item: ModelCriterion) -> Range | None:
    """Return the range of a computed criterion: as its rule states it, or today's portfolio has it.

    None for what people rate, whose anchors tell the range, and where no account has the fact.
    """
    if not item.criterion.is_computed or item.criterion.fact not in RATEABLE:
        return None
    ends = _ends(item)
    return Range(*ends, RATEABLE[item.criterion.fact].unit) if ends else None


def _ends(item: ModelCriterion) -> tuple[float, float] | None:
    rule: dict[str, Any] = item.rule
    if rule["type"] == "steps":
        by_rating = sorted(rule["steps"], key=lambda step: step[1])
        return by_rating[0][0], by_rating[-1][0]
    values = rule.get("bounds", "portfolio")
    if values == "portfolio":
        context = preview(item.criterion.fact, rule, window=item.window, basis=item.basis).context
        values = context.get("bounds") or context.get("quantiles")
    if not values:
        return None
    return (values[-1], values[0]) if rule.get("direction") == "lower" else (values[0], values[-1])
