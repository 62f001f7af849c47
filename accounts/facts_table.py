"""Facts of all accounts at once, aggregated by the database; see accounts/facts.py for what they mean.

Amounts are added up as whole ten-thousandths, so that they are exact on every database. A median cannot be
written with Django's ORM: the innermost query is the ORM's, the statements around it are constants here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connections
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from numpy.typing import NDArray

from accounts.amounts import PER_ONE, DayNumber, Units
from accounts.models import Account, SalesLine, SalesOrder
from accounts.windows import Span, parse_basis, parse_window
from kam.lib.models import KeyText

Column = NDArray[np.float64]

# The totals each fact is made of; what no fact of a call needs is not computed.
NEEDED = {
    "revenue": {"units"},
    "orders": {"counted"},
    "lines": {"positive"},
    "average_transaction_size": {"units", "counted"},
    "growth": {"units", "units_before"},
    "tenure_days": {"first_on"},
    "recency_days": {"last_on"},
}
DAYS = ("first_on", "last_on")

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
    """One row an account, in the order of the ids: ``values[code][i]`` belongs to the id of ``keys[i]``.

    ``keys`` are the ids as KeyText. NaN stands for what cannot be said. Amounts are in the reporting currency,
    growth is a share.
    """

    keys: list[str]
    values: dict[str, Column]

    @property
    def account_ids(self) -> list[UUID]:
        return [UUID(key) for key in self.keys]


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
    looked_at = parse_window(window)
    table = _Table(looked_at.span(as_of), looked_at.previous(as_of), basis, accounts)
    table.load(set().union(*(NEEDED.get(code, set()) for code in codes)))
    return FactsTable(table.keys, {code: table.column(code, as_of) for code in codes})


class _Table:
    """The columns of one call: the totals first, the dearer ones when they are asked for."""

    def __init__(
        self, span: Span, before: Span | None, basis: str, accounts: QuerySet[Account] | None
    ) -> None:
        self.span, self.before, self.basis, self.accounts = span, before, parse_basis(basis), accounts
        self.keys: list[str] = []
        self.totals: dict[str, list[Any]] = {}
        self.places: dict[str, int] = {}

    def load(self, needed: set[str]) -> None:
        """Read the totals, and with them which accounts there are."""
        names = sorted(needed)
        rows: list[tuple[Any, ...]] = list(self._totals(names))
        if self.accounts is not None:
            known = {row[0]: row for row in rows}
            nothing = [None if name in DAYS else 0 for name in names]
            keys = self.accounts.order_by("pk").values_list(KeyText("pk"), flat=True)
            rows = [known.get(key, (key, *nothing)) for key in keys]
        self.keys = [row[0] for row in rows]
        self.totals = {name: [row[place] for row in rows] for place, name in enumerate(names, start=1)}

    def column(self, code: str, as_of: date) -> Column:
        """Return the values of one fact, one for each account."""
        if code == "revenue":
            return self._total("units") / PER_ONE
        if code in ("orders", "lines"):
            return self._total("counted" if code == "orders" else "positive")
        if code == "average_transaction_size":
            return _divide(self._total("units") / PER_ONE, self._total("counted"))
        if code == "growth":
            return self._growth()
        if code in ("tenure_days", "recency_days"):
            return self._days_since("first_on" if code == "tenure_days" else "last_on", as_of)
        return self._dearer[code]()

    @property
    def _dearer(self) -> dict[str, Callable[[], Column]]:
        """The facts that need a query of their own."""
        return {
            "median_transaction_size": lambda: self._medians(ORDER_SIZES) / PER_ONE,
            "median_gap_days": lambda: self._medians(ORDER_GAPS),
            "distinct_offerings": self._offerings,
        }

    def _totals(self, names: list[str]) -> Iterable[tuple[Any, ...]]:
        """Return the named totals for each account, if none were given for each with an order."""
        if not names and self.accounts is None:
            order = self._orders().filter(account=OuterRef("pk"), lines__gt=0)
            return Account.objects.filter(Exists(order)).order_by("pk").values_list(KeyText("pk"))
        now, ever = _within(self.span), Q(lines__gt=0)
        before = _within(self.before) if self.before else Q(pk__in=[])
        totals = {
            "units": Sum(Units(F(self.basis)), filter=now, default=0),
            "counted": Count("order_no", distinct=True, filter=now & ever),
            "positive": Sum("lines", filter=now, default=0),
            "first_on": Min("ordered_on", filter=ever),
            "last_on": Max("ordered_on", filter=ever),
            "units_before": Sum(Units(F(self.basis)), filter=before, default=0),
        }
        rows = self._orders().annotate(key=KeyText("account")).values("key").order_by("key")
        found: Any = rows.annotate(ever=Max("lines"), **{name: totals[name] for name in names})
        return (found.filter(ever__gt=0) if self.accounts is None else found).values_list("key", *names)

    def _orders(self) -> QuerySet[SalesOrder]:
        return self._of_accounts(SalesOrder.objects.filter(ordered_on__lt=self.span.end))

    def _of_accounts(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return (
            rows if self.accounts is None else rows.filter(account__in=self.accounts.order_by().values("pk"))
        )

    def _total(self, name: str) -> Column:
        return np.array(self.totals[name], dtype=np.float64)

    def _days_since(self, name: str, as_of: date) -> Column:
        today = as_of.toordinal()
        days = (np.nan if day is None else today - day.toordinal() for day in self.totals[name])
        return np.fromiter(days, dtype=np.float64, count=len(self.keys))

    def _growth(self) -> Column:
        if self.before is None:
            return np.full(len(self.keys), np.nan)
        previous = self._total("units_before")
        return _divide(self._total("units") - previous, previous)

    def _offerings(self) -> Column:
        lines = SalesLine.objects.gross().between(self.span.start, self.span.end)
        counts = (
            self._of_accounts(lines.filter(offering__isnull=False))
            .order_by()
            .annotate(key=KeyText("account"))
            .values("key")
            .values_list("key", Count("offering", distinct=True))
        )
        return self._spread(counts, missing=0)

    def _medians(self, statement: str) -> Column:
        rows = self._orders().filter(_within(self.span)).order_by()
        inner, parameters = (
            rows.annotate(units=Units(F(self.basis)), day=DayNumber(F("ordered_on")))
            .values("account_id", "order_no", "lines", "units", "day")
            .query.sql_with_params()
        )
        with connections[rows.db].cursor() as cursor:
            cursor.execute((statement + MIDDLE).replace("{rows}", inner), parameters)
            middles = [(str(key), float(total) / count) for key, total, count in cursor.fetchall()]
        return self._spread(middles, missing=np.nan)

    def _spread(self, found: Iterable[tuple[str, float]], missing: float) -> Column:
        """Put values by account in the order of the table."""
        self.places = self.places or {key: place for place, key in enumerate(self.keys)}
        column = np.full(len(self.keys), missing, dtype=np.float64)
        for key, value in found:
            if (place := self.places.get(key)) is not None:
                column[place] = value
        return column


def _within(span: Span) -> Q:
    inside = Q(ordered_on__lt=span.end)
    return inside & Q(ordered_on__gte=span.start) if span.start else inside


def _divide(above: Column, below: Column) -> Column:
    """Return the quotients, NaN where the divisor is not positive."""
    return np.divide(above, below, out=np.full(above.size, np.nan), where=below > 0)
