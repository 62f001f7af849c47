"""A sales import from the first row to the roll-up; a dry run takes the same way without writing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from accounts.imports.comparison import Comparison
from accounts.imports.corrections import differences, replace_lines
from accounts.imports.countries import fill_countries
from accounts.imports.known import KnownLine, lines_with_keys
from accounts.imports.lines import Lines
from accounts.imports.matching import AccountIndex, OfferingIndex, name_offerings
from accounts.imports.numbers import to_decimal
from accounts.imports.pieces import place_in
from accounts.imports.plan import Plan
from accounts.imports.problems import WITHOUT_ACCOUNT, ProblemLog
from accounts.imports.room import room_left, room_taken
from accounts.imports.sales_file import Piece, SalesFile
from accounts.imports.sales_rows import SalesReader
from accounts.imports.unsaid import Unsaid
from accounts.imports.writing import (
    Overtaken,
    Stored,
    any_order_stored,
    count_stored,
    database_for_bulk,
    insert_lines,
    signed,
    stored_keys,
    stored_lines,
)
from accounts.models import CurrencyRate, SalesLine
from accounts.rollup import ACCOUNTS_A_STEP, refresh_rollups
from kam.integrations.jobs import JobRun
from kam.integrations.models import ImportBatch, ImportedRow
from kam.lib.ahead import Ahead, one_ahead
from kam.lib.tabular.reader import Table

# Each piece is one transaction that touches pages all over the indexes: fewer of them write less, and larger ones
# take more memory.
ROWS_A_PIECE = 5_000
SHOWN_CHANGES = 100
READING = gettext_noop("%(rows)s rows read")
ADDING_UP = gettext_noop("Adding up orders and months: %(accounts)s accounts")


class SalesImport:
    """One run over one file. ``run`` gets the progress and keeps the place; without it nothing is reported."""

    def __init__(
        self, batch: ImportBatch, table: Table, plan: Plan, problems: ProblemLog, run: JobRun | None = None
    ) -> None:
        self.batch, self.problems, self.run = batch, problems, run
        rates = CurrencyRate.objects.book()
        self.reader, self.unsaid = SalesReader(plan, problems, rates), Unsaid(plan, rates)
        self.file = SalesFile(table, self.reader, problems)
        self.account_names: dict[str, str] = {}
        self.has_line_numbers = plan.position("line") is not None
        self.accounts, self.offerings = AccountIndex(batch, plan.currency), OfferingIndex(batch)
        # Without any line there is nothing that a row could be equal to.
        self.looks_back = SalesLine.objects.exists()
        self.has_own_lines = SalesLine.objects.filter(batch=batch).exists()
        self.rows = self.mine = 0
        self.tally = {"new": 0, "unchanged": 0, "changed": 0, "reversals": 0, "accounts_created": 0}
        self.tally |= {"gross": 0, "net": 0, "taken": 0}
        self.room = room_left()
        self.days: list[str] = []
        self.changes: list[dict[str, Any]] = []
        self._pieces: Ahead[Piece]
        self._comes_again = False
        # What a check finds changed is no longer there for the rest of the file, as if it had been written.
        self._replaced: set[int] = set()

    def check(self) -> dict[str, Any]:
        """Read the whole file and return the counts that a commit would have; nothing is written."""
        with (
            without_cycle_search(),
            database_for_bulk(),
            one_ahead(self.file.pieces(ROWS_A_PIECE)) as self._pieces,
        ):
            for piece in self._pieces:
                self._pieces.begin_next()
                self.rows = piece.rows_read
                lines, fresh, pairs = self._classify(piece.lines)
                self._count(lines, fresh, pairs)
                self._replaced.update(hash(row.key) for row in pairs.values())
                wanted = {lines.accounts[index] for index in fresh}
                self.tally["accounts_created"] = self.accounts.count_unknown(wanted)
                self._report()
        return self.counts()

    def commit(self) -> dict[str, Any]:
        """Write the lines piece by piece, then names, countries and roll-ups. Running it again goes on."""
        done, tally = place_in(self.run)
        self.tally |= tally
        with without_cycle_search(), database_for_bulk():
            with one_ahead(self.file.pieces(ROWS_A_PIECE, done)) as self._pieces:
                for piece in self._pieces:
                    self._take(piece, done)
            name_offerings(self.batch, self.reader.offering_names)
            fill_countries(self.batch, self.reader.countries)
            self.refresh()
        return self.counts()

    def counts(self) -> dict[str, Any]:
        """Return the result as JSON; new + unchanged + changed + rejected + without_account = rows."""
        self.reader.close()
        sums = {name: str(to_decimal(self.tally[name])) for name in ("gross", "net")}
        span = {"first_day": self.days[0], "last_day": self.days[-1]} if self.days else {}
        return {
            "rows": self.file.rows,
            **{name: self.tally[name] for name in ("new", "unchanged", "changed")},
            "rejected": self.problems.rows(),
            "without_account": self.problems.rows(WITHOUT_ACCOUNT),
            **{name: self.tally[name] for name in ("reversals", "accounts_created")},
            **sums,
            **span,
        }

    def refresh(self) -> None:
        """Rebuild the roll-ups of every account whose lines the batch wrote or took away."""
        ids = iter(accounts_of(self.batch))
        done = 0
        while step := list(islice(ids, ACCOUNTS_A_STEP)):
            done += refresh_rollups(step)
            if self.run:
                self.run.report(97, ADDING_UP, accounts=done)

    def _take(self, piece: Piece, done: int) -> None:
        """Write a piece, unless the run that was killed had written it."""
        self.rows = piece.rows_read
        self.account_names |= piece.account_names
        self._note_days(piece.lines)
        if piece.last_row > done:
            self._write_piece(piece.last_row, piece.lines)
        self._report()

    def _classify(self, lines: Lines) -> tuple[Lines, list[int], dict[int, KnownLine]]:
        """Return the lines as they shall be stored, the places of fresh ones, {place: stored line} of changed ones."""
        self.mine = 0
        if self._comes_again:  # then looking up is the work, and it waits for the database
            self._pieces.begin_next()
        self._comes_again = self.looks_back and any_order_stored(lines.keys)
        if not self._comes_again:
            return lines, list(range(len(lines))), {}
        stored = self._stored(lines)
        if stored is None:
            return lines, [], {}
        fresh, other = [], {}
        for index, (key, content) in enumerate(zip(lines.keys, lines.contents, strict=True)):
            known = stored.get(key)
            if known is None:
                fresh.append(index)
            elif known.content not in (None, signed(content)) and not known.is_mine:
                other[key] = index
        # Written by this batch already: a commit that had lost its place goes over them once more.
        self.mine = sum(known.is_mine for known in stored.values())
        if not (fresh or other):
            return lines, [], {}
        accounts = self.accounts.find(lines.accounts)
        comparison = Comparison(self.batch, lines, self.unsaid, accounts, self._replaced)
        comparison.settle_known({other[key]: row for key, row in lines_with_keys(list(other)).items()})
        comparison.settle_fresh(fresh, stored)
        return comparison.lines, comparison.fresh, comparison.pairs

    def _stored(self, lines: Lines) -> dict[str, Stored] | None:
        """Return what the database knows of the lines; None when it has them all as they are."""
        if self.has_line_numbers or self.has_own_lines:
            found = stored_lines(self.batch, lines.keys)
        elif count_stored(lines.keys) == len(lines) and self._replaced.isdisjoint(map(hash, lines.keys)):
            return None
        else:
            found = stored_keys(lines.keys)
        return {key: known for key, known in found.items() if hash(key) not in self._replaced}

    def _count(self, lines: Lines, fresh: list[int], pairs: dict[int, KnownLine]) -> None:
        left = self.room - self.tally["taken"]
        self.tally["taken"] += room_taken(lines, [*fresh, *pairs], pairs.values(), left)
        self.tally["new"] += len(fresh) + self.mine
        self.tally["changed"] += len(pairs)
        self.tally["unchanged"] += len(lines) - len(fresh) - self.mine - len(pairs)
        self.tally["reversals"] += sum(lines.reversals)
        self.tally["gross"] += sum(filter((0).__lt__, lines.amounts))
        self.tally["net"] += sum(lines.amounts)
        self._note_days(lines)
        room = SHOWN_CHANGES - len(self.changes)
        self.changes += islice(differences(lines, pairs), room) if room > 0 else []

    def _write_piece(self, last_row: int, lines: Lines) -> None:
        before = dict(self.tally)
        for _attempt in range(3):
            try:
                with transaction.atomic():
                    self._write(lines)
                    if self.run:
                        self.run.checkpoint(row=last_row, tally=self.tally)
                return
            except Overtaken:
                self.looks_back = self.has_own_lines = True
                self.tally = dict(before)
                self.accounts.forget()
                self.offerings.forget()
        raise Overtaken

    def _write(self, lines: Lines) -> None:
        lines, fresh, pairs = self._classify(lines)
        self._count(lines, fresh, pairs)
        written = lines if len(fresh) == len(lines) else lines.at(fresh)
        wanted = {*written.accounts, *(lines.accounts[index] for index in pairs)}
        self.tally["accounts_created"] += self.accounts.create(wanted, self.account_names)
        codes = {*written.offerings, *(lines.offerings[index] for index in pairs)}
        self.offerings.create(codes)
        accounts, offerings = self.accounts.find(wanted), self.offerings.find(codes)
        if pairs:
            replace_lines(self.batch, lines, pairs, accounts, offerings)
        self._pieces.begin_next()
        insert_lines(self.batch, written, accounts, offerings)

    def _note_days(self, lines: Lines) -> None:
        if lines.days:
            self.days = sorted({*self.days, min(lines.days), max(lines.days)})
            self.days = [self.days[0], self.days[-1]]

    def _report(self) -> None:
        if self.run:
            expected = max(self.rows, self.batch.table.get("expected_rows") or 1)
            self.run.report(min(95, 95 * self.rows / expected), READING, rows=self.rows)


def accounts_of(batch: ImportBatch) -> list[UUID]:
    """Return the accounts that have lines of the batch, or had a line that the batch gave to another."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT account_id FROM {SalesLine._meta.db_table} WHERE batch_id = %s",  # noqa: S608 - our own names
            [batch.pk if connection.vendor == "postgresql" else batch.pk.hex],
        )
        found = {UUID(str(row[0])) for row in cursor.fetchall()}
    changed = ImportedRow.objects.filter(batch=batch, table="sales_line").values_list("before", flat=True)
    return sorted(found | {UUID(before["account_id"]) for before in changed if before})


@contextmanager
def without_cycle_search() -> Iterator[None]:
    """Keep Python from searching hundreds of thousands of rows for reference cycles that are not there."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
