"""Starting and computing score runs."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from kam.integrations.jobs import enqueue
from kam.integrations.models import Job
from kam.lib.errors import DomainError, InvalidInput
from kam.users.models import User
from scoring.certainty import certainty_rows
from scoring.models import Score, ScoreRun, ScoringModel
from scoring.ranking import DECIMALS, Scores, ranks, score_matrix
from scoring.run_inputs import RunInputs, run_inputs
from scoring.store import write_scores
from scoring.stored import NOT_APPLICABLE

NOT_APPLICABLE_TEXT = json.dumps(NOT_APPLICABLE)
Report = Callable[..., None]


@transaction.atomic
def create_run(model: ScoringModel, *, as_of: date | None, by: User | None, queue: bool = True) -> ScoreRun:
    """Write a run and queue its job; from here on the model's version is immutable.

    With ``queue`` False the caller computes the run itself. Raises DomainError for a model without criteria.
    """
    if not model.items.exists():
        raise DomainError("no_criteria", gettext_noop("The model has no criteria yet."))
    ScoringModel.objects.filter(pk=model.pk, used_at__isnull=True).update(used_at=timezone.now())
    run = ScoreRun.objects.create(model=model, as_of=as_of or timezone.localdate(), created_by=by)
    if queue:
        run.job = enqueue("scoring.run", {"run": str(run.pk)}, by=by, key=f"scoring.run:{run.pk}")
        run.save(update_fields=["job", "updated_at"])
    record("score_run.started", by=by, subject=run, as_of=run.as_of)
    return run


def compute_run(run: ScoreRun, *, report: Report | None = None) -> dict[str, Any]:
    """Compute and store all scores of a run; whatever an interrupted attempt had written is replaced."""
    report = report or (lambda *args, **values: None)
    items = list(run.model.items.select_related("criterion"))
    report(5, gettext_noop("Reading facts and ratings"))
    inputs = run_inputs(items, run.as_of)
    weights = [item.weight for item in items]
    scores = score_matrix(inputs.ratings, weights, inputs.applicable)
    report(50, gettext_noop("Ranking %(accounts)s accounts"), accounts=len(inputs.account_ids))
    run.previous = ScoreRun.objects.before(run).first()
    with transaction.atomic():
        Score.objects.filter(run=run).delete()
        written = 0
        rows = _rows(run, inputs, scores)
        for written in write_scores(rows, using=Score.objects.db):
            report(50 + 45 * written / len(inputs.account_ids), gettext_noop("Storing the ranking"))
        run.accounts, run.contexts, run.weights = written, inputs.contexts, weights
        run.finished_at = timezone.now()
        run.save(update_fields=["accounts", "contexts", "weights", "previous", "finished_at", "updated_at"])
        record("score_run.finished", by=run.created_by, subject=run, accounts=written)
    report(97, gettext_noop("Finding out how sure the ranking is"))
    run.certainty = certainty_rows(run)
    run.save(update_fields=["certainty", "updated_at"])
    return described(run)


def recompute(
    *, name: str = "", as_of: date | None = None, by: User | None = None, report: Report | None = None
) -> dict[str, Any]:
    """Run every model in use, or the newest version of the named one, and return what came out."""
    models = _models(name)
    runs = [compute_run(create_run(m, as_of=as_of, by=by, queue=False), report=report) for m in models]
    return {**runs[0], "runs": runs} if len(runs) == 1 else {"runs": runs}


def start_recompute(*, by: User | None) -> Job:
    """Queue a run of every model in use."""
    return enqueue("scoring.recompute", by=by, key="scoring.recompute")


def described(run: ScoreRun) -> dict[str, Any]:
    """Return a run as its job's result shows it."""
    return {
        "id": str(run.pk),
        "model": run.model.name,
        "version": run.model.number,
        "as_of": run.as_of.isoformat(),
        "accounts": run.accounts,
    }


def _models(name: str) -> list[ScoringModel]:
    if not name:
        return list(ScoringModel.objects.active().order_by("name"))
    versions = ScoringModel.objects.filter(name=name)
    model = versions.active().order_by("-number").first() or versions.order_by("-number").first()
    if model is None:
        raise InvalidInput(
            "unknown_model", gettext_noop("There is no scoring model “%(name)s”."), {"name": name}, "model"
        )
    return [model]


def _rows(run: ScoreRun, inputs: RunInputs, scores: Scores) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of ``store.COLUMNS`` in rank order; where no criterion applies there is no score."""
    place = ranks(scores.total)
    order = np.lexsort((np.arange(len(place)), -np.round(scores.total, DECIMALS)))
    before = _previous_ranks(run)
    figures = np.column_stack([scores.total, scores.low, scores.high, scores.completeness])
    # Lists of Python floats, and JSON put together by hand: a hundred thousand rows pass through here.
    facts, ratings, applicable = (m.tolist() for m in (inputs.facts, inputs.ratings, inputs.applicable))
    totals, ranked = figures.tolist(), place.tolist()
    position = count(1)
    for row in order.tolist():
        if not ranked[row]:
            continue
        account = inputs.account_ids[row]
        yield (
            *(run.pk, account, next(position), ranked[row], before.get(account)),
            *totals[row],
            "[" + ", ".join("null" if value != value else repr(value) for value in facts[row]) + "]",
            _ratings_text(ratings[row], applicable[row]),
        )


def _previous_ranks(run: ScoreRun) -> dict[UUID, int]:
    if run.previous is None:
        return {}
    return dict(Score.objects.filter(run=run.previous).values_list("account_id", "rank"))


def _ratings_text(ratings: list[float], applicable: list[bool]) -> str:
    """Return the ratings as a JSON list: a number, null where missing, "na" where the criterion does not apply."""
    cells = (
        NOT_APPLICABLE_TEXT if not applies else "null" if value != value else repr(value)
        for value, applies in zip(ratings, applicable, strict=True)
    )
    return "[" + ", ".join(cells) + "]"
