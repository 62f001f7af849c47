"""Finding out how sure a run is: a step of its own, because a ranking stands without it."""

from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext_noop

from kam.integrations.jobs import enqueue
from kam.integrations.models import Job
from kam.lib.errors import DomainError
from kam.users.models import User
from scoring.certainty import MOST_ACCOUNTS, certainty_rows
from scoring.explain import items_of
from scoring.models import ScoreRun
from scoring.robustness import keep_robustness, robustness
from scoring.stored import stored_run

log = structlog.get_logger(__name__)


def find_certainty(run: ScoreRun) -> dict[str, Any]:
    """Compute how sure each place of a finished run is, and what would change it; stored once both are known.

    A run that repeats an earlier one comes with what was stored for that one.
    """
    if run.certainty:
        robustness(run)
    else:
        items, first = items_of(run), stored_run(run, MOST_ACCOUNTS)
        rows = certainty_rows(run, stored=first, items=items)
        keep_robustness(run, items, first)
        _store(run, rows)
    return {"id": str(run.pk), "certainty": not run.lacks_certainty}


def try_certainty(run: ScoreRun) -> bool:
    """Find out how sure a run is, and return whether that was possible. What goes wrong stands in the log: the
    scores are kept, and people are told what is missing and may have it computed again.
    """
    try:
        find_certainty(run)
    except Exception:
        log.exception("certainty_failed", run=str(run.pk))
        _store(run, [])
    return not run.lacks_certainty


@transaction.atomic
def start_certainty(run: ScoreRun, *, by: User | None) -> Job:
    """Queue a further attempt at how sure a run is. Raises DomainError for one that is not finished."""
    if run.finished_at is None:
        raise DomainError("run_not_finished", gettext_noop("The score run is not finished yet."))
    key = f"scoring.certainty:{run.pk}"
    run.job = enqueue("scoring.certainty", {"run": str(run.pk)}, by=by, key=key)
    run.save(update_fields=["job", "updated_at"])
    return run.job


def _store(run: ScoreRun, rows: list[list[Any]]) -> None:
    run.certainty = rows
    run.save(update_fields=["certainty", "updated_at"])
