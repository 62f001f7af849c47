"""The rhythm of an account's orders: how long between two, when the next one is due, whether it is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

# Fewer gaps than this say nothing about regularity, so nobody is called overdue by them.
MINIMUM_GAPS = 3
TOLERANCE = 3.0


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gap statistics as of a day; lengths are days, and what needs more orders than there are is None."""

    order_days: int
    last_on: date | None
    elapsed: int | None
    median: float | None
    mad: float | None
    expected_on: date | None
    overdue_after: float | None
    overdue: bool | None
    overdue_days: float | None


def gap_statistics(
    days: Iterable[date], as_of: date, *, tolerance: float = TOLERANCE, minimum_gaps: int = MINIMUM_GAPS
) -> Gaps:
    """Return the rhythm of the order days up to and including ``as_of``; orders of one day count once.

    ``expected_on`` is the last order day plus the median gap, rounded half up to a day. ``overdue`` says
    whether more than median + tolerance · MAD days have passed since; MAD is the unscaled median absolute
    deviation of the gaps. With fewer than ``minimum_gaps`` gaps ``overdue`` is None: unknown, not "no".
    """
    ordered = sorted({day for day in days if day <= as_of})
    lengths = [(later - earlier).days for earlier, later in pairwise(ordered)]
    last = ordered[-1] if ordered else None
    elapsed = (as_of - last).days if last else None
    if last is None or elapsed is None or not lengths:
        return Gaps(len(ordered), last, elapsed, None, None, None, None, None, None)
    middle = float(median(lengths))
    spread = float(median(abs(length - middle) for length in lengths))
    limit = middle + tolerance * spread if len(lengths) >= minimum_gaps else None
    return Gaps(
        order_days=len(ordered),
        last_on=last,
        elapsed=elapsed,
        median=middle,
        mad=spread,
        expected_on=last + timedelta(days=int(middle + 0.5)),
        overdue_after=limit,
        overdue=None if limit is None else elapsed > limit,
        overdue_days=None if limit is None else max(0.0, elapsed - limit),
    )
