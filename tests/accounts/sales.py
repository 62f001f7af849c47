"""Sales for tests of figures: lines, and the roll-ups that belong to them."""

from collections import defaultdict

from accounts.models import AccountMonth, SalesLine, SalesOrder
from tests.factories import make_line


def make_lines(account, *rows, **values):
    """Write lines of (order number, day, amount) and the roll-ups of the account."""
    for order_no, day, amount in rows:
        make_line(account, amount, day, order_no=order_no, **values)
    roll_up([account.pk])


def roll_up(account_ids=None):
    """Rebuild orders and months from the lines, in the plainest way there is."""
    lines = (
        SalesLine.objects.all() if account_ids is None else SalesLine.objects.filter(account__in=account_ids)
    )
    orders = defaultdict(lambda: [0, 0, 0, 0])
    for account, order_no, day, amount in lines.values_list(
        "account_id", "order_no", "ordered_on", "amount"
    ).iterator(20_000):
        row = orders[account, order_no, day]
        row[0] += max(amount, 0)
        row[1] += amount
        row[2] += amount > 0
        row[3] += amount < 0
    months = defaultdict(lambda: [0, 0, 0, 0])
    for (account, _order_no, day), (gross, net, positive, _reversing) in orders.items():
        row = months[account, day.replace(day=1)]
        row[0] += gross
        row[1] += net
        row[2] += positive > 0
        row[3] += positive
    touched = {account for account, _order_no, _day in orders}
    SalesOrder.objects.filter(account__in=touched).delete()
    AccountMonth.objects.filter(account__in=touched).delete()
    SalesOrder.objects.bulk_create(
        (
            SalesOrder(
                account_id=a, order_no=no, ordered_on=day, gross=g, net=n, lines=positive, reversals=reversing
            )
            for (a, no, day), (g, n, positive, reversing) in orders.items()
        ),
        batch_size=2_000,
    )
    AccountMonth.objects.bulk_create(
        (
            AccountMonth(account_id=a, month=month, gross=g, net=n, orders=count, lines=positive)
            for (a, month), (g, n, count, positive) in months.items()
        ),
        batch_size=2_000,
    )
