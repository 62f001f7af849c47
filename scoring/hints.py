"""What would have to change? The answer for one account, in the reader's language."""

from typing import Any

import numpy as np
from django.core.cache import cache
from django.utils.translation import gettext as _

from kam.lib import formatting
from scoring.certainty import KEEP_SECONDS, MOST_ACCOUNTS
from scoring.explain import items_of
from scoring.models import Score, ScoreRun, ScoringModel
from scoring.sensitivity import rating_changes, weight_intervals
from scoring.stored import stored_run


def hints(score: Score, run: ScoreRun) -> list[str]:
    """Return sentences: which rating would take the account across the line, and how firm each weight is."""
    found, names = _hints_of(run), [item.criterion.name for item in items_of(run)]
    sentences = []
    change = found["changes"].get(str(score.account_id))
    if change is not None:
        criterion, current, needed, enters = change
        values = {"name": names[criterion], "needed": needed, "current": formatting.number(current, 1)}
        if current is None:
            sentences.append(_("Would be key if %(name)s were rated %(needed)s.") % values)
        elif enters:
            sentences.append(
                _("Would be key if %(name)s were rated %(needed)s instead of %(current)s.") % values
            )
        else:
            text = _("Would no longer be key if %(name)s were rated %(needed)s instead of %(current)s.")
            sentences.append(text % values)
    for criterion, low, high in found["weights"]:
        values = {
            "name": names[criterion],
            "low": formatting.percent(low, 0),
            "high": formatting.percent(high, 0),
        }
        text = _("The accounts above the line stay the same while %(name)s weighs %(low)s to %(high)s.")
        sentences.append(text % values)
    return sentences


def _hints_of(run: ScoreRun) -> dict[str, Any]:
    key = f"scoring.hints:{run.pk}:{run.finished_at}".replace(" ", "T")
    found = cache.get(key)
    if found is None:
        found = _computed(run)
        cache.set(key, found, KEEP_SECONDS)
    return found  # type: ignore[no-any-return]  # what _computed made


def _computed(run: ScoreRun) -> dict[str, Any]:
    items = items_of(run)
    stored = stored_run(run, MOST_ACCOUNTS)
    top = _top(run, stored.totals)
    if not stored.account_ids or not 0 < top < len(stored.account_ids):
        return {"changes": {}, "weights": []}
    rated = [place for place, item in enumerate(items) if not item.criterion.is_computed]
    changes = rating_changes(stored.ratings, run.weights, top, stored.applicable, rated or None)
    intervals = weight_intervals(stored.ratings, run.weights, top) if stored.applicable.all() else []
    return {
        "changes": {
            str(stored.account_ids[change.account]): (
                change.criterion,
                change.current,
                change.needed,
                change.enters,
            )
            for change in changes
            if change is not None
        },
        "weights": [(i.criterion, i.low, i.high) for i in intervals],
    }


def _top(run: ScoreRun, totals: Any) -> int:
    if run.model.cut_kind == ScoringModel.CutKind.TOP_N:
        return int(run.model.cut_value)
    return int((np.round(totals, 9) >= run.model.cut_value).sum())
