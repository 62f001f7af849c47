"""When a metric was silent: stretches without a value that are longer than agreed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Silence:
    """From the last value before to the next one; ``until`` is None where no value has come since."""

    since: date
    until: date | None
    days: int


def silences(days: Iterable[date], every: int, today: date) -> list[Silence]:
    """Return the stretches of more than ``every`` days between two values, and since the last one; latest first."""
    ordered = sorted(set(days))
    found = [
        Silence(before, after, (after - before).days)
        for before, after in pairwise(ordered)
        if (after - before).days > every
    ]
    if ordered and (today - ordered[-1]).days > every:
        found.append(Silence(ordered[-1], None, (today - ordered[-1]).days))
    return found[::-1]
