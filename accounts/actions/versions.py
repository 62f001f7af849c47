"""One answer to a change that was made on an older version."""

from django.utils.translation import gettext_noop

from kam.lib.errors import Conflict
from kam.lib.models import VersionedModel


def check_version(row: VersionedModel, expected: int | None) -> None:
    """Raise Conflict when ``row`` no longer has the ``expected`` version (None: whatever it has)."""
    if expected is not None and expected != row.version:
        raise Conflict(
            row, gettext_noop("Somebody changed this meanwhile. Compare both versions and decide.")
        )
