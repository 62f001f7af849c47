"""What an account will need next: overdue orders, exhausted volume, what its peers buy, share of wallet."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Literal

from accounts.arithmetic import CannotCompute, Number, gettext_noop
from accounts.gaps import MINIMUM_GAPS, TOLERANCE, Gaps, gap_statistics

CEILING = 0.85
ADOPTION = 0.40
SIZE_BAND = 2.0
MINIMUM_PEERS = 5

Order = tuple[str, str, date]
Play = Literal["volume", "size", "new_offering", "beta"]


@dataclass(frozen=True, slots=True)
class Cadence:
    """The rhythm in which an account orders an offering; ``offering`` is None for all it orders."""

    account: str
    offering: str | None
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class Saturation:
    """Whether more volume is to be had; ``saturated`` is None while the share of wallet is unknown."""

    saturated: bool | None
    units_change: float
    room: float | None
    plays: Sequence[Play]


@dataclass(frozen=True, slots=True)
class Buyer:
    """An account as others are compared with it: its segment, its size and what it spends per offering."""

    account: str
    segment: str
    size: float
    spend: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CrossSell:
    """An offering that comparable accounts buy, with every number the sentence "why" needs.

    ``buyers`` of ``peers`` comparable accounts (``adoption``) buy it, for ``peer_median`` in the median, at a
    median size of ``peer_size``; for this account's size that is ``expected``, of which it has ``current``.
    ``value`` is the rest, ``margin_value`` the rest times the margin where that is known.
    """

    offering: str
    peers: int
    buyers: int
    adoption: float
    peer_median: float
    peer_size: float
    expected: float
    current: float
    value: float
    margin_value: float | None


@dataclass(frozen=True, slots=True)
class WhiteSpace:
    """Which offerings an account buys and which are open; ``penetration`` is None without offerings."""

    owned: Sequence[str]
    open: Sequence[str]
    penetration: float | None


def cadences(
    orders: Iterable[Order],
    as_of: date,
    *,
    tolerance: float = TOLERANCE,
    minimum_gaps: int = MINIMUM_GAPS,
) -> list[Cadence]:
    """Return the rhythm per account and per account and offering, from (account, offering, day) orders."""
    days: dict[tuple[str, str | None], set[date]] = defaultdict(set)
    for account, offering, day in orders:
        days[account, None].add(day)
        days[account, offering].add(day)
    return [
        Cadence(
            account,
            offering,
            gap_statistics(when, as_of, tolerance=tolerance, minimum_gaps=minimum_gaps),
        )
        for (account, offering), when in days.items()
    ]


def overdue(found: Iterable[Cadence]) -> list[Cadence]:
    """Return what is overdue, worst in terms of its own rhythm first: late by four gaps before half a gap."""
    late = [cadence for cadence in found if cadence.gaps.overdue]
    return sorted(late, key=_lateness)


def saturation(
    units_before: Number,
    units_after: Number,
    share_of_wallet: float | None,
    ceiling: float = CEILING,
) -> Saturation:
    """Apply the saturation rule: units still up, but the share of wallet (0..1) at its ceiling.

    Then there is hardly volume left to win, and the plays are a larger size, a new offering and beta tests.
    Without a known share nothing is concluded.
    """
    change = float(units_after) - float(units_before)
    if share_of_wallet is None:
        return Saturation(None, change, None, ())
    room = max(0.0, ceiling - share_of_wallet)
    if share_of_wallet >= ceiling and change > 0:
        return Saturation(True, change, room, ("size", "new_offering", "beta"))
    return Saturation(False, change, room, ("volume",) if room else ())


def peers_of(account: Buyer, others: Iterable[Buyer], band: float = SIZE_BAND) -> list[Buyer]:
    """Return the others of the same segment between size/band and size·band."""
    return [
        other
        for other in others
        if other.account != account.account
        and other.segment == account.segment
        and account.size / band <= other.size <= account.size * band
    ]


def cross_sell(
    account: Buyer,
    others: Iterable[Buyer],
    margins: Mapping[str, float] | None = None,
    *,
    adoption: float = ADOPTION,
    minimum: int = MINIMUM_PEERS,
) -> list[CrossSell]:
    """Return offerings that at least ``adoption`` of the peers buy and this account could buy more of.

    expected = median spend of the buying peers · account size / median size of the buying peers. The most
    valuable comes first (by margin where it is known for all). Raises CannotCompute with fewer than
    ``minimum`` peers (default 5), because a share of a handful proposes whatever the neighbour bought.
    """
    peers = peers_of(account, others)
    if len(peers) < minimum:
        raise CannotCompute(
            "too_few_peers",
            gettext_noop("Too few comparable accounts: %(found)s of the %(needed)s needed."),
            {"found": len(peers), "needed": minimum},
        )
    offerings = sorted({name for peer in peers for name, spent in peer.spend.items() if spent > 0})
    found = [_candidate(account, peers, name, margins or {}) for name in offerings]
    wanted = [row for row in found if row.adoption >= adoption and row.value > 0]
    by_margin = all(row.margin_value is not None for row in wanted)
    return sorted(
        wanted, key=lambda row: (-((row.margin_value or 0) if by_margin else row.value), row.offering)
    )


def white_space(spend: Mapping[str, Number], offerings: Collection[str]) -> WhiteSpace:
    """Return which offerings are owned (money was spent on them) and which are open."""
    owned = [name for name in offerings if spend.get(name, 0) > 0]
    rest = [name for name in offerings if name not in owned]
    return WhiteSpace(owned, rest, len(owned) / len(offerings) if offerings else None)


def share_of_wallet(own_revenue: Number, category_spend: Number | None) -> float | None:
    """Return own revenue / the customer's whole spend on what we could sell, or None while that is unknown.

    Raises CannotCompute when the spend is below our own revenue: then one of the two is wrong.
    """
    if category_spend is None or category_spend <= 0:
        return None
    if float(own_revenue) > float(category_spend):
        raise CannotCompute(
            "spend_below_revenue",
            gettext_noop("The customer's spend %(spend)s is below our revenue %(revenue)s."),
            {"spend": category_spend, "revenue": own_revenue},
        )
    return max(0.0, float(own_revenue) / float(category_spend))


def wallet_allocation(ranks: Mapping[str, int]) -> dict[str, float]:
    """Estimate shares of an unknown wallet from the customer's ranking of its n suppliers, 1 = first.

    Wallet Allocation Rule (Keiningham and others, HBR 2011): (1 − rank/(n + 1)) · 2/n; suppliers of equal
    rank share the mean of their places. The shares add up to 1.
    """
    count = len(ranks)
    return {name: (1 - _mean_place(rank, ranks) / (count + 1)) * 2 / count for name, rank in ranks.items()}


def _lateness(cadence: Cadence) -> tuple[float, str, str]:
    days, middle = cadence.gaps.overdue_days or 0.0, cadence.gaps.median or 1.0
    return -days / middle, cadence.account, cadence.offering or ""


def _candidate(
    account: Buyer, peers: Sequence[Buyer], offering: str, margins: Mapping[str, float]
) -> CrossSell:
    buyers = [peer for peer in peers if peer.spend.get(offering, 0) > 0]
    spent = median(peer.spend[offering] for peer in buyers)
    size = median(peer.size for peer in buyers)
    expected = spent * account.size / size if size > 0 else 0.0
    current = account.spend.get(offering, 0.0)
    value = max(0.0, expected - current)
    margin = margins.get(offering)
    return CrossSell(
        offering=offering,
        peers=len(peers),
        buyers=len(buyers),
        adoption=len(buyers) / len(peers),
        peer_median=spent,
        peer_size=size,
        expected=expected,
        current=current,
        value=value,
        margin_value=None if margin is None else value * margin,
    )


def _mean_place(rank: int, ranks: Mapping[str, int]) -> float:
    better = sum(other < rank for other in ranks.values())
    equal = sum(other == rank for other in ranks.values())
    return better + (equal + 1) / 2
