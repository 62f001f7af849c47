"""A file in pieces, each written by one transaction, and the place where a killed run goes on."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import itemgetter

from accounts.imports.problems import Row
from kam.integrations.jobs import JobRun


def place_in(run: JobRun | None) -> tuple[int, dict[str, int]]:
    """Return the last row that a run has written, and what it had counted by then."""
    cursor = run.cursor if run else {}
    return (cursor["row"], cursor["tally"]) if "row" in cursor else (0, {})


def pieces(
    rows: Iterable[Row], size: int, order_of: Callable[[Row], str], border: int = 0
) -> Iterator[list[Row]]:
    """Cut rows into pieces of about ``size`` that end where an order ends, if that is near.

    A piece also ends at row ``border``: what was written up to there is told from what was not.
    """
    rows = iter(rows)
    held: list[Row] = []
    while piece := held + list(islice(rows, max(0, size - len(held)))):
        held = []
        if piece[0][0] <= border < piece[-1][0]:
            place = bisect_right(piece, border, key=itemgetter(0))
            piece, held = piece[:place], piece[place:]
        elif piece[-1][0] != border:
            last = order_of(piece[-1])
            for row in rows:
                if order_of(row) != last or len(piece) >= 2 * size:
                    held = [row]
                    break
                piece.append(row)
        yield piece
