"""Amounts between the database and the reader: exact, and in one form everywhere."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import BigIntegerField, Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler

# The smallest unit an amount column can hold; whole units add up exactly, also where a database sums floats.
UNIT = Decimal("0.0001")
PER_ONE = 10_000


class Units(Func):
    """An amount as a whole number of ten-thousandths."""

    output_field = BigIntegerField()
    template = "CAST(ROUND((%(expressions)s) * 10000) AS BIGINT)"
    arity = 1


class DayNumber(Func):
    """A date as a running number of days, so that two of them can be subtracted on every database."""

    output_field = IntegerField()
    template = "(%(expressions)s - DATE '2000-01-01')"
    arity = 1

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(julianday(%(expressions)s) AS INTEGER)")


def from_units(units: int | None) -> Decimal:
    """Return the amount that so many ten-thousandths are; nothing is zero."""
    return Decimal(units or 0) * UNIT


def amount_text(value: Decimal | None) -> str | None:
    """Return an amount as the API writes it: rounded half up to four decimals, with at least two of them."""
    if value is None:
        return None
    whole, _point, decimals = f"{value.quantize(UNIT, ROUND_HALF_UP):f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
