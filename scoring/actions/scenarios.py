"""Scenarios: other weights under a name, proposed, and by a leader's approval the new baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import User
from scoring.actions.runs import create_run
from scoring.actions.scoring_models import (
    CutLine,
    Draft,
    Item,
    Provenance,
    activate_model,
    check_cut,
    create_model,
)
from scoring.models import Scenario, ScoringModel
from scoring.permissions import can_edit_scenario
from scoring.scenarios import baseline_of, carried_weights
from scoring.weighing import refusals
from scoring.weights import normalised


@dataclass(frozen=True)
class Weighting:
    """What a scenario says: per cent in the order of the model's criteria, and where the line runs."""

    weights: Sequence[float]
    cut_value: float


@transaction.atomic
def save_scenario(
    name: str, model: ScoringModel, weighting: Weighting, *, note: str = "", by: User
) -> Scenario:
    """Keep a weighting under a name. Raises InvalidInput: name_missing, name_taken, weights_count and those
    of weights and cut line.
    """
    values = _checked(model, weighting) | {"name": _free_name(name), "note": note.strip()[:4000]}
    scenario = Scenario.objects.create(model=model, created_by=by, **values)
    record("scenario.saved", by=by, subject=scenario, baseline=model, after=_said(scenario))
    return scenario


@transaction.atomic
def update_scenario(
    scenario: Scenario,
    weighting: Weighting,
    *,
    name: str | None = None,
    note: str | None = None,
    by: User,
    expected_version: int | None = None,
) -> Scenario:
    """Change a scenario nobody has decided on; a changed proposal is a saved scenario again.

    Raises DomainError for one that is not yours or decided, Conflict when somebody saved it meanwhile.
    """
    _refuse_foreign(scenario, by)
    values: dict[str, Any] = _checked(scenario.model, weighting)
    if name is not None:
        values["name"] = _free_name(name, but=scenario)
    if note is not None:
        values["note"] = note.strip()[:4000]
    values |= {"state": Scenario.State.DRAFT, "proposed_by": None, "proposed_at": None}
    before = _said(scenario)
    scenario = save_changes(scenario, values, expected_version=expected_version)
    record("scenario.changed", by=by, subject=scenario, before=before, after=_said(scenario))
    return scenario


@transaction.atomic
def delete_scenario(scenario: Scenario, *, by: User) -> None:
    """Throw a scenario away; one that became a baseline stays as its record."""
    _refuse_foreign(scenario, by)
    record("scenario.deleted", by=by, subject=scenario, before=_said(scenario))
    scenario.delete()


@transaction.atomic
def propose_scenario(scenario: Scenario, *, by: User) -> Scenario:
    """Ask leadership to make it the baseline. Refused when the baseline it was made on has changed."""
    if scenario.state != Scenario.State.DRAFT:
        raise DomainError("not_saved", gettext_noop("Only a saved scenario can be proposed."))
    _refuse_changed_baseline(scenario)
    values = {"state": Scenario.State.PROPOSED, "proposed_by": by, "proposed_at": timezone.now()}
    scenario = save_changes(scenario, values, expected_version=scenario.version)
    record("scenario.proposed", by=by, subject=scenario, baseline=scenario.model, after=_said(scenario))
    return scenario


@transaction.atomic
def approve_scenario(scenario: Scenario, *, by: User, reason: str = "") -> Scenario:
    """Make a proposed scenario the baseline: the next version of its model, put to use, with a run of its own."""
    scenario = _proposed(scenario)
    _refuse_changed_baseline(scenario)
    baseline, wanted = scenario.model, _said(scenario)
    result = activate_model(create_model(baseline.name, _draft(scenario, by), by=by), by=by)
    run = create_run(result, as_of=None, by=by)
    values = {"state": Scenario.State.APPROVED, "result": result, **_decided(by, reason)}
    scenario = save_changes(scenario, values, expected_version=scenario.version)
    before = {"baseline": str(baseline), "cut": baseline.cut_value}
    after = {"baseline": str(result), **wanted}
    record("scenario.approved", by=by, subject=scenario, run=run, reason=reason, before=before, after=after)
    return scenario


@transaction.atomic
def decline_scenario(scenario: Scenario, *, by: User, reason: str) -> Scenario:
    """Turn a proposal down, with a reason."""
    if not reason.strip():
        raise InvalidInput("reason_missing", gettext_noop("Declining needs a reason."), field="reason")
    scenario = _proposed(scenario)
    values = {"state": Scenario.State.DECLINED, **_decided(by, reason)}
    scenario = save_changes(scenario, values, expected_version=scenario.version)
    record("scenario.declined", by=by, subject=scenario, reason=reason)
    return scenario


@transaction.atomic
def rebase_scenario(scenario: Scenario, *, by: User) -> Scenario:
    """Carry a scenario over to the present baseline: criteria of both keep the scenario's weight, new ones get
    the baseline's, and all together make 100 again. A proposal has to be proposed anew.
    """
    _refuse_foreign(scenario, by)
    baseline = baseline_of(scenario)
    if baseline == scenario.model:
        raise DomainError("baseline_same", gettext_noop("The baseline has not changed."))
    same_kind = baseline.cut_kind == scenario.model.cut_kind
    values = {
        "model": baseline,
        "weights": carried_weights(scenario, baseline),
        "cut_value": scenario.cut_value if same_kind else baseline.cut_value,
        "state": Scenario.State.DRAFT,
    }
    before = {"baseline": str(scenario.model), **_said(scenario)}
    scenario = save_changes(scenario, values, expected_version=scenario.version)
    record("scenario.rebased", by=by, subject=scenario, before=before, after=_said(scenario))
    return scenario


def _checked(model: ScoringModel, weighting: Weighting) -> dict[str, Any]:
    weights = [float(weight) for weight in weighting.weights]
    expected = model.items.count()
    if len(weights) != expected:
        raise InvalidInput(
            "weights_count",
            gettext_noop("There are %(weights)d weights for %(criteria)d criteria."),
            {"weights": len(weights), "criteria": expected},
            "weights",
        )
    with refusals("weights"):
        normalised(weights)
    check_cut(CutLine(model.cut_kind, weighting.cut_value))
    return {"weights": weights, "cut_value": weighting.cut_value}


def _free_name(name: str, but: Scenario | None = None) -> str:
    name = name.strip()[:80]
    if not name:
        raise InvalidInput("name_missing", gettext_noop("The scenario needs a name."), field="name")
    others = Scenario.objects.open().filter(name__iexact=name)
    if others.exclude(pk=but.pk if but else None).exists():
        text = gettext_noop(
            "There is an open scenario “%(name)s” already. Choose another name, or open that one."
        )
        raise InvalidInput("name_taken", text, {"name": name}, "name")
    return name


def _refuse_foreign(scenario: Scenario, by: User) -> None:
    if not scenario.is_open:
        raise DomainError(
            "scenario_decided", gettext_noop("This scenario has been decided on and stays as it is.")
        )
    if not can_edit_scenario(by, scenario):
        raise DomainError(
            "not_your_scenario",
            gettext_noop("Only who saved a scenario, or sales leadership, changes it. Save a copy instead."),
        )


def _refuse_changed_baseline(scenario: Scenario) -> None:
    baseline = baseline_of(scenario)
    if baseline != scenario.model:
        raise DomainError(
            "baseline_changed",
            gettext_noop(
                "The baseline has changed from %(before)s to %(now)s since this scenario was saved."
                " Compare both, then carry the scenario over."
            ),
            {"before": str(scenario.model), "now": str(baseline)},
        )


def _proposed(scenario: Scenario) -> Scenario:
    """Return the scenario locked, so that it is decided once."""
    scenario = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if scenario.state != Scenario.State.PROPOSED:
        raise DomainError("not_proposed", gettext_noop("Only a proposed scenario can be decided on."))
    return scenario


def _decided(by: User, reason: str) -> dict[str, Any]:
    return {"decided_by": by, "decided_at": timezone.now(), "reason": reason.strip()[:4000]}


def _draft(scenario: Scenario, by: User) -> Draft:
    """Return the next version as the scenario wants it; whoever leaves, leaves as far behind the line as before."""
    model = scenario.model
    items = [Item(i.criterion, i.rule, i.basis, i.window) for i in model.items.select_related("criterion")]
    shares = [100 * share for share in normalised(scenario.weights)]
    people = dict.fromkeys(
        str(person) for person in (scenario.created_by, scenario.proposed_by, by) if person
    )
    provenance = Provenance("typed", {"weights": shares, "scenario": str(scenario.pk)}, ", ".join(people))
    late = None if model.exit_value is None else scenario.cut_value + model.exit_value - model.cut_value
    if late is not None and model.cut_kind == ScoringModel.CutKind.THRESHOLD:
        late = max(1.0, late)
    return Draft(items, provenance, CutLine(model.cut_kind, scenario.cut_value, late), model.override_reason)


def _said(scenario: Scenario) -> dict[str, Any]:
    return {"weights": scenario.weights, "cut": scenario.cut_value}
