"""The job kinds of this room; each calls one action."""

from datetime import date, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from goals.actions.health import KIND as HEALTH
from goals.actions.health import record_health
from goals.actions.nightly import measure_all
from kam.integrations.jobs import JobRun, job_kind
from kam.integrations.schedule import nightly


@job_kind("goals.measure", gettext_noop("Measure goals"))
def measure(run: JobRun) -> dict[str, Any]:
    text = run.payload.get("as_of")
    return measure_all(date.fromisoformat(text) if text else timezone.localdate(), run.report)


@job_kind(HEALTH, gettext_noop("Keep the health of the month"))
def health(run: JobRun) -> dict[str, Any]:
    text = run.payload.get("as_of")
    return record_health(date.fromisoformat(text) if text else timezone.localdate(), run.report)


# After the night's imports, before the score run: both read the same day's sales.
nightly("goals.measure", time(3, 30))
# After the goals have their values of the day.
nightly(HEALTH, time(3, 45))
