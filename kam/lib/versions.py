"""Optimistic locking: a change is saved only on the version it was made on."""

from typing import Any, TypeVar

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from kam.lib.errors import Conflict
from kam.lib.models import VersionedModel

V = TypeVar("V", bound=VersionedModel)
MEANWHILE = gettext_noop("Somebody changed this meanwhile. Compare both versions and decide.")


def typed_number(text: str) -> int | None:
    """Return the whole number that a page wrote into its own form, None for whatever else was sent instead."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def check_version(row: VersionedModel, expected: int | None) -> None:
    """Raise Conflict when ``row`` no longer has the ``expected`` version (None: whatever it has)."""
    if expected is not None and expected != row.version:
        raise Conflict(row, MEANWHILE)


def save_changes(row: V, values: dict[str, Any], *, expected_version: int | None) -> V:
    """Write ``values`` to ``row`` if it still has ``expected_version`` (None: whatever it has now).

    One compare-and-set UPDATE, so two writers can never both win. Raises Conflict with the current row.
    """
    model = type(row)
    expected = row.version if expected_version is None else expected_version
    changed = model._default_manager.filter(pk=row.pk, version=expected).update(
        **values, version=F("version") + 1, updated_at=timezone.now()
    )
    if not changed:
        current = model._default_manager.get(pk=row.pk)
        raise Conflict(current, MEANWHILE)
    row.refresh_from_db()
    return row
