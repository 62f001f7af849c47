"""How much room an account has to grow: what could be sold in a year minus what is. No framework, no clock.

Three statements can say it: the white space itself, the potential, or the customer's whole wallet. The newest
counts, because the others were true once; on the same day the most direct one. Missing stays missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# The most direct first.
KINDS = ("white_space", "potential", "wallet")


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said: an amount a year, of one of ``KINDS``."""

    kind: str
    amount: float
    stated_on: date


@dataclass(frozen=True, slots=True)
class Headroom:
    """Room in money a year. ``share`` is the share of wallet (0..1), None without a wallet or with one that
    revenue exceeds: then one of the two is wrong.

    ``exceeded`` says that revenue is already above what was stated: then the statement is too low, not the room
    negative, and the amount is zero.
    """

    amount: float
    kind: str
    share: float | None
    exceeded: bool


def headroom(statements: Iterable[Statement], revenue: float) -> Headroom | None:
    """Return the room of an account with ``revenue`` in the last year; None while nobody said anything."""
    known = sorted(statements, key=lambda s: (-s.stated_on.toordinal(), KINDS.index(s.kind)))
    if not known:
        return None
    chosen = known[0]
    wallet = next((s.amount for s in known if s.kind == "wallet"), None)
    current = max(revenue, 0.0)
    amount = chosen.amount if chosen.kind == "white_space" else chosen.amount - current
    share = current / wallet if wallet and current <= wallet else None
    return Headroom(max(amount, 0.0), chosen.kind, share, amount < 0)
