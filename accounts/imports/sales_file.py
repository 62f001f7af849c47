"""A sales file, piece by piece, as lines. Pure, so that a thread may read ahead of the database."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from accounts.imports.lines import Lines
from accounts.imports.pieces import pieces
from accounts.imports.problems import ProblemLog
from accounts.imports.sales_rows import SalesReader
from kam.lib.tabular.problems import RowProblem
from kam.lib.tabular.reader import Table


class Piece(NamedTuple):
    """Rows that one transaction writes: the last of them, how many were read by then, lines and new names."""

    last_row: int
    rows_read: int
    lines: Lines
    account_names: dict[str, str]


class SalesFile:
    """Yields the pieces of a file; ``rows`` are the rows read so far."""

    def __init__(self, table: Table, reader: SalesReader, problems: ProblemLog) -> None:
        self.table, self.reader, self.problems = table, reader, problems
        self.rows = 0

    def pieces(self, size: int, border: int = 0) -> Iterator[Piece]:
        place, names = self.reader.plan.columns["order"], self.reader.account_names
        rows = self.table.rows(on_problem=self._misfit)
        for piece in pieces(rows, size, lambda row: row[1][place], border):
            self.rows += len(piece)
            known = len(names)
            lines = self.reader.lines(piece)
            # Not the names of pieces to come: whether they are known yet must not depend on a thread.
            fresh = dict(islice(reversed(names.items()), len(names) - known))
            yield Piece(piece[-1][0], self.rows, lines, fresh)

    def _misfit(self, problem: RowProblem) -> None:
        self.rows += 1
        self.problems.add(problem)
