"""What accounts leave after discounts, goods and service: the books of one account, or of all."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from accounts.amounts import Units, from_units
from accounts.models import Account, SalesOrder
from goals.costs import cost_of_minutes, minutes_of, other_costs
from goals.models import CostRates
from goals.periods import Period
from goals.profitability import AccountBooks, Contribution, Movement, account_contribution

Books = dict[UUID, AccountBooks]


@dataclass(frozen=True, slots=True)
class AccountResult:
    """An account's books and contribution in a period; ``costed`` is false while no line states its cost."""

    books: AccountBooks
    contribution: Contribution
    costed: bool
    minutes: int

    def fell_while_rising(self, before: "AccountResult") -> bool:
        """Whether the contribution fell while the revenue rose, where costs are known in both periods."""
        now, then = self.contribution, before.contribution
        fell = self.costed and before.costed and now.contribution < then.contribution
        return fell and now.net_revenue > then.net_revenue


def account_result(account: Account, period: Period) -> AccountResult:
    """Return the contribution of one account, in four queries."""
    books, costed, minutes = _books(period, SalesOrder.objects.filter(account=account), [account.pk])
    found = books.get(account.pk, AccountBooks(Decimal(0)))
    return AccountResult(found, account_contribution(found), account.pk in costed, minutes.get(account.pk, 0))


def all_books(period: Period) -> tuple[Books, set[UUID]]:
    """Return the books of all accounts whoever looks after them: for reports to sales leadership."""
    books, costed, _minutes = _books(period, SalesOrder.objects.all(), None)
    return books, costed


def movements(before: Books, after: Books) -> list[Movement]:
    """Return revenue and contribution of both periods for every account that is in one of them."""
    none = AccountBooks(Decimal(0))
    found = []
    for pk in before.keys() | after.keys():
        old, new = (account_contribution(books.get(pk, none)) for books in (before, after))
        found.append(Movement(str(pk), old.net_revenue, new.net_revenue, old.contribution, new.contribution))
    return found


def _books(
    period: Period, orders: Any, accounts: Collection[UUID] | None
) -> tuple[Books, set[UUID], dict[UUID, int]]:
    rate = CostRates.current().hourly_rate
    rows = (
        orders.filter(ordered_on__gte=period.start, ordered_on__lt=period.end)
        .order_by()
        .values("account")
        .annotate(
            revenue=Sum(Units(F("net")), default=0),
            given=Sum(Units(F("discount")), default=0),
            goods=Sum(Units(F("cost")), filter=Q(cost__isnull=False)),
        )
        .values_list("account", "revenue", "given", "goods")
    )
    minutes, others = minutes_of(period, accounts), other_costs(period, accounts)
    books: Books = {}
    costed: set[UUID] = set()
    for pk, revenue, given, goods in rows:
        net, discount = from_units(revenue), from_units(given)
        if goods is not None:
            costed.add(pk)
        books[pk] = AccountBooks(
            list_revenue=net + discount,
            discounts=discount,
            cost_of_goods=from_units(goods),
            cost_to_serve=cost_of_minutes(minutes.get(pk, 0), rate),
            other_costs=others.get(pk, Decimal(0)),
        )
    # Costs go on where nothing was sold; of the whole portfolio only who bought is asked about.
    for pk in (others.keys() & set(accounts or ())) - books.keys():
        books[pk] = AccountBooks(Decimal(0), other_costs=others[pk])
    return books, costed, minutes
