"""What the page of scenarios shows: two weightings side by side with slope lines."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kam.lib.errors import DomainError
from kam.users.models import User
from scoring.models import Scenario, ScoreRun, ScoringModel
from scoring.permissions import can_edit_scenario, can_manage_models, can_run
from scoring.scenarios import Comparison, Move, baseline_of, compare, has_moved
from scoring.slope import NARROW, Place, slope

BASELINE = "baseline"
FEWEST_LINES, MOST_LINES = 12, 40


def choices(user: User) -> Sequence[Scenario]:
    """Return the scenarios that can be chosen, last changed first."""
    return list(Scenario.objects.for_list().visible_to(user)[:100])


def side(asked: str, known: Sequence[Scenario]) -> Scenario | ScoringModel | None:
    """Return what the address names: a scenario, or the version people look at; None for neither."""
    if asked in ("", BASELINE):
        run = ScoreRun.objects.latest()
        return run.model if run else None
    try:
        pk = UUID(asked)
    except ValueError:
        return None
    return next((scenario for scenario in known if scenario.pk == pk), None)


def comparison_context(left: Any, right: Any, user: User) -> dict[str, Any]:
    """Return the comparison, or why there is none."""
    try:
        found = compare(left, right, user)
    except DomainError as error:
        return {"refusal": str(error)}
    shown = _told(found)
    places = [_place(move) for move in shown]
    return {
        "comparison": found,
        "sides": [found.left, found.right],
        "slope": slope(places),
        "narrow_slope": slope(places, NARROW),
        "moves": shown,
        "rest": len(found.moves) - len(shown),
    }


def scenario_context(scenario: Scenario, user: User) -> dict[str, Any]:
    """Return the page of one scenario: beside the present baseline, with what the person may do."""
    baseline = baseline_of(scenario) if scenario.is_open else scenario.model
    return {
        "scenario": scenario,
        "baseline": baseline,
        "moved": has_moved(scenario),
        "can_edit": scenario.is_open and can_edit_scenario(user, scenario),
        "can_propose": scenario.state == Scenario.State.DRAFT and can_run(user),
        "can_decide": scenario.state == Scenario.State.PROPOSED and can_manage_models(user),
        **comparison_context(baseline, scenario, user),
    }


def _told(found: Comparison) -> list[Move]:
    """Return the accounts worth a line: who is in or close on either side, filled up from the top."""

    def rank(move: Move) -> int:
        return min(side.rank for side in (move.left, move.right) if side)

    def counts(move: Move) -> bool:
        return any(side is not None and (side.is_in or side.is_near) for side in (move.left, move.right))

    ordered = sorted(found.moves, key=rank)
    chosen = [move for move in ordered if counts(move)][:MOST_LINES]
    return chosen if len(chosen) >= FEWEST_LINES else ordered[:FEWEST_LINES]


def _place(move: Move) -> Place:
    return Place(
        move.name,
        move.left.rank if move.left else None,
        move.right.rank if move.right else None,
        bool(move.left and move.left.is_in),
        bool(move.right and move.right.is_in),
    )
