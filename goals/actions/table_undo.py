"""Take an imported table back: every row as it was, and what somebody has changed since left alone."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from goals.models import AccountYear, Contract, Measurement, TableImport
from goals.row_states import State, state_of, values_of
from kam.lib.errors import DomainError
from kam.users.models import User

ROWS: dict[str, Any] = {
    "measurements": Measurement.objects.select_related("metric__account"),
    "years": AccountYear.objects.select_related("account"),
    "contracts": Contract.objects.select_related("account"),
}


@transaction.atomic
def undo_table(table: TableImport, *, by: User) -> TableImport:
    """Put every row of an imported table back as it was before, or remove it where it was new.

    A row that was changed since is kept and counted. Raises DomainError when the table was taken back already.
    """
    claimed = TableImport.objects.filter(pk=table.pk, undone_at__isnull=True)
    if not claimed.update(undone_at=timezone.now()):
        message = gettext_noop("This import has been taken back already.")
        raise DomainError("already_undone", message)
    kept = 0
    for row, before, after in _rows(table):
        if row is None or not _same(state_of(row), after):
            kept += 1
        elif before is None:
            _note(row, by, before=after)
            row.delete()
        else:
            _restore(row, before)
            _note(row, by, before=after, after=before)
    TableImport.objects.filter(pk=table.pk).update(kept=kept)
    table.refresh_from_db()
    record("metric_table.undone", by=by, subject=table, rows=table.written - kept, kept=kept)
    return table


def _rows(table: TableImport) -> Iterator[tuple[Any, State | None, State]]:
    """Yield each row as it stands now, with how it was before and how the import left it; the last one first."""
    found = ROWS[table.kind].in_bulk([change["row"] for change in table.changes])
    by_id = {str(pk): row for pk, row in found.items()}
    for change in reversed(table.changes):
        yield by_id.get(change["row"]), change["before"], change["after"]


def _same(now: State | None, then: State) -> bool:
    """Who wrote a row is no change of it: people leave."""
    return {**(now or {}), "created_by": None} == {**then, "created_by": None}


def _restore(row: Any, before: State) -> None:
    values = values_of(before)
    if not User.objects.filter(pk=values.get("created_by_id")).exists():
        values.pop("created_by_id", None)
    if not isinstance(row, Measurement):  # whoever has the old one open in a form learns that it moved
        values |= {"version": F("version") + 1}
    type(row).objects.filter(pk=row.pk).update(**values, updated_at=timezone.now())
    row.refresh_from_db()


def _note(row: Any, by: User, **states: State | None) -> None:
    if isinstance(row, Measurement):
        record("metric.measured", by=by, account=row.metric.account, subject=row.metric, **states)
    else:
        verb = "contract.updated" if isinstance(row, Contract) else "account_year.updated"
        record(verb, by=by, account=row.account, subject=row, **states)
