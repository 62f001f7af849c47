"""What the workbench shows: sliders, the ranking under them, and the presets to start from."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from kam.lib import formatting
from kam.users.models import User
from scoring.certainty import importance
from scoring.cut_line import Line
from scoring.explain import items_of
from scoring.models import ModelCriterion, Scenario, Score, ScoreRun
from scoring.permissions import can_edit_scenario, can_manage_models, can_run
from scoring.weights import rank_sum, roc
from scoring.whatif import MOST_ROWS, asked_line, asked_weights, browser_data, what_if


def workbench(
    run: ScoreRun, user: User, asked: Mapping[str, str], scenario: Scenario | None = None
) -> dict[str, Any]:
    """Return the context of the page, which starts with the scenario's weights when it is opened with one.

    Raises InvalidInput when the weights cannot be scaled to 1.
    """
    items = items_of(run)
    own = (scenario.weights, scenario.cut_value) if scenario else (None, None)
    seen = Score.objects.of_run(run).for_ranking().visible_to(user)
    scores = list(seen[:MOST_ROWS])
    weights = asked_weights(asked, items, own[0])
    line = asked_line(asked, run.model, own[1])
    return {
        "run": run,
        "rows": what_if(scores, weights, line),
        "more": seen.count() - len(scores) if len(scores) == MOST_ROWS else 0,
        "weights": _sliders(items, weights),
        "presets": _presets(items, line),
        "line": line,
        "cut": line.top or line.threshold,
        "asked": urlencode({**{f"w{k}": f"{w:g}" for k, w in enumerate(weights)}, "cut": _cut(line)}),
        "data": browser_data(scores, line),
        "scenario": scenario,
        "scenarios": Scenario.objects.open().for_list().visible_to(user)[:8],
        "can_edit": scenario is not None and scenario.is_open and can_edit_scenario(user, scenario),
        "can_manage": can_manage_models(user),
        "can_run": can_run(user),
    }


def _sliders(items: Sequence[ModelCriterion], weights: Sequence[float]) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "position": item.position,
            "name": item.criterion.name,
            "value": f"{weight:g}",
            "shown": formatting.number(weight),
        }
        for place, (item, weight) in enumerate(zip(items, weights, strict=True))
    ]


def _presets(items: Sequence[ModelCriterion], line: Line) -> list[tuple[str, str]]:
    """Return (label, address) of weightings to start from; the order of importance is the model's."""
    order = importance(list(items))
    found = {
        _("All equal"): [1 / len(items)] * len(items),
        _("Rank order"): roc(order),
        _("Rank sum, flatter"): rank_sum(order),
    }
    return [
        (label, urlencode({**{f"w{k}": round(100 * w, 2) for k, w in enumerate(shares)}, "cut": _cut(line)}))
        for label, shares in found.items()
    ]


def _cut(line: Line) -> str:
    return f"{line.top or line.threshold:g}"
