"""When a contract ends, renews itself, or can still be given notice; standard library only."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

# So many days before its end or its last day of notice a contract wants attention.
HORIZON = 90

State = Literal["ahead", "running", "notice", "renews", "ends", "ended"]


@dataclass(frozen=True, slots=True)
class Term:
    """What was agreed: the term, the days of notice before its end, the months it renews itself by (None: it ends)."""

    start_on: date
    end_on: date
    notice_days: int = 0
    renews_by: int | None = None
    cancelled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """Where a contract stands on a day.

    ``notice_until`` is the last day on which notice keeps it from renewing, None where none is needed. ``state``:
    ahead (not begun), running (nothing within the horizon), notice (it can still be given), renews, ends, ended.
    """

    ends_on: date
    days_left: int
    notice_until: date | None
    notice_left: int | None
    state: State

    @property
    def wants_attention(self) -> bool:
        return self.state in ("notice", "renews", "ends")


def renewal(term: Term, today: date) -> Renewal:
    """Return where the contract stands; one that renews itself is in the term that covers ``today``."""
    ends_on = current_end(term, term.cancelled_on or today)
    needed = term.renews_by and term.cancelled_on is None
    notice_until = ends_on - timedelta(days=term.notice_days) if needed else None
    notice_left = (notice_until - today).days if notice_until else None
    left = (ends_on - today).days
    return Renewal(ends_on, left, notice_until, notice_left, _state(term, today, left, notice_left))


def current_end(term: Term, on: date) -> date:
    """Return the last day of the term that covers ``on``; the agreed day of the month is kept over short months."""
    ends_on, times = term.end_on, 0
    while term.renews_by and ends_on < on:
        times += 1
        ends_on = _months_later(term.end_on, times * term.renews_by)
    return ends_on


def _state(term: Term, today: date, left: int, notice_left: int | None) -> State:
    if left < 0:
        return "ended"
    if today < term.start_on:
        return "ahead"
    if notice_left is not None and 0 <= notice_left <= HORIZON:
        return "notice"
    if left > HORIZON:
        return "running"
    return "renews" if term.renews_by and term.cancelled_on is None else "ends"


def _months_later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    # The end of a month stays the end of a month: 30 June, then 31 December.
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
