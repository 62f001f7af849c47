"""Which repetition of an equal line a row is, counted over the whole file with bounded memory.

Most orders stand together in a file. So the lines of one piece are counted in a dictionary, and what was
counted goes, one row an order, into a temporary database that SQLite spills to disk: an order that comes
again later in the file takes its counts from there.
"""

import json
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import compress, groupby

# Odd, so that its multiples run through all 64-bit numbers before one comes again.
_STEP = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1
_BACK = pow(_STEP, -1, MASK + 1)


class Occurrences:
    """Counts equal lines, one piece of the file after the other."""

    def __init__(self) -> None:
        # Opened here and used by the thread that reads ahead, by one of them at a time.
        self._store = sqlite3.connect("", check_same_thread=False)
        self._store.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-2000;"
            "CREATE TABLE seen (order_hash INTEGER PRIMARY KEY, lines BLOB)"
        )

    def repetitions(self, orders: Sequence[int], contents: Sequence[int]) -> dict[int, int]:
        """Return {index: how often the same line came before in the file} for the lines that came before.

        Both sequences hold unsigned 64-bit hashes, one a line.
        """
        groups = _grouped(orders, contents)
        counts = self._recall(groups)
        pairs = list(zip(orders, contents, strict=True))
        repeated = {pair for pair, times in Counter(pairs).items() if times > 1} | counts.keys()
        found = {}
        for index in compress(range(len(pairs)), map(repeated.__contains__, pairs)) if repeated else ():
            before = counts[pairs[index]]
            if before:
                found[index] = before
            counts[pairs[index]] = before + 1
        self._keep(groups)
        return found

    def close(self) -> None:
        self._store.close()

    def _recall(self, groups: dict[int, list[int]]) -> defaultdict[tuple[int, int], int]:
        """Return the counts of the orders that stood in earlier pieces; their lines join their group."""
        keys = json.dumps([_signed(order) for order in groups])
        statement = "SELECT order_hash, lines FROM seen WHERE order_hash IN (SELECT value FROM json_each(?))"
        counts: defaultdict[tuple[int, int], int] = defaultdict(int)
        for signed, stored in self._store.execute(statement, [keys]).fetchall():
            order, earlier = signed & MASK, array("Q")
            earlier.frombytes(stored)
            groups[order] = [*earlier, *groups[order]]
            for content in earlier:
                counts[order, content] += 1
        return counts

    def _keep(self, groups: dict[int, list[int]]) -> None:
        rows = ((_signed(order), array("Q", lines).tobytes()) for order, lines in groups.items())
        self._store.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", rows)


def _grouped(orders: Sequence[int], contents: Sequence[int]) -> dict[int, list[int]]:
    """Return {order: contents}. Most lines of an order stand one after the other, and go over together."""
    groups: dict[int, list[int]] = {}
    start = 0
    for order, lines in groupby(orders):
        end = start + len(list(lines))
        groups.setdefault(order, []).extend(contents[start:end])
        start = end
    return groups


def line_half(content: int, occurrence: int) -> int:
    """Return the second half of a line's key: the content, moved on for each repetition."""
    return (content + occurrence * _STEP) & MASK


def occurrence_of(content: int, half: int) -> int:
    """Return which repetition of a content the second half of a key stands for."""
    return (half - content) * _BACK & MASK


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
