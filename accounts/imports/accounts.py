"""An import of accounts: create, update or both, matched by a key that the importer chose."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.imports.account_matching import Candidates, find_candidates
from accounts.imports.account_rows import AccountReader, Entry, FirstRow
from accounts.imports.account_writing import write_changed, write_new
from accounts.imports.contacts import COLUMNS, NamedPeople, People, write_people
from accounts.imports.parent_writing import link_parents, new_accounts
from accounts.imports.parents import Parents, node_of
from accounts.imports.pieces import place_in
from accounts.imports.plan import NEW_ACCOUNT, Plan
from accounts.imports.problems import AMBIGUOUS, ProblemLog
from accounts.merging.chain import Fit
from accounts.models import Account
from accounts.tidy import check_coordinates
from kam.integrations.jobs import JobRun
from kam.integrations.models import ImportBatch
from kam.lib.errors import InvalidInput
from kam.lib.tabular.problems import RowProblem, ValueProblem
from kam.lib.tabular.reader import Table

ROWS_A_PIECE = 1000
SHOWN_CHANGES = 100
SHOWN_CANDIDATES = 12
READING = gettext_noop("%(rows)s rows read")
TWICE = gettext_noop("The same account stands in row %(row)s.")
TWICE_OTHERWISE = gettext_noop("The same account stands in row %(row)s with other values.")
FIRST_LEFT_OUT = gettext_noop("The same account stands in row %(row)s, which stays out.")
TWICE_MERGED = gettext_noop("“%(name)s” has been merged into the account that stands in row %(row)s.")
SEVERAL = gettext_noop("Several accounts fit: %(names)s.")
EXISTS = gettext_noop("%(name)s exists already, and only new accounts were to be imported.")
NOT_FOUND = gettext_noop("No account fits, and only known accounts were to be updated.")
NO_NAME = gettext_noop("A new account needs a name.")
ID_TAKEN = gettext_noop("The id %(id)s belongs to another account: %(name)s.")


class AccountsImport:
    """One run over one file of accounts; the counterpart of SalesImport."""

    def __init__(
        self, batch: ImportBatch, table: Table, plan: Plan, problems: ProblemLog, run: JobRun | None = None
    ) -> None:
        self.batch, self.table, self.plan, self.problems, self.run = batch, table, plan, problems, run
        self.mode, self.match = plan.rules["mode"], plan.rules["match"]
        self.rows = 0
        self.reader, self.parents = AccountReader(plan), Parents(batch.source)
        self.tally = {"new": 0, "unchanged": 0, "changed": 0}
        if plan.position("contact_name") is not None:
            self.tally |= {"contacts_created": 0, "contacts_changed": 0}
        self.changes: list[dict[str, Any]] = []
        self._seen: dict[str, FirstRow] = {}
        self._people = NamedPeople()
        self._goes_on = False
        self._taken: dict[UUID, int] = {}
        self._taken_by_itself: dict[UUID, int] = {}

    def check(self) -> dict[str, Any]:
        """Read the whole file and return the counts that a commit would have; nothing is written."""
        self._look_ahead()
        for _last_row, piece in self._pieces():
            new, changed = self._sorted_out(piece)
            self._count(new, changed)
            self._report()
        return self.counts()

    def commit(self) -> dict[str, Any]:
        """Write piece by piece, then the parents. Running it again goes on where it stopped."""
        done, tally = place_in(self.run)
        self.tally |= tally
        self._goes_on = done > 0
        self._look_ahead()
        for last_row, piece in self._pieces():
            self._go_past([entry for entry in piece if entry.number <= done])
            if last_row > done:
                self._write_piece(last_row, [entry for entry in piece if entry.number > done])
            self._report()
        if self.parents.moves:
            link_parents(self.batch, self.parents.moves)
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
            return self.reader.entry(number, cells)
        except ValueProblem as problem:
            self._refuse(number, cells, problem)
            return None

    def _refuse(self, number: int, cells: Sequence[str], problem: ValueProblem) -> None:
        self.problems.add(
            RowProblem(number, problem.code, problem.message, problem.params, cells, problem.column)
        )

    def _look_ahead(self) -> None:
        """Read the file once before when its rows name parents: a parent may stand below its children."""
        if self.plan.position("parent") is None:
            return
        ahead = AccountsImport(self.batch, self.table, self.plan, ProblemLog(self.table.header))
        for _last_row, piece in ahead._pieces():
            accepted = ahead._accepted(piece, self._candidates(piece, before=self.batch))
            self.parents.note(entry for entry in accepted if not entry.follows)
        self.parents.settle()

    def _go_past(self, piece: list[Entry]) -> None:
        """Go past rows that are written already, with the refusals that they had."""
        self._accepted(piece, self._candidates(piece, before=self.batch))

    def _candidates(self, piece: list[Entry], before: ImportBatch | None = None) -> Candidates:
        return find_candidates(self.match, self.batch.source, piece, before=before)

    def _sorted_out(self, piece: list[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Return the entries to create and those that change something; the rest is unchanged or refused."""
        candidates = self._candidates(piece)
        new: list[Entry] = []
        changed: list[Entry] = []
        unchanged: list[Entry] = []
        for entry in self._accepted(piece, candidates):
            if entry.follows:
                changes = entry.person and entry.person.changes
                (changed if changes else unchanged).append(entry)
            elif entry.account is None:
                entry.is_moved = self.parents.moves.get(entry.number) is not None
                new.append(entry)
            elif self._drop_equal(entry, candidates):
                changed.append(entry)
            else:
                unchanged.append(entry)
        self.tally["unchanged"] += len(unchanged)
        self._name_parents([entry for entry in new + changed if entry.is_moved])
        return new, changed

    def _accepted(self, piece: list[Entry], candidates: Candidates) -> list[Entry]:
        """Return the entries that nothing speaks against, each with its account and its person."""
        entries = self._passing(piece, lambda entry: self._find_account(entry, candidates))
        self._find_followed(entries)
        people = People(entries, self._people)
        return self._passing(entries, lambda entry: self._find_person(entry, people))

    def _passing(self, entries: list[Entry], check: Callable[[Entry], None]) -> list[Entry]:
        passed = []
        for entry in entries:
            try:
                check(entry)
                passed.append(entry)
            except ValueProblem as problem:
                self._refuse(entry.number, entry.cells, problem)
        return passed

    def _find_account(self, entry: Entry, candidates: Candidates) -> None:
        first = self._seen.setdefault(entry.key, FirstRow(entry.number, entry.said))
        if first.number != entry.number:
            self._follow(entry, first)
            return
        fitting = candidates.fitting(entry.key)
        if len(fitting) > 1:
            fitting = self._chosen(entry, fitting)
        fit = fitting[0] if fitting else None
        account = fit.account if fit else None
        self._check_mode(entry, account)
        _check_place(entry, fit)
        holder = candidates.holder(entry.external_id)
        if holder is not None and (account is None or holder.pk != account.pk):
            raise ValueProblem("id_taken", ID_TAKEN, {"id": entry.external_id, "name": holder.name})
        if entry.number in self.parents.refused:
            raise self.parents.refused[entry.number]
        if fit:
            self._take(fit, entry.number)
        entry.account, entry.fit = account, fit
        first.account_id = account.pk if account else None

    def _follow(self, entry: Entry, first: FirstRow) -> None:
        """Let a row bring one more person of an account. Raises ValueProblem when it says anything else of it."""
        if entry.person is None:
            raise ValueProblem("twice", TWICE, {"row": first.number})
        if not first.agrees_with(entry.said):
            raise ValueProblem("twice", TWICE_OTHERWISE, {"row": first.number})
        entry.label = entry.values.get("name") or entry.key
        entry.follows, entry.values, entry.external_id = first, {}, ""

    def _find_followed(self, entries: list[Entry]) -> None:
        """Find the accounts of rows that bring more people; one that this piece creates is there later."""
        following = [(entry, entry.follows) for entry in entries if entry.follows]
        for _entry, first in following:
            first.account_id = first.account_id or self._brought.get(first.number)
        accounts = Account.objects.in_bulk({first.account_id for _, first in following if first.account_id})
        for entry, first in following:
            entry.account = accounts.get(first.account_id) if first.account_id else None

    def _find_person(self, entry: Entry, people: People) -> None:
        if entry.follows and not entry.follows.is_accepted:
            raise ValueProblem("twice", FIRST_LEFT_OUT, {"row": entry.follows.number})
        people.settle(entry)
        if not entry.follows:
            self._seen[entry.key].is_accepted = True

    def _take(self, fit: Fit, number: int) -> None:
        """Note whom a row means. Raises ValueProblem when another row means the same account.

        Only the row of an account itself may follow one of an account that was merged into it: it says more.
        """
        first = self._taken.setdefault(fit.account.pk, number)
        if fit.former and first != number:
            raise ValueProblem("twice", TWICE_MERGED, {"row": first, "name": fit.former.name})
        own = number if fit.former else self._taken_by_itself.setdefault(fit.account.pk, number)
        if own != number:
            raise ValueProblem("twice", TWICE, {"row": own})

    def _chosen(self, entry: Entry, fitting: list[Fit]) -> list[Fit]:
        """Return the account that somebody chose among several, none for a new one."""
        choice = self.plan.rules["choices"].get(str(entry.number))
        chosen = [fit for fit in fitting if str(fit.account.pk) == choice]
        if not chosen and choice != NEW_ACCOUNT:
            names = ", ".join(fit.label for fit in fitting[:5])
            ids = " ".join(str(fit.account.pk) for fit in fitting[:SHOWN_CANDIDATES])
            raise ValueProblem(AMBIGUOUS, SEVERAL, {"names": names, "ids": ids})
        return chosen

    @cached_property
    def _brought(self) -> dict[int, UUID]:
        """The accounts that a killed run had created, by their rows."""
        return new_accounts(self.batch) if self._goes_on else {}

    def _check_mode(self, entry: Entry, account: Account | None) -> None:
        if account is not None and self.mode == "create":
            raise ValueProblem("exists", EXISTS, {"name": account.name})
        if account is None and self.mode == "update":
            raise ValueProblem("not_found", NOT_FOUND)
        if account is None and not entry.values.get("name"):
            raise ValueProblem("missing_name", NO_NAME)

    def _drop_equal(self, entry: Entry, candidates: Candidates) -> bool:
        """Leave only the values that differ from the account's; say whether anything is to be written."""
        account, moves = entry.account, self.parents.moves
        assert account is not None  # noqa: S101 - tells the type checker what the caller has asked
        values = entry.fit.settled(entry.values) if entry.fit else entry.values
        entry.values = {n: value for n, value in values.items() if getattr(account, n) != value}
        is_new_id = bool(entry.external_id) and candidates.holder(entry.external_id) is None
        entry.external_id = entry.external_id if is_new_id else ""
        entry.is_moved = account.pk in moves and moves[account.pk] != account.parent_id
        return entry.changes_account or bool(entry.person and entry.person.changes)

    def _name_parents(self, entries: list[Entry]) -> None:
        """Say what the former and the new parents are called."""
        moves = self.parents.moves
        former = {entry.number: entry.account.parent_id if entry.account else None for entry in entries}
        new = {entry.number: moves[node_of(entry)] for entry in entries}
        names = self.parents.labels_of([*former.values(), *new.values()]) if entries else {}
        for entry in entries:
            entry.former_parent, entry.new_parent = names[former[entry.number]], names[new[entry.number]]

    def _count(self, new: list[Entry], changed: list[Entry]) -> None:
        self.tally["new"] += len(new)
        self.tally["changed"] += len(changed)
        for person in (entry.person for entry in new + changed if entry.person and entry.person.changes):
            self.tally["contacts_changed" if person.contact else "contacts_created"] += 1
        for entry in changed[: max(0, SHOWN_CHANGES - len(self.changes))]:
            former = entry.fit.former.name if entry.fit and entry.fit.former else ""
            label = {"label": str(entry.account or entry.label), "formerly": former}
            self.changes.append({"row": entry.number, **label, "fields": _shown(entry)})

    def _write_piece(self, last_row: int, piece: list[Entry]) -> None:
        with transaction.atomic():
            new, changed = self._sorted_out(piece)
            self._count(new, changed)
            by = self.run.by if self.run else None
            write_new(self.batch, new, currency=self.plan.currency, by=by)
            self._hand_down(new, changed)
            write_changed(self.batch, changed, by=by)
            write_people(self.batch, new + changed, by=by)
            if self.run:
                self.run.checkpoint(row=last_row, tally=self.tally)

    def _hand_down(self, new: list[Entry], changed: list[Entry]) -> None:
        """Tell the rows that bring more people which account was created for them."""
        created = {entry.number: entry.account for entry in new}
        for entry in new:
            self._seen[entry.key].account_id = entry.account.pk if entry.account else None
        for entry in changed:
            if entry.follows and entry.account is None:
                entry.account = created[entry.follows.number]

    def _report(self) -> None:
        if self.run:
            expected = max(self.rows, self.batch.table.get("expected_rows") or 1)
            self.run.report(min(95, 95 * self.rows / expected), READING, rows=self.rows)


def _check_place(entry: Entry, fit: Fit | None) -> None:
    """Raise ValueProblem when an account would come to lie beside the globe, or have half a place."""
    values = fit.settled(entry.values) if fit else entry.values
    names = ("latitude", "longitude")
    if any(name in values for name in names):
        known = fit.account if fit else None
        try:
            check_coordinates(*(values.get(name, getattr(known, name, None)) for name in names))
        except InvalidInput as error:
            raise ValueProblem("invalid", error.message, error.params) from error


def _shown(entry: Entry) -> list[list[str]]:
    """Return [field, before, after] of what a row changes, the person's fields under the names of their columns."""
    texts = [(name, getattr(entry.account, name), value) for name, value in entry.values.items()]
    if entry.is_moved:
        texts.append(("parent", entry.former_parent, entry.new_parent))
    if entry.person:
        texts += [(COLUMNS[name], old, new) for name, (old, new) in entry.person.changes.items()]
    return [[name, *("" if v is None else str(v)[:80] for v in (old, new))] for name, old, new in texts]
