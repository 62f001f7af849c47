"""Who gave more: what went between us and the customer beyond the invoice, in one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Verdict = Literal["none", "unknown", "we_give", "we_get", "even"]
# Up to twice as much on one side is called even: amounts beyond the invoice are estimates.
EVEN = 2


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums and counts of both directions; ``silent`` is how many entries carry no amount."""

    given: Decimal
    got: Decimal
    gave: int
    received: int
    silent: int

    @property
    def verdict(self) -> Verdict:
        """Say where the balance lies; unknown where amounts of one side are missing altogether."""
        if not self.gave + self.received:
            return "none"
        if not self.received or not self.gave:
            return "we_give" if self.gave else "we_get"
        if not self.given or not self.got:
            return "unknown"
        if self.given > EVEN * self.got:
            return "we_give"
        return "we_get" if self.got > EVEN * self.given else "even"


def balance(entries: Iterable[tuple[str, Decimal | None]]) -> Balance:
    """Return the balance of (direction, amount): «give» is what we gave, «get» what we got."""
    sums = {"give": Decimal(0), "get": Decimal(0)}
    counts = {"give": 0, "get": 0}
    silent = 0
    for direction, amount in entries:
        counts[direction] += 1
        sums[direction] += amount or Decimal(0)
        silent += amount is None
    return Balance(sums["give"], sums["get"], counts["give"], counts["get"], silent)
