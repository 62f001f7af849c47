"""Looking up exchange rates, and converting amounts that are kept as whole numbers. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

# A rate serves for thirteen months: an older one says nothing about the day.
MOST_DAYS = 400
Dated = tuple[date, Decimal]


@dataclass(frozen=True)
class RateBook:
    """The rates of some currencies, each by day, oldest first."""

    rates: Mapping[str, Sequence[Dated]]

    def on(self, currency: str, day: date) -> Decimal | None:
        """Return what one unit was worth on a day; None where no rate had been given, or only a stale one."""
        rows = self.rates.get(currency, ())
        place = bisect_right(rows, day, key=lambda row: row[0]) - 1
        if place < 0 or (day - rows[place][0]).days > MOST_DAYS:
            return None
        return rows[place][1]


def converted(units: int, rate: Decimal) -> int:
    """Return an amount in another currency, both in the same whole unit, halves to even."""
    return int((units * rate).to_integral_value(ROUND_HALF_EVEN))
