"""How far a goal is and whether that is fast enough; no framework in here.

progress = (current − start) / (target − start), which works for falling metrics as well; 0..1 on the way,
below 0 when things went the wrong way, above 1 beyond the target. The pace gap is progress minus what was
planned by now: the elapsed part of the time, or the line through the milestones where there are any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from accounts.arithmetic import CannotCompute, Number, as_floats, gettext_noop

State = Literal["not_started", "on_track", "at_risk", "off_track", "achieved", "missed", "no_data"]
Direction = Literal["up", "down"]
# 0.45 − 0.50 is a hair below −0.05 in binary; a goal exactly on a threshold still has the better state.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Pace gaps, in parts of the whole way, down to which a goal is still on track, or only at risk."""

    on_track: float = -0.05
    at_risk: float = -0.20


@dataclass(frozen=True, slots=True)
class Milestone:
    """A value to be reached by a day on the way to the target."""

    on: date
    value: Number


@dataclass(frozen=True, slots=True)
class Course:
    """From where to where, and from when to when; ``direction`` matters only where start equals target."""

    starts_on: date
    due_on: date
    start: Number | None
    target: Number | None
    milestones: Sequence[Milestone] = ()
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a goal stands as of a day; without data ``progress`` and ``pace_gap`` are None, never 0."""

    progress: float | None
    elapsed: float
    planned: float | None
    pace_gap: float | None
    state: State


DEFAULT_THRESHOLDS = Thresholds()


def measure_progress(
    course: Course, current: Number | None, as_of: date, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Progress:
    """Return progress, pace and state of a quantitative goal.

    States: ``not_started`` before the first day; ``no_data`` without start, target or current value;
    ``achieved`` at 1 or more; ``missed`` after the due day otherwise; on the way ``on_track`` down to a pace
    gap of −5 points, ``at_risk`` down to −20, ``off_track`` below. A goal whose start equals its target is to
    be held: progress is 1 while it holds and 0 while not, and only the due day makes it ``achieved``.
    Raises CannotCompute when the goal is due before it starts.
    """
    gone = elapsed_part(course.starts_on, course.due_on, as_of)
    done = _done(course, current)
    planned = _planned(course, as_of, gone)
    gap = None if done is None or planned is None else done - planned
    return Progress(done, gone, planned, gap, _state(course, as_of, done, gap, thresholds))


def assess_steps(
    starts_on: date, due_on: date, steps: Iterable[bool], as_of: date, verdict: State | None = None
) -> Progress:
    """Return the progress of a qualitative goal from its ticked steps; a person's verdict is the state.

    The verdict overrules the arithmetic because that is what makes the goal qualitative; without steps and
    without a verdict there is nothing to tell: ``no_data``.
    """
    ticks = list(steps)
    target = len(ticks) or None
    found = measure_progress(Course(starts_on, due_on, 0, target), sum(ticks), as_of)
    return found if verdict is None else replace(found, state=verdict)


def progress_by_target(start: Number, current: Number, targets: Sequence[Number]) -> list[float]:
    """Return the progress towards each target a goal ever had, so that a moved target stays seen."""
    return [fraction_done(start, target, current) for target in targets]


def fraction_done(
    start: Number, target: Number, current: Number, direction: Direction | None = None
) -> float:
    """Return (current − start) / (target − start); for start = target 1.0 while it holds, else 0.0."""
    begin, end, now = (float(value) for value in as_floats((start, target, current)))
    if begin != end:
        return (now - begin) / (end - begin)
    held = {"up": now >= end, "down": now <= end, None: now == end}[direction]
    return float(held)


def elapsed_part(starts_on: date, due_on: date, as_of: date) -> float:
    """Return which part 0..1 of the time between the two days has gone by at the end of ``as_of``.

    Raises CannotCompute where the goal is due before it starts.
    """
    if due_on < starts_on:
        raise CannotCompute("due_before_start", gettext_noop("A goal cannot be due before it starts."))
    whole = (due_on - starts_on).days
    if whole == 0:
        return float(as_of >= due_on)
    return min(1.0, max(0.0, (as_of - starts_on).days / whole))


def _done(course: Course, current: Number | None) -> float | None:
    if course.start is None or course.target is None or current is None:
        return None
    return fraction_done(course.start, course.target, current, course.direction)


def _planned(course: Course, as_of: date, gone: float) -> float | None:
    if course.start is None or course.target is None:
        return None
    if course.start == course.target:
        return 1.0
    line = [(course.starts_on, 0.0), (course.due_on, 1.0)]
    for milestone in course.milestones:
        reached = fraction_done(course.start, course.target, milestone.value)
        if course.starts_on < milestone.on < course.due_on:
            line.append((milestone.on, reached))
    return _on_line(sorted(line), as_of) if len(line) > 2 else gone


def _on_line(line: Sequence[tuple[date, float]], as_of: date) -> float:
    if as_of <= line[0][0]:
        return line[0][1]
    for (from_day, low), (to_day, high) in pairwise(line):
        if as_of <= to_day:
            return low + (high - low) * ((as_of - from_day).days / max(1, (to_day - from_day).days))
    return line[-1][1]


def _state(
    course: Course, as_of: date, done: float | None, gap: float | None, thresholds: Thresholds
) -> State:
    if as_of < course.starts_on:
        return "not_started"
    if done is None or gap is None:
        return "no_data"
    to_be_held = course.start == course.target and as_of < course.due_on
    if done >= 1 and not to_be_held:
        return "achieved"
    if as_of > course.due_on:
        return "missed"
    return _pace_state(gap, thresholds)


def _pace_state(gap: float, thresholds: Thresholds) -> State:
    if gap >= thresholds.on_track - ROUNDING:
        return "on_track"
    return "at_risk" if gap >= thresholds.at_risk - ROUNDING else "off_track"
