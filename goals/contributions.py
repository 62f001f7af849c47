"""What accounts leave after discounts, goods and service; who earns and who costs; does the programme pay."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum
from django.utils import timezone

from accounts.amounts import Units, from_units
from accounts.models import Account, Activity, SalesOrder
from accounts.windows import months_before
from goals.comparison import Comparison, Subject, compare_matched, contribution_change
from goals.costs import other_costs
from goals.models import CostRates
from goals.periods import Period
from goals.profitability import AccountBooks, Contribution, Movement, account_contribution

QUARTERS = 8
Books = dict[UUID, AccountBooks]


@dataclass(frozen=True, slots=True)
class AccountResult:
    """An account's books and contribution in a period; ``costed`` is false while no line states its cost."""

    books: AccountBooks
    contribution: Contribution
    costed: bool
    minutes: int


def account_result(account: Account, period: Period) -> AccountResult:
    """Return the contribution of one account, in four queries."""
    books, costed, minutes = _books(period, SalesOrder.objects.filter(account=account), [account.pk])
    found = books.get(account.pk, AccountBooks(Decimal(0)))
    return AccountResult(found, account_contribution(found), account.pk in costed, minutes.get(account.pk, 0))


def books_of(period: Period, user: Any) -> tuple[Books, set[UUID]]:
    """Return the books of all accounts ``user`` sees in a period, and which of them have costs stated."""
    rows = SalesOrder.objects.all()
    if not user.sees_everything:
        rows = rows.filter(account__in=Account.objects.visible_to(user).order_by().values("pk"))
    books, costed, _minutes = _books(period, rows, None)
    return books, costed


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


def key_accounts_compared(user: Any, today: date) -> Comparison:
    """Compare key accounts with matched others over the last eight full quarters, by contribution.

    Only accounts that were key when the eight quarters began count as such. Raises CannotCompute where the
    sample is too small for an answer.
    """
    quarters = last_quarters(today, QUARTERS)
    books = [books_of(quarter, user)[0] for quarter in quarters]
    start = quarters[0].start
    year_before = Period(months_before(start, 12), start)
    two_before = Period(months_before(start, 24), months_before(start, 12))
    sizes, earlier = (_revenues(books_of(period, user)[0]) for period in (year_before, two_before))
    keys, others = [], []
    for pk, industry, key_since in Account.objects.visible_to(user).values_list(
        "pk", "industry", "key_since"
    ):
        size = sizes.get(pk, Decimal(0))
        if size <= 0:
            continue
        old = earlier.get(pk, Decimal(0))
        growth = float((size - old) / old) if old > 0 else 0.0
        outcome = contribution_change([_contribution(part.get(pk)) for part in books])
        subject = Subject(str(pk), industry, float(size), growth, outcome)
        if key_since is not None and key_since <= start:
            keys.append(subject)
        elif key_since is None:
            others.append(subject)
    return compare_matched(keys, others)


def last_quarters(today: date, count: int) -> list[Period]:
    """Return the last ``count`` full calendar quarters before ``today``, oldest first."""
    end = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    starts = [months_before(end, 3 * back) for back in range(count, -1, -1)]
    return [Period(*pair) for pair in pairwise(starts)]


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
    minutes, others = _minutes(period, accounts), other_costs(period, accounts)
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
            cost_to_serve=(rate * minutes.get(pk, 0) / 60).quantize(Decimal("0.01")),
            other_costs=others.get(pk, Decimal(0)),
        )
    # Costs go on where nothing was sold; of the whole portfolio only who bought is asked about.
    for pk in (others.keys() & set(accounts or ())) - books.keys():
        books[pk] = AccountBooks(Decimal(0), other_costs=others[pk])
    return books, costed, minutes


def _minutes(period: Period, accounts: Iterable[UUID] | None) -> dict[UUID, int]:
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (period.start, period.end))
    rows = Activity.objects.filter(occurred_at__gte=start, occurred_at__lt=end, minutes__isnull=False)
    rows = rows.filter(account__isnull=False) if accounts is None else rows.filter(account__in=list(accounts))
    return dict(
        rows.order_by().values("account").annotate(total=Sum("minutes")).values_list("account", "total")
    )


def _revenues(books: Books) -> dict[UUID, Decimal]:
    return {pk: account_contribution(row).net_revenue for pk, row in books.items()}


def _contribution(books: AccountBooks | None) -> Decimal:
    return account_contribution(books).contribution if books else Decimal(0)
