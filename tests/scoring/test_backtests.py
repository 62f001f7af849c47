"""Does the method work? Back-tests against what happened afterwards."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils.translation import override

from kam.integrations import jobs
from kam.lib.errors import InvalidInput
from scoring.actions.backtests import compute_backtest, create_backtest
from scoring.backtest_page import Lift, lift
from scoring.models import Backtest
from tests.factories import make_account, make_criterion, make_model, make_rating, make_sales

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


# --- ratings that were written down later ---------------------------------------------------------------------------


@pytest.fixture
def rated() -> Any:
    """Return a rated criterion, and a model by it alone."""
    criterion = make_criterion()
    return criterion, make_model((criterion, 1.0))


def make_rated(rated: Any, rater: Any, *, recorded: datetime, rated_on: date = THEN) -> None:
    """Write an account that ordered before, and a rating of it recorded at a moment."""
    account = make_account()
    make_sales(account, [(100, date(2025, 5, 1))])
    make_rating(account, rated[0], rater, 5, rated_on=rated_on, submitted_at=recorded)


def test_ratings_recorded_later_and_dated_back_are_counted(rated: Any, dana: Any) -> None:
    for recorded in (datetime(2025, 6, 30, 20, tzinfo=UTC), datetime(2025, 7, 1, 9, tzinfo=UTC)):
        make_rated(rated, dana, recorded=recorded)
    make_rated(rated, dana, recorded=datetime(2025, 8, 1, tzinfo=UTC), rated_on=date(2025, 8, 1))
    result = compute_backtest(
        create_backtest(rated[1], as_of=THEN, outcome="growth", horizon_days=90, by=dana)
    )
    assert result["ratings"] == {"used": 2, "recorded_later": 1}


def test_ratings_of_other_criteria_are_not_counted(rated: Any, model: Any, dana: Any) -> None:
    make_rated(rated, dana, recorded=datetime(2025, 8, 1, tzinfo=UTC))
    result = compute_backtest(create_backtest(model, as_of=THEN, outcome="growth", horizon_days=90, by=dana))
    assert result["ratings"] == {"used": 0, "recorded_later": 0}


@pytest.mark.parametrize(("month", "told"), [(6, False), (8, True)])
def test_the_page_tells_of_ratings_dated_back(
    sign_in: Any, rated: Any, dana: Any, month: int, told: bool
) -> None:
    make_rated(rated, dana, recorded=datetime(2025, month, 1, tzinfo=UTC))
    test = create_backtest(rated[1], as_of=THEN, outcome="growth", horizon_days=90, by=dana)
    compute_backtest(test)
    page = sign_in(dana).get(f"/scoring/backtests/{test.pk}/").content.decode()
    assert ("rückdatiert" in page) is told


# --- the lift in words ----------------------------------------------------------------------------------------------


def lifted(outcome: str, **against: Any) -> Lift | None:
    test = Backtest(outcome=outcome, result={"against_random": against} if against else {})
    with override("en"):
        return lift(test, "random")


def test_a_lift_is_a_multiple_with_the_means_behind_it() -> None:
    found = lifted("revenue", chosen=300_000.0, other=120_000.0, difference=180_000.0, ratio=2.5)
    assert found == Lift("2.50", "×", "€300k on average instead of €120k")


def test_of_a_fall_there_is_no_multiple_but_a_difference() -> None:
    found = lifted("growth", chosen=-150_000.0, other=-11_000.0, difference=-139_000.0, ratio=None)
    assert found == Lift("−€139k", "", "−€150k on average instead of −€11k")


def test_without_a_comparison_there_is_no_lift() -> None:
    assert lifted("growth") is None


def test_the_page_tells_the_difference_where_all_fell(sign_in: Any, dana: Any) -> None:
    for number in range(12):
        make_sales(make_account(), [(1000 + 100 * number, date(2025, 5, 1)), (10, date(2025, 8, 1))])
    model = make_model((make_criterion(source="computed", fact="revenue", rule=RULE), 1.0))
    test = create_backtest(model, as_of=THEN, outcome="growth", horizon_days=90, top=3, by=dana)
    compute_backtest(test)
    page = sign_in(dana).get(f"/scoring/backtests/{test.pk}/").content.decode()
    assert "im Mittel" in page
    assert "×" not in page
