"""Where accounts stand beside their score: room to grow, share of wallet, relative strength, stage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from accounts.facts import facts_table
from accounts.models import Account
from scoring.headroom import KINDS, Headroom, headroom
from scoring.headroom import Statement as Amount
from scoring.models import AccountEstimate

WINDOW = "12m"


@dataclass(frozen=True)
class Standing:
    """One account as of a day; ``said`` holds the newest statement of each kind that people wrote down."""

    revenue: float
    room: Headroom | None
    said: Mapping[str, AccountEstimate] = field(default_factory=dict)

    @property
    def strength(self) -> float | None:
        said = self.said.get("strength")
        return said.ratio if said else None

    @property
    def stage(self) -> float | None:
        said = self.said.get("stage")
        return float(said.value) if said else None

    @property
    def basis(self) -> AccountEstimate | None:
        """The statement the room rests on, None when it comes from a plan's wallet or from nowhere."""
        return self.said.get(self.room.kind) if self.room else None


def standings(
    account_ids: Iterable[UUID], as_of: date, planned: Mapping[UUID, Iterable[Amount]] | None = None
) -> dict[UUID, Standing]:
    """Return where these accounts stand, in three queries; ``planned`` adds amounts known from elsewhere.

    Revenue is that of the twelve months up to the day, net of reversals.
    """
    ids = list(account_ids)
    said: dict[UUID, dict[str, AccountEstimate]] = defaultdict(dict)
    for estimate in AccountEstimate.objects.newest(as_of).filter(account__in=ids):
        said[estimate.account_id][estimate.kind] = estimate
    sold = facts_table(["revenue"], as_of=as_of, window=WINDOW, accounts=Account.objects.filter(pk__in=ids))
    revenue = dict(zip(sold.account_ids, sold.values["revenue"].tolist(), strict=True))
    return {pk: _standing(said[pk], revenue.get(pk) or 0.0, (planned or {}).get(pk, ())) for pk in ids}


def _standing(said: Mapping[str, AccountEstimate], revenue: float, planned: Iterable[Amount]) -> Standing:
    amounts = [Amount(kind, float(row.value), row.stated_on) for kind, row in said.items() if kind in KINDS]
    # What is typed in here on the same day comes before a plan's figure of the same kind.
    return Standing(revenue, headroom([*amounts, *planned], revenue), said)
