"""Writing criteria: the shipped ten, the company's own, and those a fact stands for."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import User
from scoring.facts import RATEABLE
from scoring.models import Criterion
from scoring.rules import validate_rule
from scoring.shipped_criteria import SHIPPED
from scoring.weighing import refusals

FIELDS = (
    *("code", "name_de", "name_en", "need_de", "need_en", "source", "data_source_de", "data_source_en"),
    *("fact", "basis", "window", "rule", "anchors", "questions", "growth_metric", "higher_is_better"),
    "may_be_not_applicable",
)
LANGUAGES = {code for code, _name in settings.LANGUAGES}
LEVELS = {"1", "4", "7", "10"}


def ensure_shipped_criteria() -> int:
    """Write those of the ten criteria that are not there yet and return how many were; never overwrites."""
    there = set(Criterion.objects.values_list("code", flat=True))
    missing = [Criterion(**values, is_shipped=True) for values in SHIPPED if values["code"] not in there]
    return len(Criterion.objects.bulk_create(missing, ignore_conflicts=True))


@transaction.atomic
def create_criterion(*, by: User | None, **values: Any) -> Criterion:
    """Write a criterion of the company's own. Raises InvalidInput for a taken code, an unknown fact, a bad rule."""
    checked = _checked(Criterion(), values)
    _refuse_taken(checked["code"])
    criterion = Criterion.objects.create(**checked)
    record("criterion.created", by=by, subject=criterion, after={"code": criterion.code})
    return criterion


@transaction.atomic
def update_criterion(
    criterion: Criterion, *, by: User, expected_version: int | None = None, **values: Any
) -> Criterion:
    """Change texts, source or proposed rule. Runs keep what they used; models keep their own rules.

    Raises InvalidInput as create_criterion, DomainError for another source or fact while a version uses the
    criterion: what that version computes would change behind its back.
    """
    checked = _checked(criterion, values)
    if checked.get("code", criterion.code) != criterion.code:
        _refuse_taken(checked["code"])
    changed = differences(criterion, checked)
    if changed and changed["after"].keys() & {"source", "fact"}:
        _refuse_in_use(criterion)
    criterion = save_changes(criterion, checked, expected_version=expected_version)
    if changed:
        record(
            "criterion.updated",
            by=by,
            subject=criterion,
            before=changed["before"],
            after=changed["after"],
        )
    return criterion


@transaction.atomic
def archive_criterion(criterion: Criterion, *, by: User) -> Criterion:
    """Take a criterion from the library. Refused while a model in use has it."""
    if criterion.uses.filter(model__state="active").exists():
        raise DomainError(
            "criterion_in_use",
            gettext_noop("A model in use has this criterion. Make a version without it first."),
        )
    criterion = save_changes(criterion, {"archived_at": timezone.now()}, expected_version=None)
    record("criterion.archived", by=by, subject=criterion)
    return criterion


@transaction.atomic
def restore_criterion(criterion: Criterion, *, by: User) -> Criterion:
    """Put an archived criterion back into the library."""
    criterion = save_changes(criterion, {"archived_at": None}, expected_version=None)
    record("criterion.restored", by=by, subject=criterion)
    return criterion


def _refuse_taken(code: str) -> None:
    if Criterion.objects.filter(code=code).exists():
        message = gettext_noop("There is a criterion “%(code)s” already.")
        raise InvalidInput("code_taken", message, {"code": code}, "code")


def criterion_of_fact(fact: str, *, by: User | None) -> Criterion:
    """Return the computed criterion of a fact, making it when there is none yet."""
    definition = RATEABLE.get(fact)
    if definition is None:
        raise _unknown_fact(fact)
    found = Criterion.objects.current().filter(fact=fact, source="computed").order_by("created_at").first()
    if found is not None:
        return found
    texts: dict[str, str] = {}
    for language in ("de", "en"):
        with translation.override(language):
            texts |= {
                f"name_{language}": str(definition.label),
                f"data_source_{language}": str(definition.how),
            }
    direction = "higher" if definition.higher_is_better else "lower"
    rule = {"type": "linear", "bounds": "portfolio", "direction": direction}
    values: dict[str, Any] = {"code": _free_code(fact), "source": "computed", "fact": fact, "rule": rule}
    return create_criterion(
        by=by, **values, **texts, growth_metric=fact, higher_is_better=definition.higher_is_better
    )


def _free_code(fact: str) -> str:
    return f"{fact}_facts" if Criterion.objects.filter(code=fact).exists() else fact


def _checked(criterion: Criterion, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the rule's defaults filled in, refusing what cannot be computed."""
    unknown = values.keys() - set(FIELDS)
    if unknown:
        raise TypeError(unknown)
    values = dict(values)
    source = values.get("source", criterion.source)
    fact = values.get("fact", criterion.fact)
    if source == Criterion.Source.COMPUTED:
        if fact not in RATEABLE:
            raise _unknown_fact(fact)
        rule = values.get("rule", criterion.rule) or {"type": "linear", "bounds": "portfolio"}
        with refusals("rule"):
            values["rule"] = validate_rule(rule)
    elif "source" in values:
        values |= {"fact": "", "rule": {}}
    else:
        _refuse_computing(values)
    _refuse_unreadable(values)
    return values


def _refuse_computing(values: dict[str, Any]) -> None:
    for name in ("fact", "rule"):
        if values.get(name):
            message = gettext_noop("Only a computed criterion has a fact and a rule.")
            raise InvalidInput("not_computed", message, field=name)


def _refuse_unreadable(values: dict[str, Any]) -> None:
    """Refuse texts that no page would show: in another language, or for a rating without an anchor."""
    anchors, questions = values.get("anchors", {}), values.get("questions", [])
    levels = {level for texts in anchors.values() for level in texts}
    if not (anchors.keys() <= LANGUAGES and levels <= LEVELS):
        message = gettext_noop("Anchors stand under de and en, and below that under 1, 4, 7 and 10.")
        raise InvalidInput("unknown_anchor", message, field="anchors")
    if not all(question and question.keys() <= LANGUAGES for question in questions):
        message = gettext_noop("Each question stands under de and en.")
        raise InvalidInput("unknown_question", message, field="questions")


def _refuse_in_use(criterion: Criterion) -> None:
    use = criterion.uses.select_related("model").order_by("-model__created_at").first()
    if use is not None:
        raise DomainError(
            "criterion_in_use",
            gettext_noop(
                "“%(model)s” uses this criterion: where its ratings come from cannot change any more. Make a "
                "criterion of your own for the other source; runs so far stay as they are."
            ),
            {"model": str(use.model)},
            "source",
        )


def _unknown_fact(fact: str) -> InvalidInput:
    facts = ", ".join(RATEABLE)
    return InvalidInput(
        "unknown_fact",
        gettext_noop("There is no fact “%(fact)s”. Facts are: %(facts)s."),
        {"fact": str(fact)[:60], "facts": facts},
        "fact",
    )
