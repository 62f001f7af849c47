"""How well a customer fits a target-market profile: each condition met, missed or unknown; standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Code = Literal["industry", "country", "key", "buys", "revenue"]


@dataclass(frozen=True, slots=True)
class Profile:
    """Who a programme is for; what is empty is not asked. ``buys`` names an offering."""

    industries: Sequence[str] = ()
    countries: Sequence[str] = ()
    key_only: bool = False
    buys: str = ""
    revenue_from: Decimal | None = None
    revenue_to: Decimal | None = None

    @property
    def asks_revenue(self) -> bool:
        return self.revenue_from is not None or self.revenue_to is not None


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of a customer; revenue is that of the last twelve full months."""

    industry: str
    country: str
    is_key: bool
    buys: bool
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition and whether it is met; None: not known."""

    code: Code
    met: bool | None


@dataclass(frozen=True, slots=True)
class Fit:
    """The conditions that were asked, in order."""

    conditions: Sequence[Condition]

    @property
    def met(self) -> int:
        return sum(condition.met is True for condition in self.conditions)

    @property
    def asked(self) -> int:
        return len(self.conditions)

    @property
    def share(self) -> float:
        """The met part of what was asked; 1 where nothing was asked, and what is unknown is not met."""
        return self.met / self.asked if self.asked else 1.0


def fit(profile: Profile, customer: Customer) -> Fit:
    """Return how the customer meets the profile."""
    found: list[Condition] = []
    if profile.industries:
        found.append(Condition("industry", _among(customer.industry, profile.industries)))
    if profile.countries:
        found.append(Condition("country", _among(customer.country, profile.countries)))
    if profile.key_only:
        found.append(Condition("key", customer.is_key))
    if profile.buys:
        found.append(Condition("buys", customer.buys))
    if profile.asks_revenue:
        high_enough = profile.revenue_from is None or customer.revenue >= profile.revenue_from
        low_enough = profile.revenue_to is None or customer.revenue <= profile.revenue_to
        found.append(Condition("revenue", high_enough and low_enough))
    return Fit(found)


def _among(value: str, wanted: Sequence[str]) -> bool | None:
    if not value.strip():
        return None
    return value.strip().casefold() in {each.strip().casefold() for each in wanted}
