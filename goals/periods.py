"""Periods a customer plans and measures in: half open, one after the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from accounts.arithmetic import CannotCompute, gettext_noop


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``start`` up to, not including, ``end``."""

    start: date
    end: date

    def contains(self, day: date) -> bool:
        """Say whether a day belongs to the period."""
        return self.start <= day < self.end


def check_periods(periods: Iterable[Period]) -> list[Period]:
    """Return the periods in order; raises CannotCompute where one is empty, overlaps or leaves a gap."""
    ordered = sorted(periods)
    for period in ordered:
        if period.end <= period.start:
            raise CannotCompute(
                "period_empty",
                gettext_noop("The period from %(start)s has no days."),
                {"start": period.start},
            )
    for earlier, later in pairwise(ordered):
        days = {"end": earlier.end, "start": later.start}
        if later.start < earlier.end:
            raise CannotCompute(
                "periods_overlap",
                gettext_noop("A period starts on %(start)s before the one before it ends on %(end)s."),
                days,
            )
        if later.start > earlier.end:
            raise CannotCompute(
                "periods_gap", gettext_noop("No period covers the days from %(end)s to %(start)s."), days
            )
    return ordered


def is_partial(period: Period, first_day: date, last_day: date) -> bool:
    """Say whether data from ``first_day`` to ``last_day`` (both included) cover the period only in part."""
    return first_day > period.start or (last_day.toordinal() + 1) < period.end.toordinal()
