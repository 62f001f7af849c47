"""What we sell, in two levels: groups and the offerings in them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from accounts.models import Offering
from accounts.tidy import tidy_values
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.text import fold
from kam.lib.versions import check_version, save_changes
from kam.users.models import User

EDITABLE = ("code", "name", "parent", "kind", "is_active")


@transaction.atomic
def create_offering(*, values: dict[str, Any], by: User | None) -> Offering:
    """Create an offering or, without a parent, a group. Raises InvalidInput for a code that exists."""
    clean = _clean(values)
    offering = Offering(**clean)
    if not offering.code:
        raise InvalidInput("no_code", gettext_noop("An offering needs a code."), field="code")
    offering.name = offering.name or offering.code
    _check_levels(offering)
    offering.search_text = _words(offering)
    _guard_code(lambda: offering.save(force_insert=True), offering.code)
    record("offering.created", by=by, subject=offering, after=clean)
    return offering


@transaction.atomic
def update_offering(
    offering: Offering, *, values: dict[str, Any], by: User | None, expected_version: int | None = None
) -> Offering:
    """Change an offering. Raises InvalidInput for a third level, a taken code, or another code than it was sold by."""
    check_version(offering, expected_version)
    clean = _clean(values)
    changed = differences(offering, clean)
    if not changed:
        return offering
    new = {name: clean[name] for name in changed["after"]}
    _guard_sold(offering, new)
    for name, value in new.items():
        setattr(offering, name, value)
    _check_levels(offering)
    new["search_text"] = _words(offering)
    _guard_code(lambda: save_changes(offering, new, expected_version=expected_version), offering.code)
    record("offering.updated", by=by, subject=offering, before=changed["before"], after=changed["after"])
    return offering


@transaction.atomic
def delete_offering(offering: Offering, *, by: User, expected_version: int | None = None) -> None:
    """Delete an offering that was never sold and groups nothing; otherwise take it off sale."""
    check_version(offering, expected_version)
    if offering.sales_lines.exists() or offering.children.exists():
        raise DomainError(
            "in_use", gettext_noop("This offering was sold or groups others. Take it off sale instead.")
        )
    record("offering.deleted", by=by, subject=offering, before={"code": offering.code, "name": offering.name})
    offering.delete()


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )
    return tidy_values(Offering, values)


def _guard_sold(offering: Offering, new: dict[str, Any]) -> None:
    # A corrected row of a file would no longer find its line, and the same money would stand twice.
    if "code" in new and offering.sales_lines.exists():
        raise InvalidInput(
            "code_in_use",
            gettext_noop("Sold by this code: imports find its sales lines by it. Change the name instead."),
            field="code",
        )


def _words(offering: Offering) -> str:
    return fold(f"{offering.code} {offering.name}")


def _check_levels(offering: Offering) -> None:
    parent = offering.parent
    if parent is None:
        return
    third_level = parent.parent_id is not None or Offering.objects.filter(parent=offering.pk).exists()
    if parent.pk == offering.pk or third_level:
        raise InvalidInput(
            "two_levels",
            gettext_noop("Offerings have two levels: a group and what is in it."),
            field="parent",
        )


def _guard_code(write: Any, code: str) -> None:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        raise InvalidInput(
            "code_taken", gettext_noop("The code “%(code)s” exists already."), {"code": code}, "code"
        ) from error
