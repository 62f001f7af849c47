"""Letting the demo's past lie in the past: actions write «now», and a demo of one day would look dead."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from random import Random

from django.utils import timezone

from accounts.models import Activity


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Return a moment of a day in the installation's time zone, or now where that is still to come."""
    return min(timezone.make_aware(datetime.combine(day, time(hour, minute))), timezone.now())


def office_hour(day: date, rng: Random) -> datetime:
    """Return some moment between 8 and 17 o'clock."""
    return at(day, rng.randint(8, 16), rng.choice([0, 10, 15, 20, 30, 45, 50]))


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Date the timeline entries that the block writes to a moment in the past."""
    start = timezone.now()
    yield
    Activity.objects.filter(occurred_at__gte=start).update(occurred_at=moment)
