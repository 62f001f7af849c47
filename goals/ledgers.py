"""Revenue and contribution of every account in some periods, summed by the database in one statement.

A portfolio may have a hundred thousand accounts: amounts stay columns of whole ten-thousandths until somebody
reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import F, Q, QuerySet, Sum
from numpy.typing import NDArray

from accounts.amounts import PER_ONE, Units, from_units
from accounts.models import Account, AccountMonth
from goals.costs import other_costs, service_costs
from goals.periods import Period
from goals.profitability import Movement


@dataclass(frozen=True, slots=True)
class Ledgers:
    """A row for each account that sold in one of the periods, a column for each period.

    ``costed`` says whether a line of the period states its cost; amounts of a period without sales are 0.
    ``keys`` are as the database gives them: only those that are shown become UUIDs.
    """

    keys: Sequence[Any]
    revenue: NDArray[np.int64]
    contribution: NDArray[np.int64]
    sold: NDArray[np.bool_]
    costed: NDArray[np.bool_]

    def account(self, row: int) -> UUID:
        """Return the account of a row."""
        return UUID(str(self.keys[row]))

    def movement(self, row: int) -> Movement:
        """Return how the account of a row moved from the first period to the second, as amounts."""
        units = (*self.revenue[row, :2], *self.contribution[row, :2])
        return Movement(str(self.account(row)), *(from_units(int(amount)) for amount in units))


def ledgers_of(periods: Sequence[Period], user: Any) -> Ledgers:
    """Return the ledgers of the accounts ``user`` sees; periods are whole months."""
    rows = AccountMonth.objects.all()
    if not user.sees_everything:
        rows = rows.filter(account__in=Account.objects.visible_to(user).order_by().values("pk"))
    return _ledgers(periods, rows)


def ledgers_of_accounts(periods: Sequence[Period], accounts: Sequence[UUID]) -> Ledgers:
    """Return the ledgers of some accounts, whoever looks after them; periods are whole months."""
    return _ledgers(periods, AccountMonth.objects.filter(account__in=accounts))


def _ledgers(periods: Sequence[Period], rows: QuerySet[AccountMonth]) -> Ledgers:
    keys, net, cost = _sums(periods, rows)
    sold, costed = net != None, cost != None  # noqa: E711 - asked of every element
    revenue = np.where(sold, net, 0).astype(np.int64)
    contribution = revenue - np.where(costed, cost, 0).astype(np.int64)
    # What goes on where nothing was sold is left out, as in the books of one period.
    contribution -= np.where(sold, _served(periods, keys), 0)
    return Ledgers(keys, revenue, contribution, sold, costed)


def _sums(periods: Sequence[Period], rows: QuerySet[AccountMonth]) -> tuple[list[Any], Any, Any]:
    """Return keys of accounts, and their net and cost by period; None where no line, or no line with a cost, was."""
    start, end = min(each.start for each in periods), max(each.end for each in periods)
    wanted = {
        f"{name}_{place}": Sum(Units(F(name)), filter=Q(month__gte=each.start, month__lt=each.end))
        for name in ("net", "cost")
        for place, each in enumerate(periods)
    }
    within = rows.filter(month__gte=start, month__lt=end).order_by()
    sums = within.values("account").annotate(**wanted).values_list("account", *wanted)
    with connection.cursor() as cursor:
        cursor.execute(*sums.query.sql_with_params())
        found = cursor.fetchall()
    amounts = np.array([row[1:] for row in found], dtype=object).reshape(len(found), 2, len(periods))
    return [row[0] for row in found], amounts[:, 0], amounts[:, 1]


def _served(periods: Sequence[Period], keys: Sequence[Any]) -> NDArray[np.int64]:
    """Return what logged hours and imported costs took from each account in each period."""
    served = np.zeros((len(keys), len(periods)), dtype=np.int64)
    places = {key: row for row, key in enumerate(keys)}
    key_of = Account._meta.pk.get_db_prep_value
    for column, period in enumerate(periods):
        for costs in (service_costs(period, None), other_costs(period, None)):
            for pk, cost in costs.items():
                if (row := places.get(key_of(pk, connection))) is not None:
                    served[row, column] += int(cost * PER_ONE)
    return served
