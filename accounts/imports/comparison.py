"""Which rows of a file are lines that are stored already, as they are or in another version."""

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db import connection

from accounts.imports.lines import Lines
from accounts.imports.numbers import MONEY, to_money
from accounts.imports.occurrences import line_half, occurrence_of
from accounts.imports.unsaid import Unsaid, Values, is_as_stored
from accounts.imports.writing import TABLE, Stored, signed
from accounts.models import SalesLine
from kam.integrations.models import ImportBatch

Place = tuple[str | None, ...]
Measure = tuple[Place, int | None, int | None]


class Comparison:
    """Compares a piece of a file with what is stored of its orders.

    ``lines`` are the rows with what the file says nothing about filled in, ``fresh`` the places of new ones,
    ``pairs`` {place: stored line} of changed ones.
    """

    def __init__(
        self, batch: ImportBatch, lines: Lines, unsaid: Unsaid, accounts: Mapping[str, UUID]
    ) -> None:
        self.lines, self.fresh = lines.copy(), list[int]()
        self.pairs: dict[int, SalesLine] = {}
        self._batch, self._stated, self._unsaid, self._accounts = batch, lines, unsaid, accounts
        self._used: set[int] = set()
        self._taken: set[str] = set()
        self._free: Counter[tuple[str, int]] = Counter()
        self._repeated: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        self._by_place: defaultdict[Place, list[SalesLine]] = defaultdict(list)
        self._by_measure: defaultdict[Measure, list[SalesLine]] = defaultdict(list)
        self._equals: dict[tuple[str, int], list[SalesLine]] = {}

    def settle_known(self, rows: Mapping[int, SalesLine]) -> None:
        """Settle the rows that are known by their keys, and are not as the file has them."""
        for index, row in rows.items():
            self._take(index, row)

    def settle_fresh(self, fresh: list[int], stored: Mapping[str, Stored]) -> None:
        """Settle rows whose keys nobody knows.

        Each is a stored line that reads the same in all columns of the file; else it replaces a line of its order
        with the same offering and day which the file no longer contains; else it is new. Lines that this batch
        wrote are never replaced by it.
        """
        self._read(fresh, stored)
        left = []
        for index in fresh:
            row = self._equal(index)
            if row is None:
                left.append(index)
            else:
                self._take(index, row)
        for index in left:
            row = self._corrected(index)
            if row is None:
                self.fresh.append(index)
            else:
                self._take(index, row)

    def _read(self, fresh: Iterable[int], stored: Mapping[str, Stored]) -> None:
        self._taken.update(self._stated.keys)
        for row in _lines_of_orders({self._stated.keys[index][:16] for index in fresh}):
            key = row.line_key.hex
            self._taken.add(key)
            if row.batch_id == self._batch.pk:
                continue
            if not row.line_no:
                content = row.content_hash % (1 << 64)
                self._repeated[key[:16], content].append(occurrence_of(content, int(key[16:], 16)))
            # A line with a number is told by it alone, where the file has numbers.
            if key not in stored and (self._unsaid.lacks("line_nos") or not row.line_no):
                place = self._place(row.order_no, row.ordered_on.isoformat(), _code(row))
                self._by_place[place].append(row)
                self._by_measure[self._measure_of(place, row)].append(row)
        for occurrences in self._repeated.values():
            occurrences.sort()

    def _equal(self, index: int) -> SalesLine | None:
        """Return the stored line that is the same in all that the file says, of several the one it repeats."""
        stated = self._stated
        known = stated.orders[index], stated.contents[index]
        if known not in self._equals:
            self._equals[known] = [row for row in self._measured(index) if self._is_equal(index, row)]
        found = self._equals[known]
        if stated.line_nos[index]:
            return next((row for row in found if row.pk not in self._used), None)
        times_before = stated.repeats[index]
        found_by_key = self._repeated.get((stated.keys[index][:16], stated.contents[index]), [])
        rank = times_before - bisect_left(found_by_key, times_before)
        return found[rank] if rank < len(found) and found[rank].pk not in self._used else None

    def _is_equal(self, index: int, row: SalesLine) -> bool:
        stated = self._stated
        is_unnumbered = not stated.line_nos[index] and not row.line_no
        if is_unnumbered and row.content_hash == signed(stated.contents[index]):
            return False  # equal without any help: its row is found by its key, in this piece or in another
        return self._is_same(self._unsaid.completed(stated, index, row), index, row)

    def _is_same(self, values: Values, index: int, row: SalesLine) -> bool:
        if signed(values["contents"]) == row.content_hash:
            return True
        account = self._accounts.get(self._stated.accounts[index])
        day = self._stated.days[index] == row.ordered_on.isoformat()
        return day and account == row.account_id and is_as_stored(values | {"line_nos": row.line_no}, row)

    def _corrected(self, index: int) -> SalesLine | None:
        stated = self._stated
        rows = self._by_place.get(
            self._place(stated.orders[index], stated.days[index], stated.offerings[index]), []
        )
        # Those that read the same are the ones that other repetitions of the row mean.
        equals = {row.pk for row in self._equals[stated.orders[index], stated.contents[index]]}
        found = (row for row in rows if row.pk not in equals and row.pk not in self._used)
        return next(found, None)

    def _take(self, index: int, row: SalesLine) -> None:
        """Settle that a row means a stored line, and whether it changes it."""
        self._used.add(row.pk)
        values = self._unsaid.completed(self._stated, index, row)
        self.lines.set(index, values)
        if values["line_nos"] != row.line_no or not self._is_same(values, index, row):
            self.lines.keys[index] = self._key(index, values, row)
            self.pairs[index] = row

    def _key(self, index: int, values: Values, row: SalesLine) -> str:
        """Return the key of a new version: a line keeps its number, without one its content counts."""
        key, content = self._stated.keys[index], values["contents"]
        if row.line_no and row.line_no == values["line_nos"]:
            return row.line_key.hex
        if values["line_nos"] or content == self._stated.contents[index]:
            return key
        order = key[:16]
        while (key := f"{order}{line_half(content, self._free[order, content]):016x}") in self._taken:
            self._free[order, content] += 1
        self._taken.add(key)
        return key

    def _place(self, order: str, day: str, offering: str) -> Place:
        return order, day, None if self._unsaid.lacks("offerings") else offering

    def _measured(self, index: int) -> list[SalesLine]:
        """Return the stored lines that are worth comparing: same order, day and offering, same numbers."""
        stated = self._stated
        place = self._place(stated.orders[index], stated.days[index], stated.offerings[index])
        worth = to_money(stated.prices[index]) if self._unsaid.lacks("amounts") else stated.amounts[index]
        quantity = None if self._unsaid.lacks("quantities") else to_money(stated.quantities[index])
        found = self._by_measure.get((place, quantity, worth), [])
        return found + self._by_measure.get((place, quantity, None), [])

    def _measure_of(self, place: Place, row: SalesLine) -> Measure:
        quantity = None if self._unsaid.lacks("quantities") else int(row.quantity * MONEY)
        worth = row.unit_price if self._unsaid.lacks("amounts") else row.amount
        return place, quantity, None if self._unsaid.is_converted(row) else int(worth * MONEY)


def lines_with_keys(keys: list[str]) -> dict[str, SalesLine]:
    """Return the stored lines of some keys."""
    rows = SalesLine.objects.filter(line_key__in=[UUID(key) for key in keys]).select_related("offering")
    return {row.line_key.hex: row for row in rows}


def _lines_of_orders(halves: set[str]) -> Iterator[SalesLine]:
    """Yield the lines whose key begins with one of some order hashes."""
    ranges = [(f"{half}{'0' * 16}", f"{half}{'f' * 16}") for half in sorted(halves)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT l.id FROM unnest(%s::uuid[], %s::uuid[]) AS r(low, high)"  # noqa: S608 - our own names
                f" JOIN {TABLE} l ON l.line_key BETWEEN r.low AND r.high",
                [[low for low, _ in ranges], [high for _, high in ranges]],
            )
        else:
            cursor.execute(
                f"SELECT l.id FROM json_each(%s) AS r JOIN {TABLE} l"  # noqa: S608 - our own names
                " ON l.line_key BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')",
                [json.dumps(ranges)],
            )
        ids = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(ids), 500):
        rows = SalesLine.objects.filter(pk__in=ids[start : start + 500])
        yield from rows.select_related("offering").order_by("pk")


def _code(row: SalesLine) -> str:
    return row.offering.code if row.offering else ""
