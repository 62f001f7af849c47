"""How far the building of a report is, step by step."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kam.integrations.models import Job
from reports.actions import STEPS
from reports.attempts import FAILED
from reports.templates import SECTIONS


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str


def steps_of(job: Job | None) -> list[Step]:
    """Return the named steps with ``done``, ``current``, ``failed`` or nothing, by the job's progress."""
    if job is None:
        return []
    begun = [start for start, _label in STEPS if job.progress >= start]
    current = len(begun) - 1
    return [Step(_(label), _state(job, place, current)) for place, (_start, label) in enumerate(STEPS)]


def _state(job: Job, place: int, current: int) -> str:
    if place < current or job.state == Job.State.SUCCEEDED:
        return "done"
    if place > current:
        return ""
    return "failed" if job.is_over else "current"


def failed_section(job: Job | None) -> tuple[str, Promise] | None:
    """Return code and name of the section that a job could not build; None where it failed otherwise, or not."""
    error = (job.error or {}) if job else {}
    code = error.get("params", {}).get("section", "")
    return (code, SECTIONS[code]) if error.get("code") == FAILED and code in SECTIONS else None
