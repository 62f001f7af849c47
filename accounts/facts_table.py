"""Facts of all accounts at once, aggregated by the database; see accounts/facts.py for what they mean.

Amounts are added up as whole ten-thousandths, so that they are exact on every database. A median cannot be
written with Django's ORM: the innermost query is the ORM's, the statements around it are constants here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connections
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from numpy.typing import NDArray

from accounts.amounts import PER_ONE, DayNumber, Units
from accounts.models import Account, SalesLine, SalesOrder
from accounts.windows import Span, parse_basis, parse_window

Column = NDArray[np.float64]

TOTALS = ("account", "units", "counted", "positive", "first_on", "last_on", "units_before")

# The middle row, or the two middle rows, of each account; their mean is the median.
MIDDLE = """
ranked AS (
    SELECT account_id, value,
           ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY value) AS place,
           COUNT(*) OVER (PARTITION BY account_id) AS n
    FROM valued
)
SELECT account_id, SUM(value), COUNT(*) FROM ranked
WHERE 2 * place BETWEEN n AND n + 2
GROUP BY account_id
"""
ORDER_SIZES = """
WITH valued AS (
    SELECT account_id, SUM(units) AS value FROM ({rows}) AS placed
    GROUP BY account_id, order_no HAVING SUM(lines) > 0
),
"""
ORDER_GAPS = """
WITH days AS (SELECT DISTINCT account_id, day FROM ({rows}) AS placed WHERE lines > 0),
lengths AS (
    SELECT account_id, day - LAG(day) OVER (PARTITION BY account_id ORDER BY day) AS value FROM days
),
valued AS (SELECT account_id, value FROM lengths WHERE value IS NOT NULL),
"""


@dataclass(frozen=True, slots=True)
class FactsTable:
    """One row an account, in the order of the ids: ``values[code][i]`` belongs to ``account_ids[i]``.

    NaN stands for what cannot be said. Amounts are in the reporting currency, growth is a share.
    """

    account_ids: list[UUID]
    values: dict[str, Column]


def facts_table(
    codes: list[str],
    *,
    as_of: date,
    window: str = "all",
    basis: str = "net",
    accounts: QuerySet[Account] | None = None,
) -> FactsTable:
    """Return the facts named by ``codes`` for all accounts with orders up to ``as_of``, in at most five
    queries.

    With ``accounts`` given, every one of them has a row, whether it has orders or not. Raises InvalidInput
    for an unknown window or basis and KeyError for an unknown code.
    """
    table = _Table(parse_window(window).span(as_of), parse_window(window).previous(as_of), basis, accounts)
    table.load()
    return FactsTable(table.ids, {code: table.column(code, as_of) for code in codes})


class _Table:
    """The columns of one call: the totals first, the dearer ones when they are asked for."""

    def __init__(
        self, span: Span, before: Span | None, basis: str, accounts: QuerySet[Account] | None
    ) -> None:
        self.span, self.before, self.basis, self.accounts = span, before, parse_basis(basis), accounts
        self.ids: list[UUID] = []
        self.rows: list[tuple[Any, ...]] = []
        self.places: dict[UUID, int] = {}

    def load(self) -> None:
        """Read the totals, and with them which accounts there are."""
        totals = self._totals()
        if self.accounts is None:
            self.rows = [row for row in totals if row[4] is not None]
            self.ids = [row[0] for row in self.rows]
        else:
            known = {row[0]: row for row in totals}
            self.ids = list(self.accounts.order_by("pk").values_list("pk", flat=True))
            self.rows = [known.get(pk, (pk, 0, 0, 0, None, None, 0)) for pk in self.ids]
        self.places = {pk: place for place, pk in enumerate(self.ids)}

    def column(self, code: str, as_of: date) -> Column:
        """Return the values of one fact, one for each account."""
        if code == "average_transaction_size":
            return _divide(self._total(1) / PER_ONE, self._total(2))
        if code == "median_transaction_size":
            return self._medians(ORDER_SIZES) / PER_ONE
        if code == "median_gap_days":
            return self._medians(ORDER_GAPS)
        if code == "growth":
            return self._growth()
        if code == "distinct_offerings":
            return self._offerings()
        if code in ("tenure_days", "recency_days"):
            return self._days_since(4 if code == "tenure_days" else 5, as_of)
        return self._total({"revenue": 1, "orders": 2, "lines": 3}[code]) / (
            PER_ONE if code == "revenue" else 1
        )

    def _totals(self) -> list[tuple[Any, ...]]:
        """Return a row of TOTALS for each account with any line up to the day of reckoning."""
        now, ever = _within(self.span), Q(lines__gt=0)
        before = _within(self.before) if self.before else Q(pk__in=[])
        found = (
            self._orders()
            .values("account")
            .order_by("account")
            .annotate(
                units=Sum(Units(F(self.basis)), filter=now, default=0),
                counted=Count("order_no", distinct=True, filter=now & ever),
                positive=Sum("lines", filter=now, default=0),
                first_on=Min("ordered_on", filter=ever),
                last_on=Max("ordered_on", filter=ever),
                units_before=Sum(Units(F(self.basis)), filter=before, default=0),
            )
        )
        return list(found.values_list(*TOTALS))

    def _orders(self) -> QuerySet[SalesOrder]:
        return self._of_accounts(SalesOrder.objects.filter(ordered_on__lt=self.span.end))

    def _of_accounts(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return (
            rows if self.accounts is None else rows.filter(account__in=self.accounts.order_by().values("pk"))
        )

    def _total(self, place: int) -> Column:
        return np.array([row[place] for row in self.rows], dtype=np.float64)

    def _days_since(self, place: int, as_of: date) -> Column:
        today = as_of.toordinal()
        return np.array(
            [np.nan if row[place] is None else today - row[place].toordinal() for row in self.rows],
            dtype=np.float64,
        )

    def _growth(self) -> Column:
        if self.before is None:
            return np.full(len(self.ids), np.nan)
        previous = self._total(6)
        return _divide(self._total(1) - previous, previous)

    def _offerings(self) -> Column:
        lines = SalesLine.objects.gross().between(self.span.start, self.span.end)
        counts = (
            self._of_accounts(lines.filter(offering__isnull=False))
            .values("account")
            .order_by()
            .values_list("account", Count("offering", distinct=True))
        )
        return self._spread(dict(counts), missing=0)

    def _medians(self, statement: str) -> Column:
        rows = self._orders().filter(_within(self.span)).order_by()
        inner, parameters = (
            rows.annotate(units=Units(F(self.basis)), day=DayNumber(F("ordered_on")))
            .values("account_id", "order_no", "lines", "units", "day")
            .query.sql_with_params()
        )
        with connections[rows.db].cursor() as cursor:
            cursor.execute((statement + MIDDLE).replace("{rows}", inner), parameters)
            middles = {UUID(str(pk)): float(total) / count for pk, total, count in cursor.fetchall()}
        return self._spread(middles, missing=np.nan)

    def _spread(self, found: dict[UUID, float], missing: float) -> Column:
        """Put values by account id in the order of the table."""
        column = np.full(len(self.ids), missing, dtype=np.float64)
        for pk, value in found.items():
            if (place := self.places.get(pk)) is not None:
                column[place] = value
        return column


def _within(span: Span) -> Q:
    inside = Q(ordered_on__lt=span.end)
    return inside & Q(ordered_on__gte=span.start) if span.start else inside


def _divide(above: Column, below: Column) -> Column:
    """Return the quotients, NaN where the divisor is not positive."""
    return np.divide(above, below, out=np.full(above.size, np.nan), where=below > 0)
