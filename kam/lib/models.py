"""Abstract bases of the project's tables."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connections, models
from django.db.models.sql.compiler import SQLCompiler

from kam.lib.ids import uuid7

# The largest numbers that integer columns hold everywhere: SQLite alone would take larger ones.
WHOLE_NUMBER = [MaxValueValidator(2_147_483_647)]
SMALL_NUMBER = [MaxValueValidator(32_767)]
# The largest amount that may be stated: SQLite keeps fifteen digits and rounds a longer amount up to one that its
# column cannot hold.
LARGEST_AMOUNT = Decimal(10) ** 13
AMOUNT_RANGE = [MinValueValidator(-LARGEST_AMOUNT), MaxValueValidator(LARGEST_AMOUNT)]


class UUIDModel(models.Model):
    """A row with a time-ordered public id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(UUIDModel):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class VersionedModel(TimestampedModel):
    """A row that people edit: every change counts ``version`` up (kam.lib.versions)."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class KeyText(models.Func):
    """A UUID as text, for reads of so many rows that a Python object for each would cost more than the query.

    The text is what the database stores (SQLite) or casts to (PostgreSQL): it sorts like the ids, looks them
    up, and can be written back as it is.
    """

    output_field = models.CharField()
    template = "%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s::text")


def plain_rows(rows: models.QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of ``values_list`` as the driver has them, without Django's conversion of every cell."""
    statement, parameters = rows.query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
