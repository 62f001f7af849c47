"""Writing scoring models: criteria with weights and where these come from, version by version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.windows import parse_basis, parse_window
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import User
from scoring.models import Criterion, ModelCriterion, ScoringModel
from scoring.rules import validate_rule
from scoring.weighing import refusals, weigh

FEWEST, MOST = 3, 5
# Beyond this no page and no matrix is of any use, whatever the reason.
UPPER_LIMIT = 15


@dataclass(frozen=True)
class Item:
    """A criterion's place in a model; an empty rule or basis is the criterion's own."""

    criterion: Criterion
    rule: dict[str, Any] | None = None
    basis: str = ""
    window: str = ""


@dataclass(frozen=True)
class Provenance:
    """How weights arose: the method, its input (ranks, swings, matrix or weights) and who was there."""

    method: str = "typed"
    inputs: dict[str, Any] = field(default_factory=dict)
    participants: str = ""


@dataclass(frozen=True)
class CutLine:
    """Where key accounts begin, and where (later than that) they stop being ones."""

    kind: str = ScoringModel.CutKind.TOP_N
    value: float = 12
    exit_value: float | None = None


@dataclass(frozen=True)
class Draft:
    """Everything a version says; without a cut line the default or the present one stays."""

    items: Sequence[Item]
    provenance: Provenance
    cut: CutLine | None = None
    override_reason: str = ""


@transaction.atomic
def create_model(name: str, draft: Draft, *, by: User | None) -> ScoringModel:
    """Write a draft. A name that exists gets its next version number.

    Raises InvalidInput: name_missing, criteria_count, criterion_twice, and those of weights, rules and cut.
    """
    name = name.strip()
    if not name:
        raise InvalidInput("name_missing", gettext_noop("The model needs a name."), field="name")
    last = ScoringModel.objects.filter(name=name).order_by("-number").first()
    model = ScoringModel(name=name, number=last.number + 1 if last else 1, based_on=last, created_by=by)
    rows = _filled(model, draft)
    _add_version(model)
    ModelCriterion.objects.bulk_create(rows)
    record("scoring_model.created", by=by, subject=model, after=_described(model, rows))
    return model


@transaction.atomic
def update_model(
    model: ScoringModel, draft: Draft, *, by: User, expected_version: int | None = None
) -> ScoringModel:
    """Replace criteria, weights and cut line of a version that no run has used; otherwise refused."""
    refuse_used(model)
    before = _described(model, list(model.items.select_related("criterion")))
    rows = _filled(model, draft)
    fields = ("weight_method", "weight_inputs", "participants", "override_reason")
    values = {name: getattr(model, name) for name in (*fields, "cut_kind", "cut_value", "exit_value")}
    model = save_changes(model, values, expected_version=expected_version)
    model.items.all().delete()
    ModelCriterion.objects.bulk_create(rows)
    record("scoring_model.updated", by=by, subject=model, before=before, after=_described(model, rows))
    return model


@transaction.atomic
def copy_model(model: ScoringModel, *, by: User, name: str = "") -> ScoringModel:
    """Write the next version as a draft, to change what a used version may not change any more."""
    name = name or model.name
    last = ScoringModel.objects.filter(name=name).aggregate(last=Max("number"))["last"] or 0
    shared = ("weight_method", "weight_inputs", "participants", "override_reason")
    values = {f: getattr(model, f) for f in (*shared, "cut_kind", "cut_value", "exit_value")}
    copy = ScoringModel(name=name, number=last + 1, based_on=model, created_by=by, **values)
    _add_version(copy)
    kept = ("criterion_id", "position", "rank", "weight", "rule", "basis", "window")
    ModelCriterion.objects.bulk_create(
        ModelCriterion(model=copy, **{f: getattr(item, f) for f in kept}) for item in model.items.all()
    )
    record("scoring_model.copied", by=by, subject=copy, before={"model": str(model)})
    return copy


def _add_version(model: ScoringModel) -> None:
    """Write a version. Raises DomainError("version_taken") when somebody wrote that number in the same moment."""
    try:
        with transaction.atomic():
            model.save(force_insert=True)
    except IntegrityError as error:
        message = gettext_noop(
            "Somebody else made %(model)s in this moment. Nothing was written; look at it first."
        )
        raise DomainError("version_taken", message, {"model": str(model)}) from error


@transaction.atomic
def activate_model(model: ScoringModel, *, by: User | None) -> ScoringModel:
    """Put a version to use; the version of the same name in use until now is retired."""
    if not model.items.exists():
        raise DomainError("no_criteria", gettext_noop("The model has no criteria yet."))
    others = ScoringModel.objects.active().filter(name=model.name).exclude(pk=model.pk)
    retired = [str(other) for other in others]
    others.update(state=ScoringModel.State.RETIRED, updated_at=timezone.now())
    values = {"state": ScoringModel.State.ACTIVE, "approved_by": by, "approved_at": timezone.now()}
    model = save_changes(model, values, expected_version=None)
    record("scoring_model.activated", by=by, subject=model, before={"in use": retired})
    return model


@transaction.atomic
def retire_model(model: ScoringModel, *, by: User) -> ScoringModel:
    """Take a version out of use; its runs stay."""
    model = save_changes(model, {"state": ScoringModel.State.RETIRED}, expected_version=None)
    record("scoring_model.retired", by=by, subject=model)
    return model


def refuse_used(model: ScoringModel) -> None:
    """Raise DomainError (409) when a run has used the version."""
    if model.used_at is not None:
        raise DomainError(
            "model_in_use", gettext_noop("A run has used this version. Make a new version to change it.")
        )


def _filled(model: ScoringModel, draft: Draft) -> list[ModelCriterion]:
    """Put what the draft says on the model, unsaved, and return its rows, unsaved as well."""
    _check_count(len(draft.items), draft.override_reason)
    rows = _items(model, draft.items, draft.provenance)
    cut = draft.cut or CutLine(model.cut_kind, model.cut_value, model.exit_value)
    check_cut(cut)
    model.weight_method, model.weight_inputs = draft.provenance.method, draft.provenance.inputs
    model.participants, model.override_reason = draft.provenance.participants, draft.override_reason.strip()
    model.cut_kind, model.cut_value, model.exit_value = cut.kind, cut.value, cut.exit_value
    return rows


def _items(model: ScoringModel, items: Sequence[Item], provenance: Provenance) -> list[ModelCriterion]:
    _check_distinct(items)
    weights = weigh(provenance.method, provenance.inputs).weights
    if len(weights) != len(items):
        raise InvalidInput(
            "weights_count",
            gettext_noop("There are %(weights)d weights for %(criteria)d criteria."),
            {"weights": len(weights), "criteria": len(items)},
            "criteria",
        )
    ranks = provenance.inputs.get("ranks") or [None] * len(items)
    return [
        ModelCriterion(
            model=model, position=place, weight=weight, rank=rank and int(rank), **settings_of(item)
        )
        for place, (item, weight, rank) in enumerate(zip(items, weights, ranks, strict=True), start=1)
    ]


def settings_of(item: Item) -> dict[str, Any]:
    """Return what a row of a model says. Raises InvalidInput for a basis, window or rule there is not."""
    criterion = item.criterion
    basis = parse_basis(item.basis or criterion.basis)
    window = parse_window(item.window or criterion.window).name
    rule: dict[str, Any] = {}
    if criterion.is_computed:
        with refusals("rule"):
            rule = validate_rule(item.rule or criterion.rule)
    return {"criterion": criterion, "basis": basis, "window": window, "rule": rule}


def _check_distinct(items: Sequence[Item]) -> None:
    """The same criterion may stand twice only with another basis or window."""
    seen = set()
    for item in items:
        key = (item.criterion.pk, item.basis or item.criterion.basis, item.window or item.criterion.window)
        if key in seen:
            raise InvalidInput(
                "criterion_twice",
                gettext_noop("The criterion “%(name)s” stands twice."),
                {"name": item.criterion.name},
                "criteria",
            )
        seen.add(key)


def _check_count(count: int, override_reason: str) -> None:
    if count == 0 or count > UPPER_LIMIT:
        raise InvalidInput(
            "criteria_count",
            gettext_noop("A model has 1 to %(most)d criteria."),
            {"most": UPPER_LIMIT},
            "criteria",
        )
    if not FEWEST <= count <= MOST and not override_reason.strip():
        raise InvalidInput(
            "criteria_count",
            gettext_noop("Choose three to five criteria, or write down why it must be %(count)d."),
            {"count": count},
            "override_reason",
        )


def check_cut(cut: CutLine) -> None:
    """Raise InvalidInput for a line that is no rank and no total, or an exit before the entry."""
    top_n = cut.kind == ScoringModel.CutKind.TOP_N
    inside = 1 <= cut.value <= 1_000_000 and float(cut.value).is_integer() if top_n else 1 <= cut.value <= 10
    if cut.kind not in ScoringModel.CutKind.values or not inside:
        raise InvalidInput(
            "cut_invalid",
            gettext_noop("The cut line is a number of accounts from 1, or a total from 1 to 10."),
            field="cut_value",
        )
    if cut.exit_value is None:
        return
    if (cut.exit_value < cut.value) if top_n else (cut.exit_value > cut.value):
        raise InvalidInput(
            "exit_before_entry",
            gettext_noop("Leaving must be harder than entering: a later rank, or a lower total."),
            field="exit_value",
        )


def _described(model: ScoringModel, rows: Sequence[ModelCriterion]) -> dict[str, Any]:
    weights = {row.criterion.code: row.weight for row in rows}
    return {"method": model.weight_method, "weights": weights, "cut": [model.cut_kind, model.cut_value]}
