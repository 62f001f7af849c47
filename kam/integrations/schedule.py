"""What runs by the clock. Slots are claimed by a unique job key, so two beats do no harm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from kam.integrations.jobs import enqueue
from kam.integrations.models import Job

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Nightly:
    """A job that is due once a day from ``at`` (local time) on."""

    kind: str
    at: time


Owing = Callable[[datetime], list[Job]]
_nightly: list[Nightly] = []
_owing: list[Owing] = []


def nightly(kind: str, at: time) -> None:
    """Put a job kind on the nightly schedule; the apps call it when they start."""
    if all(entry.kind != kind for entry in _nightly):
        _nightly.append(Nightly(kind, at))


def from_rows(start: Owing) -> None:
    """Put a function on the schedule that starts what rows of its room say is due; it claims each row itself."""
    if start not in _owing:
        _owing.append(start)


def start_due(now: datetime | None = None) -> list[Job]:
    """Enqueue every nightly job whose slot of today has come and has not been started, and what rows owe."""
    now = now or timezone.now()
    return [*_start_nightly(now), *_start_from_rows(now)]


def _start_from_rows(now: datetime) -> list[Job]:
    started: list[Job] = []
    for start in _owing:
        try:
            started += start(now)
        except DatabaseError:  # the other rooms' work goes on; the next tick tries again
            log.exception("schedule_failed", start=start.__qualname__)
    return started


def _start_nightly(now: datetime) -> list[Job]:
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    started = []
    for entry in _nightly:
        slot = f"nightly:{entry.kind}:{local.date().isoformat()}"
        # A slot older than six hours is left to the next night: a machine switched on at noon is in use.
        due = local.time() >= entry.at and local - datetime.combine(
            local.date(), entry.at, local.tzinfo
        ) < timedelta(hours=6)
        if due and not Job.objects.filter(kind=entry.kind, payload__slot=slot).exists():
            started.append(enqueue(entry.kind, {"slot": slot}, by=None, key=slot))
    return started
