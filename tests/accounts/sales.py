"""Sales for tests of figures: lines of named orders, and the roll-ups that belong to them."""

from accounts.rollup import refresh_rollups
from tests.factories import make_line


def make_lines(account, *rows, **values):
    """Write lines of (order number, day, amount) and refresh the roll-ups of the account."""
    for order_no, day, amount in rows:
        make_line(account, amount, day, order_no=order_no, **values)
    refresh_rollups([account.pk])
