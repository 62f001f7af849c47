"""An import of accounts: create, update or both, matched by a key that the importer chose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.imports.account_matching import Candidates, find_candidates, match_key
from accounts.imports.account_writing import write_changed, write_new
from accounts.imports.pieces import place_in
from accounts.imports.plan import NEW_ACCOUNT, Plan
from accounts.imports.problems import AMBIGUOUS, ProblemLog
from accounts.models import Account
from accounts.tidy import tidy_values
from kam.integrations.jobs import JobRun
from kam.integrations.models import ImportBatch
from kam.lib.errors import InvalidInput
from kam.lib.tabular.problems import RowProblem, ValueProblem
from kam.lib.tabular.reader import Table
from kam.lib.tabular.values import clean_text, parse_decimal

ROWS_A_PIECE = 1000
SHOWN_CHANGES = 100
SHOWN_CANDIDATES = 12
READING = gettext_noop("%(rows)s rows read")
MISSING_KEY = gettext_noop("The value to match by is missing.")
TWICE = gettext_noop("The same account stands in row %(row)s.")
SEVERAL = gettext_noop("Several accounts fit: %(names)s.")
EXISTS = gettext_noop("%(name)s exists already, and only new accounts were to be imported.")
NOT_FOUND = gettext_noop("No account fits, and only known accounts were to be updated.")
NO_NAME = gettext_noop("A new account needs a name.")
ID_TAKEN = gettext_noop("The id %(id)s belongs to another account: %(name)s.")
WHOLE = {"employees", "payment_terms_days"}
NUMBERS = WHOLE | {"latitude", "longitude"}


@dataclass(slots=True)
class Entry:
    """A row that can be used: its values, and the account that it fits (None: a new one)."""

    number: int
    cells: Sequence[str]
    key: str
    external_id: str
    values: dict[str, Any]
    account: Account | None = None


class AccountsImport:
    """One run over one file of accounts; the counterpart of SalesImport."""

    def __init__(
        self, batch: ImportBatch, table: Table, plan: Plan, problems: ProblemLog, run: JobRun | None = None
    ) -> None:
        self.batch, self.table, self.plan, self.problems, self.run = batch, table, plan, problems, run
        self.mode, self.match = plan.rules["mode"], plan.rules["match"]
        self.rows = 0
        self.tally = {"new": 0, "unchanged": 0, "changed": 0}
        self.changes: list[dict[str, Any]] = []
        self._seen: dict[str, int] = {}

    def check(self) -> dict[str, Any]:
        """Read the whole file and return the counts that a commit would have; nothing is written."""
        for _last_row, piece in self._pieces():
            new, changed = self._sorted_out(piece)
            self._count(new, changed)
            self._report()
        return self.counts()

    def commit(self) -> dict[str, Any]:
        """Write piece by piece. Running it again goes on: what is written already is unchanged by then."""
        done, tally = place_in(self.run)
        self.tally |= tally
        for last_row, piece in self._pieces():
            self._remember([entry for entry in piece if entry.number <= done])
            if last_row > done:
                self._write_piece(last_row, [entry for entry in piece if entry.number > done])
            self._report()
        return self.counts()

    def counts(self) -> dict[str, Any]:
        """Return the result as JSON; new + unchanged + changed + rejected + without_account = rows."""
        rest = {"without_account": 0, "reversals": 0, "accounts_created": self.tally["new"]}
        return {"rows": self.rows, **self.tally, "rejected": self.problems.rows(), **rest}

    def _pieces(self) -> Iterator[tuple[int, list[Entry]]]:
        """Yield pieces of the file with the number of their last row."""
        rows = self.table.rows(on_problem=self._misfit)
        while piece := list(islice(rows, ROWS_A_PIECE)):
            self.rows += len(piece)
            yield piece[-1][0], [entry for row in piece if (entry := self._entry(*row)) is not None]

    def _misfit(self, problem: RowProblem) -> None:
        self.rows += 1
        self.problems.add(problem)

    def _entry(self, number: int, cells: list[str]) -> Entry | None:
        try:
            values = self._values(cells)
            external_id = values.pop("external_id", "")
            key = match_key(self.match, external_id, values)
            if not key:
                raise ValueProblem("missing_key", MISSING_KEY)
            return Entry(number, cells, key, external_id, values)
        except (ValueProblem, InvalidInput) as error:
            code = error.code if isinstance(error, ValueProblem) else "invalid"
            self.problems.add(RowProblem(number, code, error.message, error.params, cells))
            return None

    def _values(self, cells: Sequence[str]) -> dict[str, Any]:
        """Return the values of a row. An empty cell says nothing, unless the importer wants it to clear."""
        found: dict[str, Any] = {}
        for code, place in self.plan.columns.items():
            text = clean_text(cells[place])
            if code in NUMBERS and text:
                number = parse_decimal(text, self.plan.decimal)
                found[code] = int(number) if code in WHOLE and number == int(number) else number
            elif code == "status" and text:
                found[code] = text.lower()
            elif text or (self.plan.rules["clear_empty"] and code not in ("name", "currency", "status")):
                found[code] = text if code not in NUMBERS else None
        external_id = str(found.pop("external_id", ""))[:120]
        return tidy_values(Account, found) | {"external_id": external_id}

    def _sorted_out(self, piece: list[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Return the entries to create and those that change an account; the rest is unchanged or refused."""
        candidates = find_candidates(self.match, self.batch.source, piece)
        new, changed = [], []
        for entry in piece:
            try:
                entry.account = self._account_for(entry, candidates)
            except ValueProblem as problem:
                shown = RowProblem(entry.number, problem.code, problem.message, problem.params, entry.cells)
                self.problems.add(shown)
                continue
            if entry.account is None:
                new.append(entry)
            elif self._drop_equal(entry, candidates):
                changed.append(entry)
            else:
                self.tally["unchanged"] += 1
        return new, changed

    def _account_for(self, entry: Entry, candidates: Candidates) -> Account | None:
        first = self._seen.setdefault(entry.key, entry.number)
        if first != entry.number:
            raise ValueProblem("twice", TWICE, {"row": first})
        fitting = candidates.fitting(entry.key)
        if len(fitting) > 1:
            fitting = self._chosen(entry, fitting)
        account = fitting[0] if fitting else None
        self._check_mode(entry, account)
        holder = candidates.holder(entry.external_id)
        if holder is not None and (account is None or holder.pk != account.pk):
            raise ValueProblem("id_taken", ID_TAKEN, {"id": entry.external_id, "name": holder.name})
        return account

    def _chosen(self, entry: Entry, fitting: list[Account]) -> list[Account]:
        """Return the account that somebody chose among several, none for a new one."""
        choice = self.plan.rules["choices"].get(str(entry.number))
        chosen = [account for account in fitting if str(account.pk) == choice]
        if not chosen and choice != NEW_ACCOUNT:
            names = ", ".join(f"{account.name} ({account.city})" for account in fitting[:5])
            ids = " ".join(str(account.pk) for account in fitting[:SHOWN_CANDIDATES])
            raise ValueProblem(AMBIGUOUS, SEVERAL, {"names": names, "ids": ids})
        return chosen

    def _check_mode(self, entry: Entry, account: Account | None) -> None:
        if account is not None and self.mode == "create":
            raise ValueProblem("exists", EXISTS, {"name": account.name})
        if account is None and self.mode == "update":
            raise ValueProblem("not_found", NOT_FOUND)
        if account is None and not entry.values.get("name"):
            raise ValueProblem("missing_name", NO_NAME)

    @staticmethod
    def _drop_equal(entry: Entry, candidates: Candidates) -> bool:
        """Leave only the values that differ from the account's; say whether anything is to be written."""
        account = entry.account
        entry.values = {n: value for n, value in entry.values.items() if getattr(account, n) != value}
        is_new_id = bool(entry.external_id) and candidates.holder(entry.external_id) is None
        entry.external_id = entry.external_id if is_new_id else ""
        return bool(entry.values or is_new_id)

    def _count(self, new: list[Entry], changed: list[Entry]) -> None:
        self.tally["new"] += len(new)
        self.tally["changed"] += len(changed)
        for entry in changed[: max(0, SHOWN_CHANGES - len(self.changes))]:
            self.changes.append(
                {
                    "row": entry.number,
                    "label": str(entry.account),
                    "fields": _shown(entry.account, entry.values),
                }
            )

    def _write_piece(self, last_row: int, piece: list[Entry]) -> None:
        with transaction.atomic():
            new, changed = self._sorted_out(piece)
            self._count(new, changed)
            by = self.run.by if self.run else None
            write_new(self.batch, new, currency=self.plan.currency, by=by)
            write_changed(self.batch, changed, by=by)
            if self.run:
                self.run.checkpoint(row=last_row, tally=self.tally)

    def _remember(self, piece: list[Entry]) -> None:
        """Go past a piece that is written already, with the refusals it had."""
        for entry in piece:
            first = self._seen.setdefault(entry.key, entry.number)
            if first != entry.number:
                self.problems.add(RowProblem(entry.number, "twice", TWICE, {"row": first}, entry.cells))

    def _report(self) -> None:
        if self.run:
            expected = max(self.rows, self.batch.table.get("expected_rows") or 1)
            self.run.report(min(95, 95 * self.rows / expected), READING, rows=self.rows)


def _shown(account: Account | None, values: Mapping[str, Any]) -> list[list[str]]:
    texts = ((name, getattr(account, name), value) for name, value in values.items())
    return [[name, *("" if v is None else str(v)[:80] for v in (old, new))] for name, old, new in texts]
