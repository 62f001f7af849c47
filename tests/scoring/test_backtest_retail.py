"""The back-test on a real order file, against a computation of the test's own from the file alone."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from kam.integrations import jobs
from tests.scoring.test_example import EXAMPLE
from tests.scoring.test_retail import facts, sales_rows
from tests.shared_data import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]
__all__ = ["facts"]
HORIZON, TOP = 180, 20
THEN = date(2011, 12, 9) - timedelta(days=HORIZON)
Orders = Mapping[tuple[str, str], tuple[date, float]]


def orders_of_the_file() -> Orders:
    """Return (customer, order) → day and amount."""
    amounts: dict[tuple[str, str], float] = defaultdict(float)
    days: dict[tuple[str, str], date] = {}
    for row in sales_rows(shared_data("online-retail-2010-2011")):
        key = (row["CustomerID"], row["InvoiceNo"])
        amounts[key] += float(row["Quantity"]) * float(row["UnitPrice"])
        days[key] = date.fromisoformat(row["InvoiceDate"][:10])
    return {key: (days[key], amount) for key, amount in amounts.items()}


def mapped(values: np.ndarray) -> np.ndarray:
    return 1 + 9 * (values - values.min()) / (values.max() - values.min())


def average_ranks(values: np.ndarray) -> np.ndarray:
    return np.array([(values < v).sum() + ((values == v).sum() + 1) / 2 for v in values])


def mean_of_top(by: np.ndarray, outcome: np.ndarray) -> float:
    return float(outcome[np.argsort(-by, kind="stable")[:TOP]].mean())


def expected(outcome: str) -> dict[str, float]:
    """Compute the back-test from the file: facts up to THEN, what happened in the horizon after it."""
    known: dict[str, list[tuple[date, float]]] = defaultdict(list)
    later: dict[str, float] = defaultdict(float)
    for (customer, _order), (day, amount) in orders_of_the_file().items():
        if day <= THEN:
            known[customer].append((day, amount))
        elif day <= THEN + timedelta(days=HORIZON):
            later[customer] += amount
    customers = sorted(known)
    revenue = np.array([sum(amount for _, amount in known[c]) for c in customers])
    size = revenue / np.array([len(known[c]) for c in customers])
    tenure = np.array([(THEN - min(day for day, _ in known[c])).days for c in customers], dtype=float)
    score = 0.5 * mapped(revenue) + 0.3 * mapped(size) + 0.2 * mapped(tenure)
    recent = THEN - timedelta(days=HORIZON)
    before = np.array([sum(amount for day, amount in known[c] if day > recent) for c in customers])
    after = np.array([later.get(c, 0.0) for c in customers])
    ordered = np.array([float(c in later) for c in customers])
    # Rounded to the four decimals that are stored: equal amounts are ties, whatever order they were added in.
    result = np.round({"growth": after - before, "revenue": after, "retention": ordered}[outcome], 4)
    return {
        "n": len(customers),
        "spearman": float(np.corrcoef(average_ranks(score), average_ranks(result))[0, 1]),
        "chosen": mean_of_top(score, result),
        "largest": mean_of_top(before, result),
        "everybody": float(result.mean()),
    }


@pytest.mark.parametrize("outcome", ["growth", "revenue", "retention"])
def test_the_backtest_says_what_the_file_says(api: Any, dana: Any, facts: Any, outcome: str) -> None:
    client = api(dana)
    model = client.post("/api/v1/scoring-models/", EXAMPLE, format="json").json()
    body = {"model": model["id"], "as_of": THEN.isoformat(), "outcome": outcome}
    test = client.post(
        "/api/v1/backtests/", body | {"horizon_days": HORIZON, "top": TOP}, format="json"
    ).json()
    jobs.run(test["job"])
    found, own = client.get(f"/api/v1/backtests/{test['id']}/").json()["result"], expected(outcome)
    assert found["n"] == own["n"] > 2500
    assert found["spearman"] == pytest.approx(own["spearman"], abs=1e-9)
    for lift, other in (("lift_vs_revenue", "largest"), ("lift_vs_random", "everybody")):
        ratio = own["chosen"] / own[other] if own["chosen"] >= 0 and own[other] > 0 else None
        assert found[lift] == (None if ratio is None else pytest.approx(ratio, rel=1e-6))
    low, high = found["interval"]
    assert low < found["spearman"] < high
    assert sum(band["count"] for band in found["bands"]) == own["n"] and len(found["bands"]) == 10
