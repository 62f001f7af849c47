"""A score run beside the one statement that ranks the same ratings, and stability beside its numpy floor.

    .venv/bin/python benchmarks/scoring.py [ACCOUNTS]

Makes ACCOUNTS accounts (100,000) with five ratings each in a database of its own: SQLite in memory, or a test
database beside the one that TEST_DATABASE_URL names. Best of three; the figures are ratios of one process.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

AS_OF = date(2026, 6, 30)
# Weighted sum and rank of all ratings, written with the key in the form the product stores: two JSON lists.
FLOOR = """
INSERT INTO scoring_score (run_id, account_id, position, rank, total, low, high, completeness, facts, ratings)
SELECT %s, account_id, ROW_NUMBER() OVER (ORDER BY total DESC, account_id), RANK() OVER (ORDER BY total DESC),
       total, total, total, 1.0, '[null, null, null, null, null]', {json}
FROM (SELECT account_id, SUM(value * CASE {weights} END) AS total, {lists}
      FROM scoring_rating GROUP BY account_id) AS summed
"""


def main(accounts: int) -> None:
    with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
        os.environ["KAM_DATA_DIR"] = folder
        in_database(accounts)


def in_database(accounts: int) -> None:
    """Measure in a database of its own, which goes afterwards."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    old = setup_databases(verbosity=0, interactive=False)
    try:
        measure(accounts)
    finally:
        teardown_databases(old, verbosity=0)


def measure(accounts: int) -> None:
    from django.db import connection

    from scoring.actions.runs import compute_run, create_run
    from scoring.certainty import certainty_rows

    model = make_data(accounts)
    run = create_run(model, as_of=AS_OF, by=None, queue=False)
    product = best(lambda: compute_run(run))
    sure = best(lambda: certainty_rows(run))
    floor = best(lambda: single_statement(model, create_run(model, as_of=AS_OF, by=None, queue=False)))
    numpy = best(lambda: numpy_floor(min(accounts, 5_000), 5))
    run_alone = product - sure
    print(f"{connection.vendor}, {accounts:,} accounts x 5 ratings")
    print(f"one statement              {floor:8.2f} s")
    print(f"score run                  {run_alone:8.2f} s   {run_alone / floor:6.2f} x")
    print(f"numpy floor of stability   {numpy:8.2f} s")
    print(f"stability of 5,000         {sure:8.2f} s   {sure / numpy:6.2f} x")


def make_data(accounts: int) -> Any:
    """Write accounts, five criteria and a rating of one person for each cell."""
    import random

    from django.utils import timezone

    from accounts.models import Account
    from scoring.models import Rating
    from tests.factories import make_criterion, make_model, make_user

    dice, rater = random.Random(1), make_user()
    criteria = [make_criterion() for _ in range(5)]
    made = Account.objects.bulk_create([Account(name=f"A{n}") for n in range(accounts)], batch_size=5_000)
    for start in range(0, accounts, 5_000):
        Rating.objects.bulk_create(
            Rating(
                account=account,
                criterion=criterion,
                rater=rater,
                value=dice.randrange(1, 11),
                rated_on=date(2026, 1, 1),
                submitted_at=timezone.now(),
            )
            for account in made[start : start + 5_000]
            for criterion in criteria
        )
    return make_model(*zip(criteria, (0.4567, 0.2567, 0.1567, 0.09, 0.0399), strict=True))


def single_statement(model: Any, run: Any) -> None:
    from django.db import connection, transaction

    to_id = model._meta.pk.get_db_prep_value
    items = list(model.items.all())
    keys = [to_id(item.criterion_id, connection) for item in items]
    quoted = [f"'{key}'" for key in keys]
    whens = [f"WHEN criterion_id = {k} THEN {i.weight}" for k, i in zip(quoted, items, strict=True)]
    lists = [f"SUM(CASE WHEN criterion_id = {k} THEN value END) AS r{n}" for n, k in enumerate(quoted)]
    names = ", ".join(f"r{n}" for n in range(len(items)))
    text = "json_array" if connection.vendor == "sqlite" else "jsonb_build_array"
    statement = FLOOR.format(json=f"{text}({names})", weights=" ".join(whens), lists=", ".join(lists))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [to_id(run.pk, connection)])


def numpy_floor(accounts: int, criteria: int) -> None:
    """Draw weights, add up and count who is above the line: the least that sampling can do."""
    import numpy as np

    generator = np.random.default_rng(1)
    ratings = generator.uniform(1, 10, (criteria, accounts))
    above = np.zeros(accounts, dtype=np.int64)
    for weights in np.array_split(np.sort(generator.dirichlet(np.ones(criteria), 9_604))[:, ::-1], 400):
        totals = weights @ ratings
        line = np.partition(totals, accounts - 12, axis=1)[:, accounts - 12, None]
        above += (totals >= line).sum(axis=0)


def best(work: Callable[[], Any], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return min(found)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
