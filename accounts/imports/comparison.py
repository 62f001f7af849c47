"""Which rows of a file are lines that are stored already, as they are or in another version."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from uuid import UUID

from accounts.imports.known import KnownLine, Values, lines_of_orders
from accounts.imports.lines import Lines
from accounts.imports.numbers import to_money
from accounts.imports.occurrences import line_half, occurrence_of
from accounts.imports.unsaid import Unsaid, is_as_stored
from accounts.imports.writing import Stored, signed
from kam.integrations.models import ImportBatch

Place = tuple[str | None, ...]
Measure = tuple[Place, int | None, int | None]


class Comparison:
    """Compares a piece of a file with what is stored of its orders.

    ``lines`` are the rows with what the file says nothing about filled in, ``fresh`` the places of new ones,
    ``pairs`` {place: stored line} of changed ones. ``replaced`` are hashes of keys that count as gone.
    """

    def __init__(
        self,
        batch: ImportBatch,
        lines: Lines,
        unsaid: Unsaid,
        accounts: Mapping[str, UUID],
        replaced: Container[int],
    ) -> None:
        self.lines, self.fresh = lines.copy(), list[int]()
        self.pairs: dict[int, KnownLine] = {}
        self._batch, self._stated, self._unsaid, self._accounts = batch, lines, unsaid, accounts
        self._replaced = replaced
        self._used: set[int] = set()
        self._taken: set[str] = set()
        self._free: Counter[tuple[str, int]] = Counter()
        self._repeated: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        self._by_place: defaultdict[Place, list[KnownLine]] = defaultdict(list)
        self._by_measure: defaultdict[Measure, list[KnownLine]] = defaultdict(list)
        self._equals: dict[tuple[str, int], list[KnownLine]] = {}
        self._completed: dict[tuple[int, int], Values] = {}

    def settle_known(self, rows: Mapping[int, KnownLine]) -> None:
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
        for row in lines_of_orders(sorted({self._stated.keys[index][:16] for index in fresh})):
            key, line_no = row.key, row.values["line_nos"]
            self._taken.add(key)
            if row.batch == self._batch.pk.hex or hash(key) in self._replaced:
                continue
            if not line_no:
                content = row.content % (1 << 64)
                self._repeated[key[:16], content].append(occurrence_of(content, int(key[16:], 16)))
            # A line with a number is told by it alone, where the file has numbers.
            if key not in stored and (self._unsaid.lacks("line_nos") or not line_no):
                place = self._place(row.order, row.day, row.values["offerings"])
                self._by_place[place].append(row)
                self._by_measure[self._measure_of(place, row)].append(row)
        for occurrences in self._repeated.values():
            occurrences.sort()

    def _equal(self, index: int) -> KnownLine | None:
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

    def _is_equal(self, index: int, row: KnownLine) -> bool:
        stated = self._stated
        is_unnumbered = not stated.line_nos[index] and not row.values["line_nos"]
        if is_unnumbered and row.content == signed(stated.contents[index]):
            return False  # equal without any help: its row is found by its key, in this piece or in another
        values = self._completed[index, row.pk] = self._unsaid.completed(stated, index, row)
        return self._is_same(values, index, row)

    def _is_same(self, values: Values, index: int, row: KnownLine) -> bool:
        if signed(values["contents"]) == row.content:
            return True
        account = self._accounts.get(self._stated.accounts[index])
        if account is None or account.hex != row.account or self._stated.days[index] != row.day:
            return False
        return is_as_stored(values | {"line_nos": row.values["line_nos"]}, row)

    def _corrected(self, index: int) -> KnownLine | None:
        stated = self._stated
        rows = self._by_place.get(
            self._place(stated.orders[index], stated.days[index], stated.offerings[index]), []
        )
        # Those that read the same are the ones that other repetitions of the row mean.
        equals = {row.pk for row in self._equals[stated.orders[index], stated.contents[index]]}
        found = (row for row in rows if row.pk not in equals and row.pk not in self._used)
        return next(found, None)

    def _take(self, index: int, row: KnownLine) -> None:
        """Settle that a row means a stored line, and whether it changes it."""
        self._used.add(row.pk)
        known = self._completed.pop((index, row.pk), None)
        values = known or self._unsaid.completed(self._stated, index, row)
        self.lines.set(index, values)
        if values["line_nos"] != row.values["line_nos"] or not self._is_same(values, index, row):
            self.lines.keys[index] = self._key(index, values, row)
            self.pairs[index] = row

    def _key(self, index: int, values: Values, row: KnownLine) -> str:
        """Return the key of a new version: a line keeps its number, without one its content counts."""
        key, content = self._stated.keys[index], values["contents"]
        if values["line_nos"] and values["line_nos"] == row.values["line_nos"]:
            return row.key
        if values["line_nos"] or content == self._stated.contents[index]:
            return key
        order = key[:16]
        while (key := f"{order}{line_half(content, self._free[order, content]):016x}") in self._taken:
            self._free[order, content] += 1
        self._taken.add(key)
        return key

    def _place(self, order: str, day: str, offering: str) -> Place:
        return order, day, None if self._unsaid.lacks("offerings") else offering

    def _measured(self, index: int) -> list[KnownLine]:
        """Return the stored lines that are worth comparing: same order, day and offering, same numbers."""
        stated = self._stated
        place = self._place(stated.orders[index], stated.days[index], stated.offerings[index])
        worth = to_money(stated.prices[index]) if self._unsaid.lacks("amounts") else stated.amounts[index]
        quantity = None if self._unsaid.lacks("quantities") else to_money(stated.quantities[index])
        found = self._by_measure.get((place, quantity, worth), [])
        return found + self._by_measure.get((place, quantity, None), [])

    def _measure_of(self, place: Place, row: KnownLine) -> Measure:
        quantity = None if self._unsaid.lacks("quantities") else to_money(row.values["quantities"])
        worth = to_money(row.values["prices"]) if self._unsaid.lacks("amounts") else row.values["amounts"]
        return place, quantity, None if self._unsaid.is_converted(row) else worth
