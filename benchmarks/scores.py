"""P7, P8, P12: score runs, ratings by rule and the stability of a ranking, beside plain SQL and plain numpy."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from time import perf_counter
from uuid import uuid4

import numpy as np
from django.db import connection

from accounts.facts import facts_table
from benchmarks.browser import leader
from benchmarks.facts import SCAN, sql
from benchmarks.measure import Row, Size, benchmark, milliseconds, once
from scoring.actions.runs import compute_run, create_run
from scoring.actions.scoring_models import Draft, Item, Provenance, create_model
from scoring.models import Criterion, Score, ScoreRun, ScoringModel
from scoring.provisional import provisional
from scoring.rules import apply_rule
from scoring.stability import Cut, Uncertainty, stability

AS_OF = date(2026, 6, 1)
# From this percentage of its progress on a run has stored its scores.
STORED = 97
# The shortest of as many, floor and product in turn: what else runs on the machine only adds.
TIMES = 3
RULED, SAMPLES = ("revenue", "orders", "average_transaction_size", "tenure_days", "recency_days"), 9_604
# The whole work in one statement: weighted sums, positions, ranks and components, into the table of scores.
STATEMENT = """
INSERT INTO scoring_score (run_id, account_id, position, rank, total, low, high, completeness, facts, ratings)
SELECT %s, account_id, ROW_NUMBER() OVER (ORDER BY total DESC, account_id), RANK() OVER (ORDER BY total DESC),
    total, total, total, 1, '[]', ratings
FROM (SELECT account_id, SUM(value * 0.2) AS total, {ratings} AS ratings FROM scoring_rating
    WHERE submitted_at IS NOT NULL AND rated_on <= '2026-06-01' GROUP BY account_id) AS sums
"""


def ranked_model() -> ScoringModel:
    """Write a model of the five criteria that everybody has been rated by."""
    items = [
        Item(criterion) for criterion in Criterion.objects.filter(code__startswith="bench-").order_by("code")
    ]
    draft = Draft(items, Provenance("typed", {"weights": [0.2] * len(items)}))
    return create_model(f"Bench {uuid4().hex[:6]}", draft, by=leader())


def _plain(run: ScoreRun) -> None:
    array = "json_group_array(value)" if connection.vendor == "sqlite" else "json_agg(value)"
    key = str(run.pk) if connection.vendor == "postgresql" else run.pk.hex
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(ratings=array), [key])


@benchmark("P7")
def score_run(size: Size) -> Iterator[Row]:
    floors, products = [], []
    for _ in range(TIMES):
        model = ranked_model()  # one of its own: a second run of the same would find that nothing has changed
        plain, run, again = (create_run(model, as_of=AS_OF, by=leader(), queue=False) for _ in range(3))
        floors.append(once(partial(_plain, plain)))
        Score.objects.filter(run=plain).delete()
        products.append(_stored_and_whole(run))
    floor, (stored, whole) = min(floors), map(min, zip(*products, strict=True))
    yield Row("P7", f"score run, {size.accounts:,} × 5, stored", stored, floor=floor, limit=1.5)
    yield Row("P7", "  the same with certainty", whole, floor=floor)
    middle = Score.objects.filter(run=run, position=size.accounts // 2).select_related("account").get()
    shown = milliseconds(lambda: provisional(middle.account, run))
    yield Row("P7", "  one edited rating: its new score and rank", shown, limit=20)
    yield Row("P7", "  again, nothing has changed", once(lambda: compute_run(again)), floor=floor, limit=1)


def _stored_and_whole(run: ScoreRun) -> tuple[float, float]:
    """Compute a run, and return the milliseconds until its scores are stored and until it ends."""
    stored: list[float] = []

    def work() -> None:
        start = perf_counter()

        def report(percent: float, *words: object, **values: object) -> None:
            if percent >= STORED:
                stored.append((perf_counter() - start) * 1000)

        compute_run(run, report=report)

    whole = once(work)
    return stored[0], whole


@benchmark("P8")
def rules(size: Size) -> Iterator[Row]:
    def rated() -> None:
        table = facts_table(list(RULED), as_of=AS_OF)
        for code in RULED:
            apply_rule({"type": "linear", "bounds": "portfolio"}, table.values[code])

    floor = milliseconds(sql(SCAN), times=3)
    yield Row("P8", "five ratings by rule, all accounts", milliseconds(rated, times=3), floor=floor, limit=2)


@benchmark("P12")
def sampled_stability(size: Size) -> Iterator[Row]:
    chance = np.random.default_rng(1)
    ratings = chance.uniform(1, 10, (5_000, 5))

    def plain() -> None:
        weights = chance.dirichlet(np.ones(5), SAMPLES)
        for block in np.array_split(weights, 40):
            totals = ratings @ block.T
            line = np.partition(totals, len(ratings) - 20, axis=0)[len(ratings) - 20]
            (totals >= line).sum(axis=1)

    floor = once(plain)
    product = once(lambda: stability(ratings, [0.2] * 5, Cut(top=20), Uncertainty(samples=SAMPLES)))
    yield Row("P12", "stability, 5,000 accounts × 9,604 samples", product, floor=floor, limit=2)
