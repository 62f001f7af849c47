"""Reading many tables as of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def consistent_read() -> Iterator[None]:
    """Let all queries inside see the database as it was at the first one, whatever others commit meanwhile.

    PostgreSQL takes a snapshot for the whole transaction; SQLite lets nobody write until it ends. Inside another
    transaction, whose isolation cannot be changed any more, it adds nothing.
    """
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
