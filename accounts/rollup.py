"""The roll-ups of the sales lines, rebuilt in SQL: SalesOrder per account, order and day; AccountMonth per month."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max

from accounts.models import Account, AccountMonth, SalesLine, SalesOrder
from kam.integrations.models import ImportBatch

# SQLite sorts the lines of a step in memory.
ACCOUNTS_A_STEP = 1000
_LINE, _ORDER, _MONTH = (model._meta.db_table for model in (SalesLine, SalesOrder, AccountMonth))
_OFFERING = SalesLine._meta.get_field("offering").related_model._meta.db_table  # type: ignore[union-attr]  # a foreign key has a related model

# SQLite adds in binary floating point; rounding to the four places of an amount gives the exact sum back.
_ORDERS_OF_LINES = f"""
    SELECT account_id, order_no, ordered_on,
        ROUND(SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END), 4) AS gross,
        ROUND(SUM(amount), 4) AS net,
        SUM(CASE WHEN amount > 0 THEN 1 ELSE 0 END) AS lines,
        SUM(CASE WHEN is_reversal THEN 1 ELSE 0 END) AS reversals,
        ROUND(COALESCE(SUM(discount_amount), 0), 4) AS discount,
        ROUND(SUM(cost_amount), 4) AS cost
    FROM {_LINE} {{condition}} GROUP BY account_id, order_no, ordered_on
"""  # noqa: S608 - table names of our own
_MONTHS_OF_ORDERS = f"""
    SELECT account_id, {{month}} AS month, ROUND(SUM(gross), 4) AS gross, ROUND(SUM(net), 4) AS net,
        COUNT(DISTINCT CASE WHEN lines > 0 THEN order_no END) AS orders, SUM(lines) AS lines,
        ROUND(SUM(cost), 4) AS cost
    FROM {_ORDER} {{condition}} GROUP BY account_id, 2
"""  # noqa: S608 - table names of our own
_ORDER_COLUMNS = "account_id, order_no, ordered_on, gross, net, lines, reversals, discount, cost"
_MONTH_COLUMNS = "account_id, month, gross, net, orders, lines, cost"


@dataclass(frozen=True)
class Difference:
    """A roll-up row that does not equal the sum of its lines; None where one side has no such row."""

    table: str
    key: tuple[Any, ...]
    expected: tuple[Any, ...] | None
    stored: tuple[Any, ...] | None


def refresh_rollups(account_ids: Iterable[UUID] | None = None) -> int:
    """Rebuild the roll-ups of some accounts, or of all, and return the number of accounts.

    Each step of accounts is one transaction, so a reader sees an account's old figures or its new ones.
    """
    ids = iter(account_ids) if account_ids is not None else _all_accounts()
    done = 0
    while step := list(islice(ids, ACCOUNTS_A_STEP)):
        with transaction.atomic():
            _rebuild(step)
        done += len(step)
    return done


def sales_stamp() -> str:
    """Return a text that changes whenever sales do: with each import, its undo and each rebuilt roll-up."""
    imports = ImportBatch.objects.aggregate(last=Max("updated_at"), number=Count("pk"))
    rebuilt = AccountMonth.objects.aggregate(last=Max("pk"))
    return f"{imports['number']}.{imports['last'] and imports['last'].timestamp()}.{rebuilt['last']}"


def verify_rollups(limit: int = 100) -> list[Difference]:
    """Return where a roll-up differs from its lines, and lines whose account or offering is gone."""
    orders = _differences("order", _ORDERS_OF_LINES.format(condition=""), _ORDER, _ORDER_COLUMNS, 3, limit)
    months_of_orders = _MONTHS_OF_ORDERS.format(month=_month(), condition="")
    months = _differences("month", months_of_orders, _MONTH, _MONTH_COLUMNS, 2, limit)
    return (orders + months + _orphans(limit))[:limit]


def _all_accounts() -> Iterator[UUID]:
    return Account.objects.order_by("pk").values_list("pk", flat=True).iterator(ACCOUNTS_A_STEP)


def _rebuild(account_ids: list[UUID]) -> None:
    condition = f"WHERE account_id IN ({_listed()})"
    ids = [_parameter(account_ids)]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_ORDER} {condition}", ids)  # noqa: S608 - our own names
        cursor.execute(f"DELETE FROM {_MONTH} {condition}", ids)  # noqa: S608 - our own names
        orders = _ORDERS_OF_LINES.format(condition=condition)
        cursor.execute(f"INSERT INTO {_ORDER} ({_ORDER_COLUMNS}) {orders}", ids)
        months = _MONTHS_OF_ORDERS.format(month=_month(), condition=condition)
        cursor.execute(f"INSERT INTO {_MONTH} ({_MONTH_COLUMNS}) {months}", ids)


def _listed() -> str:
    """Return SQL that turns one parameter into a column of account ids."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::uuid[])"
    return "SELECT value FROM json_each(%s)"


def _parameter(account_ids: list[UUID]) -> Any:
    if connection.vendor == "postgresql":
        return [str(key) for key in account_ids]
    return "[" + ",".join(f'"{key.hex}"' for key in account_ids) + "]"


def _month() -> str:
    if connection.vendor == "postgresql":
        return "date_trunc('month', ordered_on)::date"
    # %% because Django formats the statement once more for its parameters
    return "strftime('%%Y-%%m-01', ordered_on)"


def _differences(
    name: str, expected: str, table: str, columns: str, keys: int, limit: int
) -> list[Difference]:
    stored = f"SELECT {columns} FROM {table}"  # noqa: S608 - our own names
    found: dict[tuple[Any, ...], list[tuple[Any, ...] | None]] = {}
    with connection.cursor() as cursor:
        for side, (left, right) in enumerate(((expected, stored), (stored, expected))):
            statement = f"SELECT * FROM ({left}) AS l EXCEPT SELECT * FROM ({right}) AS r LIMIT %s"  # noqa: S608 - our own names
            cursor.execute(statement, [limit])
            for row in cursor.fetchall():
                found.setdefault(row[:keys], [None, None])[side] = row[keys:]
    return [Difference(name, key, sides[0], sides[1]) for key, sides in found.items()]


def _orphans(limit: int) -> list[Difference]:
    found = []
    with connection.cursor() as cursor:
        for name, table in (("account", Account._meta.db_table), ("offering", _OFFERING)):
            statement = (
                f"SELECT l.id, l.{name}_id FROM {_LINE} l LEFT JOIN {table} t ON t.id = l.{name}_id"  # noqa: S608 - our own names
                f" WHERE l.{name}_id IS NOT NULL AND t.id IS NULL LIMIT %s"
            )
            cursor.execute(statement, [limit])
            found += [
                Difference(f"line without {name}", (row[0],), None, row[1:]) for row in cursor.fetchall()
            ]
    return found
