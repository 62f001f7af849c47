"""Which account's value wins, field by field: the one that stays, unless it is empty there or somebody chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Field
from django.utils.translation import gettext_noop

from accounts.actions.tree import ancestors
from accounts.models import Account, AccountStatus
from kam.lib.errors import InvalidInput

FIELDS = (
    *("name", "brand_name", "domain", "vat_id", "industry", "street", "postal_code", "city", "country"),
    *("latitude", "currency", "employees", "payment_terms_days", "status", "parent", "owner", "kam", "team"),
)
# Half a place is none: the coordinates go together.
TOGETHER = {"latitude": "longitude"}
SIDES = ("target", "source")


@dataclass(frozen=True)
class FieldChoice:
    """One field of the result: both values, and whose stands."""

    name: str
    label: str
    target: Any
    source: Any
    winner: str
    is_open: bool

    @property
    def result(self) -> Any:
        return self.source if self.winner == "source" else self.target

    @property
    def differs(self) -> bool:
        return bool(self.target != self.source)


def field_choices(target: Account, source: Account, chosen: Mapping[str, str]) -> list[FieldChoice]:
    """Return the fields in their order. Raises InvalidInput for a field or side that does not exist."""
    for name, side in chosen.items():
        if name not in FIELDS or side not in SIDES:
            raise InvalidInput(
                "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": name[:60]}, "fields"
            )
    parent = standing_parent(target, source, chosen.get("parent", ""))
    return [_choice(target, source, name, chosen.get(name, ""), parent) for name in FIELDS]


def new_values(choices: list[FieldChoice], target: Account, source: Account) -> dict[str, Any]:
    """Return what changes on the account that stays, by column."""
    values: dict[str, Any] = {}
    for choice in choices:
        for name in filter(None, (choice.name, TOGETHER.get(choice.name))):
            column = field_of(name).attname
            value = getattr(source if choice.winner == "source" else target, column)
            if choice.name == "parent":
                value = choice.result.pk if choice.result else None
            if value != getattr(target, column):
                values[column] = value
    return values


def standing_parent(target: Account, source: Account, side: str) -> Account | None:
    """Return the parent of the result: never the account itself, and nobody below it."""
    above = ancestors(target)
    if source.pk in above:
        return source.parent
    wanted = source.parent if side == "source" or (not side and target.parent is None) else target.parent
    if wanted is None or wanted.pk == target.pk or target.pk in ancestors(wanted):
        return target.parent
    return wanted


def field_of(name: str) -> "Field[Any, Any]":
    return Account._meta.get_field(name)  # type: ignore[return-value]  # a column, and no relation from elsewhere


def _choice(target: Account, source: Account, name: str, side: str, parent: Account | None) -> FieldChoice:
    here, there = getattr(target, name), getattr(source, name)
    label = str(field_of(name).verbose_name)
    if name == "parent":
        winner = "target" if parent == here else "source"
        return FieldChoice(name, label, here, parent if parent != here else there, winner, is_open=False)
    winner = side or ("source" if _is_empty(name, here) and not _is_empty(name, there) else "target")
    return FieldChoice(name, label, here, there, winner, is_open=here != there)


def _is_empty(name: str, value: Any) -> bool:
    """An inactive account counts as one without a status: when one of the two is in use, so is the result."""
    return value in ("", None) or (name == "status" and value == AccountStatus.INACTIVE)
