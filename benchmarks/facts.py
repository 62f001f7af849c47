"""Facts and concentration of many accounts, beside the plain SQL that reads the same rows once.

    .venv/bin/python benchmarks/facts.py [ACCOUNTS] [ORDERS]

Makes ACCOUNTS accounts (20,000) with ORDERS orders (20) of two lines each in a database of its own: SQLite in
memory, or a test database beside the one that TEST_DATABASE_URL names. Everything runs in
one process, one after the other; the best of three counts, so that the ratios hold on any machine.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

AS_OF = date(2025, 12, 31)
SCAN = """
SELECT account_id, SUM(net), COUNT(DISTINCT CASE WHEN lines > 0 THEN order_no END), MIN(ordered_on), MAX(ordered_on)
FROM accounts_salesorder WHERE ordered_on <= '2025-12-31' GROUP BY account_id
"""
OFFERINGS = """
SELECT account_id, COUNT(DISTINCT offering_id) FROM accounts_salesline WHERE amount > 0 GROUP BY account_id
"""
CONCENTRATION = {
    "months": "SELECT account_id, SUM(net) AS net FROM accounts_accountmonth GROUP BY account_id ORDER BY net DESC",
    "orders": "SELECT account_id, SUM(net) AS net FROM accounts_salesorder WHERE ordered_on >= '2025-01-15'"
    " GROUP BY account_id ORDER BY net DESC",
}


def orders_between(first: date, last: date) -> str:
    """Return the plain statement of a period's concentration, both days included."""
    return (
        "SELECT account_id, SUM(net) AS net FROM accounts_salesorder"
        f" WHERE ordered_on BETWEEN '{first}' AND '{last}' GROUP BY account_id ORDER BY net DESC"
    )


@dataclass(frozen=True)
class Dialect:
    """The few words in which the two databases differ."""

    key: str
    chance: str
    day: str
    month: str
    yes: str
    no: str


SQLITE = Dialect(
    key="lower(hex(randomblob(16)))",
    chance="(abs(random()) % 1000000)",
    day="date('2024-01-01', '+' || (abs(random()) % 730) || ' days')",
    month="date(ordered_on, 'start of month')",
    yes="1",
    no="0",
)
POSTGRES = Dialect(
    key="gen_random_uuid()",
    chance="floor(random() * 1000000)::int",
    day="DATE '2024-01-01' + floor(random() * 730)::int",
    month="date_trunc('month', ordered_on)::date",
    yes="true",
    no="false",
)


def statements(orders: int, d: Dialect) -> list[str]:
    """Return what writes offerings, orders, lines and months with the database's own means."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
    return [
        "INSERT INTO accounts_offering"
        " (id, version, created_at, updated_at, code, name, kind, is_active, search_text) "
        + numbers.format(200)
        + f" SELECT {d.key}, 1, '2024-01-01', '2024-01-01', 'P' || i, 'P' || i, 'goods', {d.yes}, '' FROM n",
        "INSERT INTO accounts_salesorder"
        " (account_id, order_no, ordered_on, gross, net, lines, reversals, discount, cost) "
        + numbers.format(orders)
        + f" SELECT a.id, 'O' || n.i, {d.day}, {d.chance} / 100.0, 0, 2, 0, 0, 0 FROM accounts_account a, n",
        "UPDATE accounts_salesorder SET net = gross, cost = ROUND(gross * 0.6, 2)",
        "INSERT INTO accounts_salesline (line_key, content_hash, row_number, account_id, offering_id, order_no,"
        " line_no, ordered_on, quantity, unit_price, amount, cost_amount, currency, country, is_reversal)"
        f" SELECT {d.key}, 0, 0, o.account_id, p.id, o.order_no, '', o.ordered_on, 1, o.gross / 2, o.gross / 2,"
        f" o.cost / 2, 'EUR', '', {d.no} FROM accounts_salesorder o JOIN accounts_offering p"
        " ON p.code IN ('P' || (o.id % 200), 'P' || ((o.id * 7 + 1) % 200))",
        "INSERT INTO accounts_accountmonth (account_id, month, gross, net, orders, lines, cost)"
        f" SELECT account_id, {d.month}, SUM(gross), SUM(net), COUNT(*), SUM(lines), SUM(cost)"
        " FROM accounts_salesorder GROUP BY 1, 2",
        "ANALYZE",
    ]


def fill(accounts: int, orders: int) -> None:
    from django.db import connection

    from accounts.models import Account

    Account.objects.bulk_create(
        [Account(name=f"Customer {n}", sort_key=f"{n:08}") for n in range(accounts)], batch_size=500
    )
    with connection.cursor() as cursor:
        for statement in statements(orders, SQLITE if connection.vendor == "sqlite" else POSTGRES):
            cursor.execute(statement)


def sql(statement: str) -> Callable[[], None]:
    from django.db import connection

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.fetchall()

    return run


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of some runs, in seconds."""
    taken = []
    for _number in range(times):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return min(taken)


def report(name: str, work: Callable[[], object], floor: float, floor_name: str) -> None:
    seconds = best(work)
    print(f"{name:<44} {seconds * 1000:10.1f} ms   {seconds / floor:6.2f} × {floor_name}")


def measure() -> None:
    from accounts.facts import FACTS, account_facts, facts_table
    from accounts.models import Account
    from kam.users.models import User
    from reports.queries.portfolio import Question, holders, portfolio

    leader = User(email="bench@example.com", role="leader")
    scan, offerings = best(sql(SCAN)), best(sql(OFFERINGS))
    print(f"{'plain SQL: one scan of the orders':<44} {scan * 1000:10.1f} ms")
    print(f"{'plain SQL: one scan of the lines':<44} {offerings * 1000:10.1f} ms")
    cheap = ["revenue", "orders", "average_transaction_size", "tenure_days", "recency_days"]
    report("five facts from the orders", lambda: facts_table(cheap, as_of=AS_OF), scan, "scan of the orders")
    for code in ("growth", "median_transaction_size", "median_gap_days"):
        report(
            code, lambda code=code: facts_table([code], as_of=AS_OF, window="12m"), scan, "scan of the orders"
        )
    both = scan + offerings
    report("distinct_offerings", lambda: facts_table(["distinct_offerings"], as_of=AS_OF), both, "both scans")
    report("all ten facts", lambda: facts_table(list(FACTS), as_of=AS_OF), both, "both scans")
    for name, question in (("months", Question()), ("orders", Question(start=date(2025, 1, 15)))):

        def page(question: Question = question) -> None:
            found = portfolio(leader, question)
            found.concentration()
            holders(leader, found)

        report(f"concentration from the {name}", page, best(sql(CONCENTRATION[name])), "plain SQL")
    account = Account.objects.order_by("pk")[0]
    one = best(lambda: account_facts(account, as_of=AS_OF), 20)
    print(f"{'all facts of one account':<44} {one * 1000:10.1f} ms")


def main(accounts: int = 20_000, orders: int = 20) -> None:
    with tempfile.TemporaryDirectory(prefix="kam-bench-") as place:
        os.environ |= {"KAM_DATA_DIR": place, "DJANGO_SETTINGS_MODULE": "kam.settings"}
        os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
        os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
        import django

        django.setup()
        from django.db import connection
        from django.test.utils import setup_databases, teardown_databases

        databases = setup_databases(verbosity=0, interactive=False)
        try:
            start = perf_counter()
            fill(accounts, orders)
            size = f"{accounts:,} accounts, {accounts * orders:,} orders, {accounts * orders * 2:,} lines"
            print(f"{connection.vendor}: {size}, written in {perf_counter() - start:.0f} s")
            measure()
        finally:
            teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
