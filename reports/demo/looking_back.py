"""What leadership asked about the method: a back-test of the model, and a scenario that waits for an answer."""

from datetime import date, timedelta

from kam.integrations.models import ImportBatch
from kam.users.models import Role
from reports.demo import texts
from reports.demo.clock import as_of, at
from reports.demo.customers import Cast
from reports.demo.made import note_made
from scoring.actions.backtests import compute_backtest
from scoring.actions.scenarios import Weighting, propose_scenario, save_scenario
from scoring.models import Backtest, Scenario, ScoringModel

HORIZON, AGE = 180, 3
OUTCOMES = (Backtest.Outcome.RETENTION, Backtest.Outcome.REVENUE)
# In the order of the model: revenue, product fit, potential, culture, tenure.
POTENTIAL_FIRST = (20, 20, 35, 15, 10)


def build_looking_back(cast: Cast, batch: ImportBatch, today: date) -> None:
    """Write back-tests of the model in use and one proposed scenario."""
    model = ScoringModel.objects.active().get()
    with as_of(at(today - timedelta(days=AGE), 15)):
        tests = [_backtest(model, outcome, cast, today) for outcome in OUTCOMES]
        scenario = _scenario(model, cast)
    note_made(batch, [*tests, scenario])


def _backtest(model: ScoringModel, outcome: str, cast: Cast, today: date) -> Backtest:
    day = today - timedelta(days=HORIZON + AGE)
    values = {"horizon_days": HORIZON, "top": int(model.cut_value), "created_by": cast.leader}
    test = Backtest.objects.create(model=model, as_of=day, outcome=outcome, **values)
    compute_backtest(test)
    return test


def _scenario(model: ScoringModel, cast: Cast) -> Scenario:
    kam = cast.of(Role.KAM)[0]
    weighting = Weighting(POTENTIAL_FIRST, model.cut_value)
    scenario = save_scenario(texts.SCENARIO, model, weighting, note=texts.SCENARIO_NOTE, by=kam)
    return propose_scenario(scenario, by=kam)
