"""Starting and computing score runs."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import repeat
from typing import Any

import numpy as np
from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.windows import check_day
from kam.integrations.jobs import enqueue
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.models import KeyText
from kam.users.models import User
from scoring.actions.certainty import try_certainty
from scoring.models import ModelCriterion, Score, ScoreRun, ScoringModel
from scoring.ranking import DECIMALS, Flags, Floats, Scores, ranks, score_matrix
from scoring.run_inputs import RunInputs, digest, run_inputs
from scoring.staged import StagedInputs, drop_staged, rank_staged, staged_inputs
from scoring.store import write_scores
from scoring.stored import NOT_APPLICABLE

BLOCK = 5_000
Report = Callable[..., None]
Inputs = RunInputs | StagedInputs


@transaction.atomic
def create_run(model: ScoringModel, *, as_of: date | None, by: User | None, queue: bool = True) -> ScoreRun:
    """Write a run and queue its job; from here on the model's version is immutable.

    With ``queue`` False the caller computes the run itself. Raises DomainError for a model without criteria.
    """
    if not model.items.exists():
        raise DomainError("no_criteria", gettext_noop("The model has no criteria yet."))
    ScoringModel.objects.filter(pk=model.pk, used_at__isnull=True).update(used_at=timezone.now())
    day = check_day(as_of or timezone.localdate(), "as_of")
    run = ScoreRun.objects.create(model=model, as_of=day, created_by=by)
    if queue:
        run.job = enqueue("scoring.run", {"run": str(run.pk)}, by=by, key=f"scoring.run:{run.pk}")
        run.save(update_fields=["job", "updated_at"])
    record("score_run.started", by=by, subject=run, as_of=run.as_of)
    return run


def compute_run(run: ScoreRun, *, report: Report | None = None) -> dict[str, Any]:
    """Compute and store all scores of a run; whatever an interrupted attempt had written is replaced.

    When an earlier run of the model computed from just the same, nothing but the run's own row is written.
    A ranking whose certainty cannot be computed stands all the same, and the result says so.
    """
    report = report or (lambda *args, **values: None)
    items = list(run.model.items.select_related("criterion"))
    report(5, gettext_noop("Reading facts and ratings"))
    inputs = _inputs(items, run.as_of)
    run.weights, run.contexts = [item.weight for item in items], inputs.contexts
    run.inputs = digest(run, inputs.fingerprint)
    run.same_as = ScoreRun.objects.with_inputs_of(run).first()
    if run.same_as is not None:
        _repeat(run, run.same_as)
    else:
        report(50, gettext_noop("Ranking %(accounts)s accounts"), accounts=inputs.accounts)
        _store(run, inputs, report)
    drop_staged()
    report(97, gettext_noop("Finding out how sure the ranking is"))
    return described(run) | {"certainty": try_certainty(run)}


def _inputs(items: list[ModelCriterion], as_of: date) -> Inputs:
    """Rules need the whole portfolio in Python; what people rate is best left where it is."""
    if any(item.criterion.is_computed for item in items):
        return run_inputs(items, as_of)
    return staged_inputs(items, as_of)


@transaction.atomic
def _store(run: ScoreRun, inputs: Inputs, report: Report) -> None:
    run.previous, run.certainty = ScoreRun.objects.before(run).first(), []
    Score.objects.filter(run=run).delete()
    if isinstance(inputs, StagedInputs):
        run.accounts = rank_staged(run, inputs)
    else:
        run.accounts = _write(run, inputs, report)
    _finish(run)


def _write(run: ScoreRun, inputs: RunInputs, report: Report) -> int:
    scores = score_matrix(inputs.ratings, run.weights, inputs.applicable)
    written = 0
    for written in write_scores(_rows(run, inputs, scores), using=Score.objects.db):
        report(50 + 45 * written / inputs.accounts, gettext_noop("Storing the ranking"))
    return written


@transaction.atomic
def _repeat(run: ScoreRun, stored: ScoreRun) -> None:
    """Let the scores of an earlier run stand: nothing that they come from has changed since."""
    run.accounts, run.previous, run.certainty = stored.accounts, stored.previous, stored.certainty
    _finish(run)


def _finish(run: ScoreRun) -> None:
    run.finished_at = timezone.now()
    run.save()
    record("score_run.finished", by=run.created_by, subject=run, accounts=run.accounts)


def recompute(
    *, name: str = "", as_of: date | None = None, by: User | None = None, report: Report | None = None
) -> dict[str, Any]:
    """Run every model in use, or the newest version of the named one, and return what came out."""
    models = _models(name)
    runs = [compute_run(create_run(m, as_of=as_of, by=by, queue=False), report=report) for m in models]
    return {**runs[0], "runs": runs} if len(runs) == 1 else {"runs": runs}


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
    order = order[place[order] > 0]
    before, all_keys = _previous_ranks(run), inputs.keys
    run_key = ScoreRun._meta.pk.get_db_prep_value(run.pk, connections[Score.objects.db])
    # Whole columns are turned into lists and text at once: a hundred thousand rows pass through here.
    for start in range(0, len(order), BLOCK):
        block = order[start : start + BLOCK]
        keys = [all_keys[row] for row in block.tolist()]
        columns = (
            *(keys, range(start + 1, start + 1 + len(keys)), place[block].tolist(), map(before.get, keys)),
            *(figures[block].tolist() for figures in (scores.total, scores.low, scores.high)),
            scores.completeness[block].tolist(),
            _texts(inputs.facts[block]),
            _texts(inputs.ratings[block], inputs.applicable[block]),
        )
        yield from zip(repeat(run_key), *columns)


def _previous_ranks(run: ScoreRun) -> dict[str, int]:
    return dict(Score.objects.of_run(run.previous).values_list(KeyText("account"), "rank"))


def _texts(cells: Floats, applicable: Flags | None = None) -> list[str]:
    """Return each row as a JSON list: a number, null where missing, "na" where the criterion does not apply."""
    if applicable is not None and not applicable.all():
        cells = np.where(applicable, cells, np.inf)
    if np.isnan(cells).all():
        return [json.dumps([None] * cells.shape[1])] * len(cells)
    # One call for all rows; no cell holds a bracket, so the lists come apart again.
    text = json.dumps(cells.tolist(), separators=(",", ":")).replace("NaN", "null")
    text = text.replace("Infinity", json.dumps(NOT_APPLICABLE))
    return [f"[{row}]" for row in text[2:-2].split("],[")]
