"""Ratings from a table: what the columns mean, whose account and which criterion a row is about.

Every row that cannot be used is named with its field, and all of them at once, so that a file is mended in one go.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_noop

from accounts.models import Account
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.tabular.dates import parse_date
from kam.lib.tabular.formulas import restore
from kam.lib.tabular.problems import RowProblem, ValueProblem, shorten
from kam.lib.tabular.reader import open_table
from kam.users.models import User
from scoring.actions.ratings import LONGEST_NOTE, Judgement, checked_judgement
from scoring.models import Criterion, RatingRound
from scoring.naming import accounts_by_word, criteria_by_word
from scoring.typed import typed_rating

MOST_ROWS = 5_000
LONGEST_ADDRESS = 200
# The names of the columns, in the words of both languages; in the order of an export.
COLUMNS = {
    "account": ("account", "account_id", "kundennummer"),
    "criterion": ("criterion", "kriterium"),
    "rating": ("rating", "value", "bewertung", "wert"),
    "note": ("note", "notiz"),
    "evidence": ("evidence", "evidence_url", "nachweis", "beleg"),
    "rated_on": ("rated_on", "rated on", "bewertet am"),
    "rater": ("rater", "bewertende person"),
}
# What the action calls the parts of a rating.
COLUMN_OF = {"value": "rating", "not_applicable": "rating", "rated_on": "rated_on", "criterion": "criterion"}
NEEDED = ("account", "criterion", "rating")

UNKNOWN_ACCOUNT = gettext_noop("There is no such account, or more than one: “%(value)s”.")
UNKNOWN_CRITERION = gettext_noop("“%(value)s” is none of the criteria that are rated here.")
NO_RATING = gettext_noop("“%(value)s” is no rating: 1 to 10 with one decimal, or n/a.")
NOTE_ALONE = gettext_noop("A note or evidence stands without a rating.")
NO_ADDRESS = gettext_noop("“%(value)s” is no web address.")
NO_DAY = gettext_noop("“%(value)s” is no day: 2026-11-23 or 23.11.2026.")
ANOTHERS = gettext_noop("This is the rating of “%(value)s”: everybody hands in her own.")
TOO_LONG = gettext_noop("The note has more than %(most)s characters.")
TWICE = gettext_noop("Row %(first)s says something about this cell already.")


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be used; ``message`` is an English msgid."""

    row: int
    field: str
    code: str
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """What one row says about one cell."""

    row: int
    account: Account
    criterion: Criterion
    judgement: Judgement


@dataclass
class Reading:
    """A table as it was understood; ``empty`` counts rows without a rating, which leave their cell as it is."""

    cells: list[Cell] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    empty: int = 0


def read_table(path: Path) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """Return the rows of a file by column, and those that do not fit its header.

    Raises InvalidInput for a file without the columns that are needed, or with too many rows.
    """
    table = open_table(path)
    names = [_column(name) for name in table.header]
    if missing := [name for name in NEEDED if name not in names]:
        message = gettext_noop("The file lacks these columns: %(names)s.")
        raise InvalidInput("columns_missing", message, {"names": ", ".join(missing)}, "file")
    flaws: list[RowProblem] = []
    rows = [
        (row, dict(zip(names, map(restore, cells), strict=True))) for row, cells in table.rows(flaws.append)
    ]
    if len(rows) > MOST_ROWS:
        message = gettext_noop("At most %(most)s rows at once.")
        raise InvalidInput("too_many_rows", message, {"most": MOST_ROWS}, "file")
    return rows, [Problem(flaw.row_number, "", flaw.code, flaw.message, dict(flaw.params)) for flaw in flaws]


def read_cells_of(
    rows: Iterable[tuple[int, Mapping[str, str]]], *, by: User, round: RatingRound | None = None
) -> Reading:
    """Understand rows as ratings of ``by``'s own, about accounts she may see; five queries for all of them."""
    rows = list(rows)
    criteria = Criterion.objects.current().handed_in()
    reader = _Reader(
        accounts=accounts_by_word({_text(row, "account") for _n, row in rows} - {""}, by),
        criteria=criteria_by_word(criteria.filter(rounds=round) if round else criteria),
        by=by,
    )
    for number, row in rows:
        reader.read(number, row)
    return reader.reading


@dataclass
class _Reader:
    accounts: Mapping[str, list[Account]]
    criteria: Mapping[str, Criterion]
    by: User
    reading: Reading = dataclasses.field(default_factory=Reading)
    seen: dict[tuple[Any, Any], int] = dataclasses.field(default_factory=dict)

    def read(self, number: int, row: Mapping[str, str]) -> None:
        """Understand one row, or say what is wrong with it; only its first mistake is named."""
        if not _text(row, "rating") and not _text(row, "note") and not _text(row, "evidence"):
            self.reading.empty += 1
            return
        try:
            cell = self._cell(number, row)
        except InvalidInput as error:
            problem = Problem(number, error.field, error.code, error.message, error.params)
            self.reading.problems.append(problem)
        else:
            self.reading.cells.append(cell)

    def _cell(self, number: int, row: Mapping[str, str]) -> Cell:
        account, criterion = self._account(row), self._criterion(row)
        rater = _text(row, "rater")
        if rater and rater.lower() not in (self.by.email.lower(), self.by.name.lower()):
            raise _wrong("not_your_rating", ANOTHERS, "rater", rater)
        judgement = _judgement(row)
        try:
            checked_judgement(criterion, judgement)
        except DomainError as error:
            raise InvalidInput(error.code, error.message, error.params, COLUMN_OF[error.field]) from error
        first = self.seen.setdefault((account.pk, criterion.pk), number)
        if first != number:
            raise InvalidInput("cell_twice", TWICE, {"first": first}, "criterion")
        return Cell(number, account, criterion, judgement)

    def _account(self, row: Mapping[str, str]) -> Account:
        word = _text(row, "account")
        found = self.accounts.get(word, [])
        if len(found) != 1:
            raise _wrong("unknown_account", UNKNOWN_ACCOUNT, "account", word)
        return found[0]

    def _criterion(self, row: Mapping[str, str]) -> Criterion:
        word = _text(row, "criterion")
        found = self.criteria.get(word.lower())
        if found is None:
            raise _wrong("unknown_criterion", UNKNOWN_CRITERION, "criterion", word)
        return found


def _judgement(row: Mapping[str, str]) -> Judgement:
    text = _text(row, "rating")
    if not text:
        raise _wrong("rating_missing", NOTE_ALONE, "rating", text)
    value, not_applicable = typed_rating(text)
    if value is None and not not_applicable:
        raise _wrong("rating_invalid", NO_RATING, "rating", text)
    note = _text(row, "note")
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("note_too_long", TOO_LONG, {"most": LONGEST_NOTE}, "note")
    return Judgement(value, not_applicable, note, _address(row), _day(row))


def _address(row: Mapping[str, str]) -> str:
    text = _text(row, "evidence")
    try:
        if text:
            URLValidator(schemes=["http", "https"])(text)
    except ValidationError as error:
        raise _wrong("bad_address", NO_ADDRESS, "evidence", text) from error
    if len(text) > LONGEST_ADDRESS:
        raise _wrong("bad_address", NO_ADDRESS, "evidence", text)
    return text


def _day(row: Mapping[str, str]) -> date | None:
    text = _text(row, "rated_on")
    if not text:
        return None
    try:
        day = parse_date(text, "dmy")
    except ValueProblem as problem:
        raise _wrong("not_a_date", NO_DAY, "rated_on", text) from problem
    return date(day.year, day.month, day.day)


def _column(name: str) -> str:
    plain = name.strip().lower()
    return next((column for column, words in COLUMNS.items() if plain in words), plain)


def _text(row: Mapping[str, str], name: str) -> str:
    return (row.get(name) or "").strip()


def _wrong(code: str, message: str, field: str, value: str) -> InvalidInput:
    return InvalidInput(code, message, {"value": shorten(value)}, field)
