"""Sales lines on their way into the database, column by column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import compress
from typing import Any


@dataclass(slots=True)
class Lines:
    """A piece of a sales file. All lists are equally long; account and offering as the file names them.

    ``keys`` are 32 hex digits, ``contents`` unsigned 64-bit hashes. ``quantities`` and ``prices`` are
    hundred-millionths; amounts, discounts and costs ten-thousandths (None: not stated).
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
