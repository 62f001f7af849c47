"""Write the rows of a pasted table, each through the action a person would use; the good ones, or none."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goals.actions.metrics import add_measurement
from goals.actions.plans import add_entry, change_entry
from goals.entries import KINDS as ENTRY_KINDS
from goals.models import AccountYear, Measurement, Metric
from goals.row_tables import Row, TableKind, read_rows
from kam.lib.errors import DomainError
from kam.users.models import User


@dataclass(frozen=True, slots=True)
class TableResult:
    """What became of a table; after a check nothing was written."""

    rows: list[Row]
    written: int

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

    Raises InvalidInput when the text is no such table. Importing it again changes nothing more.
    """
    rows = read_rows(kind, text, by)
    write: Any = {"measurements": _Measurements, "years": _Years}[kind.code](rows)
    written = 0
    for row in rows:
        if row.problem:
            continue
        try:
            with transaction.atomic():
                written += write.one(row, by)
        except DomainError as error:
            row.problem = str(error)
    return TableResult(rows, written)


class _Measurements:
    def __init__(self, rows: list[Row]) -> None:
        accounts = {row.account.pk for row in rows if row.account}
        metrics = Metric.objects.filter(account__in=accounts).select_related("account")
        self.metrics = {(metric.account_id, metric.name.casefold()): metric for metric in metrics}

    def one(self, row: Row, by: User) -> int:
        assert row.account is not None  # noqa: S101 - rows without an account have a problem
        name = str(row.values["metric"])
        metric = self.metrics.get((row.account.pk, name.casefold()))
        if metric is None:
            row.problem = _("%(account)s has no metric “%(name)s”.") % {
                "account": row.account, "name": name[:60]}  # fmt: skip
            return 0
        _measurement, made = add_measurement(
            metric,
            value=row.values["value"],
            on=row.values["day"],
            by=by,
            source=Measurement.Source.IMPORTED,
            note=str(row.values.get("note", "")),
        )
        return int(made)


class _Years:
    def __init__(self, rows: list[Row]) -> None:
        found = AccountYear.objects.filter(account__in={row.account.pk for row in rows if row.account})
        self.years = {(year.account_id, year.year): year for year in found.select_related("account")}

    def one(self, row: Row, by: User) -> int:
        assert row.account is not None  # noqa: S101 - rows without an account have a problem
        kind, values = ENTRY_KINDS["years"], dict(row.values)
        standing: Any = self.years.get((row.account.pk, values["year"]))
        if standing is None:
            standing = add_entry(kind, row.account, values=values, by=by)
            self.years[row.account.pk, standing.year] = standing
            return 1
        before = standing.version
        return int(change_entry(kind, standing, values=values, by=by).version != before)
