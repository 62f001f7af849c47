"""Back-tests: would the model have chosen well, seen from an earlier day?"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.facts import facts_table
from accounts.models import Account
from accounts.windows import check_day
from kam.integrations.jobs import enqueue
from kam.lib.errors import InvalidInput
from kam.users.models import User
from scoring.backtest import backtest, good_outcomes
from scoring.models import Backtest, ModelCriterion, ScoringModel
from scoring.ranking import Floats, score_matrix
from scoring.run_inputs import latest_ratings, run_inputs
from scoring.weighing import refusals


@transaction.atomic
def create_backtest(
    model: ScoringModel, *, as_of: date, outcome: str, horizon_days: int = 180, top: int = 20, by: User | None
) -> Backtest:
    """Write a back-test and queue its job. Raises InvalidInput while the horizon is not over yet."""
    end = check_day(as_of, "as_of") + timedelta(days=horizon_days)
    if end > timezone.localdate():
        raise InvalidInput(
            "horizon_not_over",
            gettext_noop("What happened until %(end)s is not known yet. Choose an earlier day."),
            {"end": end.isoformat()},
            "as_of",
        )
    test = Backtest.objects.create(
        model=model, as_of=as_of, outcome=outcome, horizon_days=horizon_days, top=top, created_by=by
    )
    test.job = enqueue(
        "scoring.backtest", {"backtest": str(test.pk)}, by=by, key=f"scoring.backtest:{test.pk}"
    )
    test.save(update_fields=["job", "updated_at"])
    record("backtest.started", by=by, subject=test)
    return test


def compute_backtest(test: Backtest, *, report: Callable[..., None] | None = None) -> dict[str, Any]:
    """Rank by what was known on the day and compare with what the accounts did in the horizon after it.

    Only accounts with an order up to the day count. Growth is the revenue of the horizon minus that of the
    days of the same length before, retention is 1 with an order in the horizon and 0 without, revenue is the
    revenue of the horizon; all net of reversals. «Largest by revenue» means the same days before. Ratings
    recorded later but dated back count, so that imported histories can be tested, and are told.
    """
    report = report or (lambda *args, **values: None)
    report(10, gettext_noop("Ranking by what was known then"))
    items = list(test.model.items.select_related("criterion"))
    inputs = run_inputs(items, test.as_of)
    totals = score_matrix(inputs.ratings, [item.weight for item in items], inputs.applicable).total
    report(60, gettext_noop("Reading what happened afterwards"))
    before, after, ordered, known = _around(test, inputs.keys)
    # Differences of floats: to the four decimals that are stored, so that equal growth is a tie.
    growth = np.round(after - before, 4)
    outcome = {"growth": growth, "retention": ordered, "revenue": after}[test.outcome]
    outcome = np.where(known, outcome, np.nan)
    with refusals():
        found = backtest(totals, outcome, before, test.top, test.seed)
    result = asdict(found)
    vs_revenue, vs_random = result.pop("lift_vs_baseline"), result.pop("lift_vs_random")
    # With few accounts a percentage would say more than is known: counts instead.
    ratios = (_ratio(vs_revenue), _ratio(vs_random)) if found.enough else (None, None)
    result |= {"lift_vs_revenue": ratios[0], "lift_vs_random": ratios[1]}
    result["counts"] = good_outcomes(totals, outcome, before, test.top)
    result |= {"against_revenue": vs_revenue, "against_random": vs_random}
    result["ratings"] = _recorded(items, test.as_of)
    test.result, test.finished_at = result, timezone.now()
    test.save(update_fields=["result", "finished_at", "updated_at"])
    record("backtest.finished", by=test.created_by, subject=test)
    return {"id": str(test.pk), **result}


def _recorded(items: Sequence[ModelCriterion], as_of: date) -> dict[str, int]:
    """Count the ratings behind the ranking, and those of them that were written down only after the day.

    A rating replaced or confirmed since counts as written down then.
    """
    rated = [item.criterion_id for item in items if not item.criterion.is_computed]
    later = Q(submitted_at__date__gt=as_of)
    ratings = latest_ratings(as_of).filter(criterion__in=rated).order_by()
    return ratings.aggregate(used=Count("pk"), recorded_later=Count("pk", filter=later))


def _around(test: Backtest, keys: list[str]) -> tuple[Floats, Floats, Floats, Any]:
    """Return, in the order of the keys: revenue before, revenue after, ordered after (1, 0), known then."""
    window = f"{test.horizon_days}d"
    end = test.as_of + timedelta(days=test.horizon_days)
    everybody = Account.objects.filter(pk__in=keys) if len(keys) < 500 else Account.objects.all()
    then = facts_table(["revenue", "tenure_days"], as_of=test.as_of, window=window, accounts=everybody)
    since = facts_table(["revenue", "orders"], as_of=end, window=window, accounts=everybody)
    places = {key: place for place, key in enumerate(then.keys)}
    order = np.array([places[key] for key in keys], dtype=np.int64)
    later = {key: place for place, key in enumerate(since.keys)}
    order_later = np.array([later[key] for key in keys], dtype=np.int64)
    if not len(order):
        nothing = np.array([], dtype=np.float64)
        return nothing, nothing, nothing, nothing.astype(bool)
    before, after = then.values["revenue"][order], since.values["revenue"][order_later]
    ordered = (since.values["orders"][order_later] > 0).astype(np.float64)
    return before, after, ordered, np.isfinite(then.values["tenure_days"][order])


def _ratio(lift: dict[str, Any] | None) -> float | None:
    return lift["ratio"] if lift else None
