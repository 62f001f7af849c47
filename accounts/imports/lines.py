"""Sales lines on their way into the database, column by column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from hashlib import blake2b
from itertools import compress
from typing import Any

digest = partial(blake2b, digest_size=8)


@dataclass(slots=True)
class Lines:
    """A piece of a sales file. All lists are equally long; account and offering as the file names them.

    ``keys`` are 32 hex digits, ``contents`` unsigned 64-bit hashes. ``quantities`` and ``prices`` are
    hundred-millionths; amounts, discounts and costs ten-thousandths (None: not stated). ``texts`` and ``rests``
    are how the numbers count in the hash, ``repeats`` how often the same line came before in the file.
    """

    numbers: list[int]
    accounts: list[str]
    orders: list[str]
    days: list[str]
    offerings: list[str]
    quantities: list[int]
    prices: list[int]
    amounts: list[int]
    discounts: list[int | None]
    costs: list[int | None]
    countries: list[str]
    currencies: list[str]
    line_nos: list[str]
    reversals: list[bool]
    keys: list[str]
    contents: list[int]
    texts: list[str]
    rests: list[str]
    repeats: list[int]

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, wanted: Sequence[Any]) -> "Lines":
        """Return the lines whose place in ``wanted`` is true."""
        if all(wanted):
            return self
        return Lines(*(list(compress(column, wanted)) for column in self.columns()))

    def at(self, indices: Iterable[int]) -> "Lines":
        """Return the lines at some places."""
        places = list(indices)
        return Lines(*([column[place] for place in places] for column in self.columns()))

    def columns(self) -> list[list[Any]]:
        return [getattr(self, column.name) for column in fields(self)]

    def copy(self) -> "Lines":
        return Lines(*(list(column) for column in self.columns()))

    def set(self, index: int, values: Mapping[str, Any]) -> None:
        """Set values of one line, by column."""
        for name, value in values.items():
            getattr(self, name)[index] = value


def content_hash(*parts: str) -> int:
    """Return what tells a line from another of its order; the parts as sales_rows.HASHED names them."""
    return int.from_bytes(digest("|".join(parts).encode()).digest())
