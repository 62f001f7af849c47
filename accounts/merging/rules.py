"""One rule for every column that points at an account. Rooms register those of their own tables.

tests/test_merge_rules.py fails for a column without a rule, so that a new table cannot be forgotten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UniqueConstraint
from django.utils.translation import gettext_noop

from accounts.merging.record import MergeRecord, every
from accounts.models import Account

BY_HAND = gettext_noop(
    "A step the system proposed for both stays once as proposed; the other one is kept as if by hand."
)


@dataclass(frozen=True)
class Case:
    """The account that stays and the one that is merged into it."""

    target: Account
    source: Account
    today: date


@dataclass(frozen=True)
class Relation:
    """A column that points at accounts."""

    key: str
    model: Any
    field: str

    def of(self, account: Account) -> QuerySet[Any]:
        return every(self.model).filter(**{self.field: account.pk})


Settle = Callable[[Case, Any, MergeRecord], None]
Colliding = Callable[[Case, Relation], QuerySet[Any]]


def set_aside(case: Case, row: Model, record: MergeRecord) -> None:
    """Keep a row in the record only: the account that stays has its like."""
    record.set_aside(row)


def colliding(case: Case, relation: Relation) -> QuerySet[Any]:
    """Return the rows of the merged account that a unique constraint keeps from standing beside the other's."""
    found = Q(pk__in=[])
    for fields, condition in _unique(relation):
        others = {name: OuterRef(name) for name in fields if name != relation.field}
        rivals = relation.of(case.target).filter(condition, **others)
        found |= condition & Q(Exists(rivals))
    return relation.of(case.source).filter(found)


@dataclass(frozen=True)
class MergeRule:
    """What a merge does with the rows of one column.

    ``move``: they go to the account that stays, after ``settle`` has dealt with each that collides. ``stay``: they
    are history and keep the account they were written about. ``derived``: they are computed anew.
    ``words`` (an English msgid) tells people how what collides is settled.
    """

    how: Literal["move", "stay", "derived"] = "move"
    words: str = ""
    settle: Settle = set_aside
    collides: Colliding = colliding


_rules: dict[str, MergeRule] = {}


def register(**rules: MergeRule) -> None:
    """Register rules by ``app__model__field``."""
    _rules.update({key.replace("__", "."): rule for key, rule in rules.items()})


def rule_of(relation: Relation) -> MergeRule:
    """Return the rule of a column; LookupError where nobody has thought about one."""
    return _rules[relation.key]


def relations() -> Iterator[Relation]:
    """Yield every column that points at an account, those of many-to-many tables among them."""
    for found in Account._meta.get_fields(include_hidden=True):
        if found.auto_created and not found.concrete and (found.one_to_many or found.one_to_one):
            model: Any = found.related_model
            field = found.field.name  # type: ignore[union-attr]  # of a relation from elsewhere
            yield Relation(f"{model._meta.label_lower}.{field}", model, field)


def renamed(name: str, length: int) -> Settle:
    """Return a settlement that tells two of a name apart by the name of the merged account."""

    def settle(case: Case, row: Any, record: MergeRecord) -> None:
        end = f" ({case.source.display_name[: length // 2]})"
        taken = set(every(type(row)).filter(account=case.target.pk).values_list(name, flat=True))
        wanted = f"{getattr(row, name)[: length - len(end)]}{end}"
        number = 2
        while wanted in taken:
            end = f" ({case.source.display_name[: length // 2]} {number})"
            wanted, number = f"{getattr(row, name)[: length - len(end)]}{end}", number + 1
        record.change(row, **{name: wanted})

    return settle


def named_after_account(case: Case, relation: Relation) -> QuerySet[Any]:
    """Return rows whose ``key`` names the merged account: the reason would raise a second one otherwise."""
    return relation.of(case.source).filter(key__contains=str(case.source.pk))


def rekeyed(still_open: str) -> Settle:
    """Return a settlement that lets the key name the other account, or nothing where that reason is open there.

    ``still_open`` is the column that is empty while a row is open.
    """

    def settle(case: Case, row: Any, record: MergeRecord) -> None:
        key = row.key.replace(str(case.source.pk), str(case.target.pk))
        rivals = every(type(row)).filter(**{"key": key, f"{still_open}__isnull": True})
        clash = getattr(row, still_open) is None and rivals.exists()
        record.change(row, key=None if clash else key)

    return settle


def _unique(relation: Relation) -> Iterator[tuple[tuple[str, ...], Q]]:
    meta = relation.model._meta
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint) and relation.field in constraint.fields:
            yield tuple(constraint.fields), constraint.condition or Q()
    for fields in meta.unique_together:
        if relation.field in fields:
            yield tuple(fields), Q()
    if meta.get_field(relation.field).unique:
        yield (relation.field,), Q()
