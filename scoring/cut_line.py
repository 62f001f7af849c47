"""Where key accounts begin and end: entry, exit and what lies near the line. No framework, no clock."""

from dataclasses import dataclass

from scoring.ranking import DECIMALS

# A total that the last digits of its sum leave this close below a line has reached it: 7, 7 and 7 make 7.
ROUNDING = 0.5 * 10.0**-DECIMALS
# A total this close to the line may be on either side of it with the next rating.
NEAR_TOTAL = 0.25
NEAR_RANKS = 2


@dataclass(frozen=True)
class Line:
    """The first ``top`` ranks or totals from ``threshold`` on; ``exit`` is later, so that nobody flickers."""

    top: int | None = None
    threshold: float | None = None
    exit: float | None = None

    def is_in(self, rank: int, total: float) -> bool:
        """Does an account enter?"""
        if self.top is not None:
            return rank <= self.top
        return total > (self.threshold or 0.0) - ROUNDING

    def stays(self, rank: int, total: float) -> bool:
        """Does an account that is a key account already remain one?"""
        if self.exit is None:
            return self.is_in(rank, total)
        return rank <= self.exit if self.top is not None else total > self.exit - ROUNDING

    def is_near(self, rank: int, total: float, line_total: float | None) -> bool:
        """Is the account so near the line that it should be looked at before anybody decides?"""
        if self.top is not None and abs(rank - self.top - 0.5) < NEAR_RANKS:
            return True
        at = self.threshold if self.top is None else line_total
        return at is not None and abs(total - at) < NEAR_TOTAL
