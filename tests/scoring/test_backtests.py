"""Does the method work? Back-tests against what happened afterwards."""

from datetime import date
from typing import Any

import pytest

from kam.integrations import jobs
from kam.lib.errors import InvalidInput
from scoring.actions.backtests import compute_backtest, create_backtest
from tests.factories import make_account, make_criterion, make_model, make_sales

pytestmark = pytest.mark.django_db
THEN = date(2025, 6, 30)
RULE = {"type": "linear", "bounds": "portfolio"}


@pytest.fixture
def model() -> Any:
    """Return a model by number of orders, and twelve accounts of which busy ones grow."""
    for number in range(1, 13):
        before = [(100 * (13 - number), date(2025, 5, day)) for day in range(1, number + 1)]
        make_sales(make_account(), [*before, (1000 * number, date(2025, 8, 1))])
    make_sales(make_account("Not known then"), [(1, date(2025, 9, 1))])
    return make_model((make_criterion(source="computed", fact="orders", rule=RULE), 1.0))


@pytest.mark.parametrize("outcome", ["growth", "revenue"])
def test_a_model_that_chooses_well_correlates_with_what_followed(model: Any, dana: Any, outcome: str) -> None:
    test = create_backtest(model, as_of=THEN, outcome=outcome, horizon_days=90, top=3, by=dana)
    result = compute_backtest(test)
    assert (result["n"], result["spearman"] > 0.9) == (12, True)
    assert result["lift_vs_random"] > 1


def test_all_order_again_so_retention_has_nothing_to_tell(model: Any, dana: Any) -> None:
    result = compute_backtest(
        create_backtest(model, as_of=THEN, outcome="retention", horizon_days=90, by=dana)
    )
    assert (result["enough"], result["spearman"], result["lift_vs_random"]) == (False, None, None)
    assert (result["counts"]["all_good"], result["counts"]["all"]) == (12, 12)


def test_a_horizon_that_is_not_over_is_refused(model: Any, dana: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_backtest(model, as_of=date(2199, 1, 1), outcome="growth", by=dana)
    assert refused.value.code == "horizon_not_over"


def test_it_runs_as_a_job_over_the_api(api: Any, model: Any, alice: Any) -> None:
    client = api(alice)
    body = {"model": str(model.pk), "as_of": "2025-06-30", "outcome": "growth", "horizon_days": 90, "top": 3}
    answer = client.post("/api/v1/backtests/", body, format="json")
    assert answer.status_code == 202
    jobs.run(answer.json()["job"])
    result = client.get(f"/api/v1/backtests/{answer.json()['id']}/").json()["result"]
    assert {"spearman", "lift_vs_revenue", "lift_vs_random", "n"} <= result.keys()
    assert client.get(f"/api/v1/jobs/{answer.json()['job']}/").json()["result"]["n"] == 12


def test_the_page_refuses_percentages_on_few_accounts(sign_in: Any, model: Any, dana: Any) -> None:
    test = create_backtest(model, as_of=THEN, outcome="retention", horizon_days=90, by=dana)
    compute_backtest(test)
    page = sign_in(dana).get(f"/scoring/backtests/{test.pk}/").content.decode()
    assert "too few" in page or "zu wenige" in page


def test_nobody_known_then_is_an_empty_result_and_no_error(sign_in: Any, model: Any, dana: Any) -> None:
    test = create_backtest(model, as_of=date(2001, 1, 1), outcome="growth", by=dana)
    assert compute_backtest(test)["n"] == 0
    page = sign_in(dana).get(f"/scoring/backtests/{test.pk}/").content.decode()
    assert "Niemand zu vergleichen" in page and 'class="kpis"' not in page
