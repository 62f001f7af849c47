"""What runs by the clock. Slots are claimed by a unique job key, so two beats do no harm."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from kam.integrations.jobs import enqueue
from kam.integrations.models import Job


@dataclass(frozen=True)
class Nightly:
    """A job that is due once a day from ``at`` (local time) on."""

    kind: str
    at: time


_nightly: list[Nightly] = []


def nightly(kind: str, at: time) -> None:
    """Put a job kind on the nightly schedule; the apps call it when they start."""
    if all(entry.kind != kind for entry in _nightly):
        _nightly.append(Nightly(kind, at))


def start_due(now: datetime | None = None) -> list[Job]:
    """Enqueue every nightly job whose slot of today has come and has not been started."""
    now = now or timezone.now()
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
