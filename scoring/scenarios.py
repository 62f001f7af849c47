"""Reading scenarios: which baseline they stand on, whom they would make key, and two of them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from kam.lib.errors import DomainError
from kam.users.models import User
from scoring.actions.decisions import line_of
from scoring.cut_line import Line
from scoring.explain import items_of
from scoring.models import ModelCriterion, Scenario, Score, ScoreRun, ScoringModel
from scoring.weighing import refusals
from scoring.weights import normalised
from scoring.whatif import WhatIfRow, what_if

MOST_ACCOUNTS = 5_000


@dataclass(frozen=True)
class Outcome:
    """A weighting with the ranking that follows over one run; ``scenario`` is None for the baseline itself.

    Ranked are the first 5,000 accounts of the run that the person sees; ``beyond`` counts the others.
    """

    scenario: Scenario | None
    model: ScoringModel
    run: ScoreRun
    items: list[ModelCriterion]
    shares: list[float]
    line: Line
    rows: list[WhatIfRow]
    beyond: int

    def __str__(self) -> str:
        return str(self.scenario or self.model)

    @cached_property
    def by_account(self) -> dict[UUID, WhatIfRow]:
        return {row.account_id: row for row in self.rows}


@dataclass(frozen=True)
class Move:
    """One account on both sides; None where a side does not rank it."""

    account_id: UUID
    name: str
    left: WhatIfRow | None
    right: WhatIfRow | None

    @property
    def change(self) -> int | None:
        """How many ranks it rises from left to right."""
        return self.left.rank - self.right.rank if self.left and self.right else None

    @property
    def enters(self) -> bool:
        return bool(self.right and self.right.is_in) and not (self.left and self.left.is_in)

    @property
    def leaves(self) -> bool:
        return bool(self.left and self.left.is_in) and not (self.right and self.right.is_in)


@dataclass(frozen=True)
class WeightPair:
    """A criterion's weight on both sides; None where a side does not have it."""

    name: str
    left: float | None
    right: float | None


@dataclass(frozen=True)
class Comparison:
    """Two weightings side by side."""

    left: Outcome
    right: Outcome
    moves: list[Move]
    weights: list[WeightPair]

    @property
    def beyond(self) -> int:
        """How many accounts of the run neither side looks at."""
        return max(self.left.beyond, self.right.beyond)

    @property
    def entering(self) -> list[Move]:
        return [move for move in self.moves if move.enters]

    @property
    def leaving(self) -> list[Move]:
        return [move for move in self.moves if move.leaves]


def baseline_of(scenario: Scenario) -> ScoringModel:
    """Return the version in use of the scenario's model; its own version where none is in use."""
    in_use = ScoringModel.objects.active().filter(name=scenario.model.name).order_by("-number").first()
    return in_use or scenario.model


def has_moved(scenario: Scenario) -> bool:
    """Has the baseline changed under a scenario read ``for_list``? One that is decided stands where it stood."""
    in_use = getattr(scenario, "in_use", None)
    return scenario.is_open and in_use is not None and in_use != scenario.model_id


def outcome(what: Scenario | ScoringModel, user: User) -> Outcome:
    """Rank the accounts the person sees, over the newest run of the version concerned.

    Raises DomainError without a finished run of that version.
    """
    scenario = what if isinstance(what, Scenario) else None
    model = what.model if isinstance(what, Scenario) else what
    run = ScoreRun.objects.finished().filter(model=model).newest_first().first()
    if run is None:
        text = gettext_noop("%(model)s has no finished run yet; its ranking follows the run.")
        raise DomainError("no_run", text, {"model": str(model)})
    run.model = model
    items = items_of(run)
    weights: Sequence[float] = run.weights if scenario is None else scenario.weights
    line = line_of(model) if scenario is None else _line(model, scenario.cut_value)
    seen = Score.objects.of_run(run).for_ranking().visible_to(user)
    scores = list(seen[:MOST_ACCOUNTS])
    beyond = seen.count() - MOST_ACCOUNTS if len(scores) == MOST_ACCOUNTS else 0
    with refusals():
        shares = list(normalised(weights))
    return Outcome(scenario, model, run, items, shares, line, what_if(scores, weights, line), beyond)


def compare(left: Scenario | ScoringModel, right: Scenario | ScoringModel, user: User) -> Comparison:
    """Put two weightings side by side, in the order of the right one; accounts only on the left come last."""
    before, after = outcome(left, user), outcome(right, user)
    moves = [Move(row.account_id, row.name, before.by_account.get(row.account_id), row) for row in after.rows]
    gone = [row for row in before.rows if row.account_id not in after.by_account]
    moves += [Move(row.account_id, row.name, row, None) for row in gone]
    return Comparison(before, after, moves, _weights(before, after))


def carried_weights(scenario: Scenario, baseline: ScoringModel) -> list[float]:
    """Return the scenario's weights for the criteria of another version, in its order, adding up to 100."""
    own = {_key(item): weight for item, weight in zip(_items(scenario.model), scenario.weights, strict=True)}
    wanted = [own.get(_key(item), 100 * item.weight) for item in _items(baseline)]
    if not any(wanted):
        wanted = [100 * item.weight for item in _items(baseline)]
    return [round(100 * share, 2) for share in normalised(wanted)]


def _line(model: ScoringModel, cut: float) -> Line:
    return Line(top=int(cut)) if model.cut_kind == ScoringModel.CutKind.TOP_N else Line(threshold=cut)


def _items(model: ScoringModel) -> list[ModelCriterion]:
    return list(model.items.select_related("criterion"))


def _key(item: ModelCriterion) -> tuple[Any, ...]:
    return item.criterion_id, item.basis, item.window


def _weights(left: Outcome, right: Outcome) -> list[WeightPair]:
    shares = [
        {
            _key(item): (item.criterion.name, share)
            for item, share in zip(side.items, side.shares, strict=True)
        }
        for side in (left, right)
    ]
    keys = list(dict.fromkeys([*shares[0], *shares[1]]))
    return [
        WeightPair(
            (shares[0].get(key) or shares[1][key])[0],
            shares[0][key][1] if key in shares[0] else None,
            shares[1][key][1] if key in shares[1] else None,
        )
        for key in keys
    ]
