"""What is known of a customer's whole spend: written into the years of the plan, or stated as an estimate."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from goals.models import AccountYear
from scoring.models import AccountEstimate


@dataclass(frozen=True, slots=True, order=True)
class Wallet:
    """The spend of a year, from when on it is known (of a planned year from its first day on)."""

    on: date
    value: Decimal
    source: str


def wallets_of(accounts: Iterable[UUID]) -> dict[UUID, list[Wallet]]:
    """Return what is known of each account, oldest first, in two queries for any number."""
    keys = list(accounts)
    known: dict[UUID, list[Wallet]] = defaultdict(list)
    years = AccountYear.objects.filter(account__in=keys, wallet__gt=0)
    for pk, year, value, source in years.values_list("account", "year", "wallet", "wallet_source"):
        known[pk].append(Wallet(date(year, 1, 1), value or Decimal(0), source))
    kind = AccountEstimate.Kind.WALLET
    stated = AccountEstimate.objects.standing().filter(account__in=keys, kind=kind, value__gt=0)
    for pk, on, value, source in stated.values_list("account", "stated_on", "value", "source"):
        known[pk].append(Wallet(on, value, source))
    return {pk: sorted(rows) for pk, rows in known.items()}


def wallet_on(wallets: Sequence[Wallet], day: date) -> Wallet | None:
    """Return the newest statement up to a day."""
    return next((wallet for wallet in reversed(wallets) if wallet.on <= day), None)
