"""Rows of an account file to entries or problems: tidy values, the same for dry run and commit."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from accounts.imports.account_matching import match_key
from accounts.imports.contacts import READERS as CONTACT_READERS
from accounts.imports.contacts import Person, person_of
from accounts.imports.plan import Plan
from accounts.imports.remembered import Remembered
from accounts.merging.chain import Fit
from accounts.models import Account
from accounts.tidy import tidy_text, tidy_values
from kam.lib.errors import InvalidInput
from kam.lib.tabular.problems import ValueProblem
from kam.lib.tabular.values import clean_text, parse_decimal

MISSING_KEY = gettext_noop("The value to match by is missing.")
WHOLE = {"employees", "payment_terms_days"}
NUMBERS = WHOLE | {"latitude", "longitude"}
# An empty cell never takes these away, whatever the importer said.
NEVER_EMPTY = {"external_id", "name", "currency", "status", *CONTACT_READERS}
SILENT = object()
# Shared by the rows of a file without people, where nothing is compared and every byte stays until the end.
UNSAID = array("I")


@dataclass(slots=True)
class FirstRow:
    """What is kept of the first row that names an account, for those that name it again."""

    number: int
    said: "array[int]"
    account_id: UUID | None = None
    is_accepted: bool = False

    def agrees_with(self, said: Sequence[int]) -> bool:
        """Say whether another row says nothing else of the account."""
        return all(other in (0, own) for own, other in zip(self.said, said, strict=True))


@dataclass(slots=True)
class Entry:
    """A row that can be used: its values, and the account that it fits (None: a new one).

    ``parent`` is the company above as the file names it: "" for none, None when the row says nothing of it.
    ``said`` is a number for each column of the account, 0 where the row says nothing; ``follows`` is the row before
    that named the account, of which this row brings one more person.
    """

    number: int
    cells: Sequence[str]
    key: str
    external_id: str
    values: dict[str, Any]
    parent: str | None = None
    person: Person | None = None
    account: Account | None = None
    fit: Fit | None = None
    is_moved: bool = False
    former_parent: str = ""
    new_parent: str = ""
    said: "array[int]" = field(default_factory=lambda: UNSAID)
    follows: FirstRow | None = None
    label: str = ""

    @property
    def changes_account(self) -> bool:
        return bool(self.values or self.external_id or self.is_moved)

    def shown(self) -> dict[str, Any]:
        """Return the new values as the timeline tells them."""
        return self.values | ({"parent": self.new_parent} if self.is_moved else {})


class AccountReader:
    """Turns rows into entries. A column has few different texts, so each of them is read once."""

    def __init__(self, plan: Plan) -> None:
        self._match, self._clears = plan.rules["match"], plan.rules["clear_empty"]
        self._decimal = plan.decimal
        self._columns = [
            (code, place, Remembered(self._reader(code), plan.title(code)))
            for code, place in plan.columns.items()
        ]
        self._own = [code for code in plan.columns if code not in CONTACT_READERS]
        self._brings_people = len(self._own) < len(plan.columns)

    def entry(self, number: int, cells: Sequence[str]) -> Entry:
        """Return what a row says. Raises ValueProblem."""
        values: dict[str, Any] = {}
        for code, place, known in self._columns:
            value = known[cells[place]]
            if value is SILENT:
                continue
            if value.__class__ is ValueProblem:
                raise value
            values[code] = value
        said = self._said(values) if self._brings_people else UNSAID
        external_id, parent = values.pop("external_id", ""), values.pop("parent", None)
        person = person_of({code: values.pop(code) for code in CONTACT_READERS if code in values})
        key = match_key(self._match, external_id, values)
        if not key:
            raise ValueProblem("missing_key", MISSING_KEY)
        return Entry(number, cells, key, external_id, values, parent, person, said=said)

    def _said(self, values: dict[str, Any]) -> "array[int]":
        return array("I", [_number_of(values[code]) if code in values else 0 for code in self._own])

    def _reader(self, code: str) -> Callable[[str], Any]:
        """Return what reads the texts of a column. An empty cell says nothing, unless it shall clear."""
        keeps = code in NEVER_EMPTY or not self._clears

        def read(text: str) -> Any:
            text = clean_text(text)
            if not text and keeps:
                return SILENT
            try:
                return self._value(code, text)
            except InvalidInput as error:
                raise ValueProblem("invalid", error.message, error.params) from error

        return read

    def _value(self, code: str, text: str) -> Any:
        if code == "external_id":
            return text[:120]
        if code == "parent":
            return tidy_text(text)[:200]
        if code in CONTACT_READERS:
            return CONTACT_READERS[code](text)
        value: Any = text
        if code in NUMBERS:
            value = self._number(code, text) if text else None
        elif code == "status":
            value = text.lower()
        return tidy_values(Account, {code: value})[code]

    def _number(self, code: str, text: str) -> Any:
        number = parse_decimal(text, self._decimal)
        return int(number) if code in WHOLE and number == int(number) else number


def _number_of(value: Any) -> int:
    return hash(value) % (1 << 32) or 1
