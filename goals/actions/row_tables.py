"""Write the rows of a pasted table, each through the action a person would use; the good ones, or none."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions.timeline import record
from accounts.models import Offering
from goals.actions.metrics import add_measurement
from goals.actions.plans import add_entry, change_entry
from goals.entries import KINDS as ENTRY_KINDS
from goals.models import AccountYear, Contract, Measurement, Metric, TableImport
from goals.row_states import Change, state_of
from goals.row_tables import Row, TableKind, read_rows
from kam.lib.errors import DomainError
from kam.users.models import User


@dataclass(frozen=True, slots=True)
class TableResult:
    """What became of a table; after a check nothing was written."""

    rows: list[Row]
    written: int
    table: TableImport | None = None

    @property
    def problems(self) -> list[Row]:
        return [row for row in self.rows if row.problem]

    @property
    def good(self) -> int:
        return len(self.rows) - len(self.problems)


def check_table(kind: TableKind, text: str, *, by: User) -> TableResult:
    """Say what importing the table would do, without doing it."""
    with transaction.atomic():
        result = import_table(kind, text, by=by)
        transaction.set_rollback(True)
    return TableResult(result.rows, 0)


@transaction.atomic
def import_table(kind: TableKind, text: str, *, by: User) -> TableResult:
    """Write every row that can be written; the others come back with their reason.

    What was written is kept with how it was before (``undo_table``). Raises InvalidInput when the text is no
    such table. Importing it again changes nothing more.
    """
    rows = read_rows(kind, text, by)
    write: Any = {"measurements": _Measurements, "years": _Years, "contracts": _Contracts}[kind.code](rows)
    for row in rows:
        if row.problem:
            continue
        try:
            with transaction.atomic():
                write.one(row, by)
        except DomainError as error:
            row.problem = str(error)
    table = _keep(kind, write.changes, by) if write.changes else None
    return TableResult(rows, len(write.changes), table)


def _keep(kind: TableKind, changes: list[Change], by: User) -> TableImport:
    kept = [change.as_json() for change in changes]
    table = TableImport.objects.create(kind=kind.code, changes=kept, written=len(kept), created_by=by)
    record("metric_table.imported", by=by, subject=table, rows=len(kept))
    return table


class _Measurements:
    def __init__(self, rows: list[Row]) -> None:
        self.changes: list[Change] = []
        accounts = {row.account.pk for row in rows if row.account}
        metrics = Metric.objects.filter(account__in=accounts).select_related("account")
        self.metrics = {(metric.account_id, metric.name.casefold()): metric for metric in metrics}

    def one(self, row: Row, by: User) -> None:
        assert row.account is not None  # noqa: S101 - rows without an account have a problem
        name = str(row.values["metric"])
        metric = self.metrics.get((row.account.pk, name.casefold()))
        if metric is None:
            row.problem = _("%(account)s has no metric “%(name)s”.") % {
                "account": row.account, "name": name[:60]}  # fmt: skip
            return
        standing = metric.measurements.filter(measured_on=row.values["day"]).first()
        before = state_of(standing)
        measurement, _made = add_measurement(
            metric,
            value=row.values["value"],
            on=row.values["day"],
            by=by,
            source=Measurement.Source.IMPORTED,
            note=str(row.values.get("note", "")),
        )
        if (after := state_of(measurement)) != before:
            self.changes.append(Change(str(measurement.pk), before, after))


class _Years:
    def __init__(self, rows: list[Row]) -> None:
        self.changes: list[Change] = []
        found = AccountYear.objects.filter(account__in={row.account.pk for row in rows if row.account})
        self.years = {(year.account_id, year.year): year for year in found.select_related("account")}

    def one(self, row: Row, by: User) -> None:
        assert row.account is not None  # noqa: S101 - rows without an account have a problem
        kind, values = ENTRY_KINDS["years"], dict(row.values)
        standing: Any = self.years.get((row.account.pk, values["year"]))
        before = state_of(standing)
        if standing is None:
            standing = add_entry(kind, row.account, values=values, by=by)
            self.years[row.account.pk, standing.year] = standing
        else:
            standing = change_entry(kind, standing, values=values, by=by)
        standing.refresh_from_db()
        if (after := state_of(standing)) != before:
            self.changes.append(Change(str(standing.pk), before, after))


class _Contracts:
    def __init__(self, rows: list[Row]) -> None:
        self.changes: list[Change] = []
        found = Contract.objects.filter(account__in={row.account.pk for row in rows if row.account})
        self.contracts = {(row.account_id, row.title): row for row in found.select_related("account")}
        names = {str(row.values["offering"]) for row in rows if row.values.get("offering")}
        offerings = Offering.objects.filter(Q(code__in=names) | Q(name__in=names))
        self.offerings = {name: each for each in offerings for name in (each.name, each.code)}

    def one(self, row: Row, by: User) -> None:
        assert row.account is not None  # noqa: S101 - rows without an account have a problem
        kind, values = ENTRY_KINDS["contracts"], dict(row.values)
        if name := values.get("offering"):
            values["offering"] = self.offerings.get(str(name))
            if values["offering"] is None:
                row.problem = _("There is no offering “%(name)s”.") % {"name": str(name)[:60]}
                return
        standing: Any = self.contracts.get((row.account.pk, values.get("title")))
        before = state_of(standing)
        if standing is None:
            standing = add_entry(kind, row.account, values=values, by=by)
            self.contracts[row.account.pk, standing.title] = standing
        else:
            standing = change_entry(kind, standing, values=values, by=by)
        standing.refresh_from_db()
        if (after := state_of(standing)) != before:
            self.changes.append(Change(str(standing.pk), before, after))
