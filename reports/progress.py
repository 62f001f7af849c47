"""How far the building of a report is, step by step."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kam.integrations.models import Job
from reports.actions import STEPS


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
