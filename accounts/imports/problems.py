"""Rows that stay out of the database: counted and summed by reason, listed, and written to the error file."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from accounts.imports.numbers import to_decimal
from accounts.imports.remembered import Remembered
from kam.integrations.models import ImportBatch
from kam.lib.tabular.formulas import neutralise
from kam.lib.tabular.problems import RowProblem, ValueProblem

Row = tuple[int, Sequence[str]]
Problem = RowProblem | ValueProblem
SHOWN = 200
SHOWN_A_REASON = 25
WITHOUT_ACCOUNT = "without_account"
AMBIGUOUS = "ambiguous"


@dataclass(slots=True)
class Reason:
    """Why rows stay out: how many, and the sum of those amounts that can be told, in ten-thousandths."""

    message: str
    rows: int = 0
    amount: int | None = None
    first_rows: list[int] = field(default_factory=list)


class ProblemLog:
    """Collects problems; with a path it writes all of them to a CSV with the columns of the original."""

    def __init__(self, header: Sequence[str], path: Path | None = None) -> None:
        self.reasons: dict[str, Reason] = {}
        self.shown: list[dict[str, Any]] = []
        self._path = path
        self._file: IO[str] | None = None
        self._safe = Remembered(neutralise)
        self._header = header
        self._writer: Any = None

    def add(self, problem: RowProblem) -> None:
        """Note a row that stays out."""
        self.add_rows(problem, [(problem.row_number, problem.values)])

    def add_rows(self, problem: Problem, rows: Sequence[Row], amount: int | None = None) -> None:
        """Note rows that stay out for one reason; ``amount`` in ten-thousandths, None where no row tells one."""
        reason = self.reasons.get(problem.code)
        if reason is None:
            reason = self.reasons[problem.code] = Reason(problem.message)
        for number, cells in rows[: max(0, SHOWN_A_REASON - reason.rows)]:
            reason.first_rows.append(number)
            if len(self.shown) < SHOWN:
                self.shown.append(_for_page(problem, number, cells))
        reason.rows += len(rows)
        if amount is not None:
            reason.amount = (reason.amount or 0) + amount
        if self._path is not None:
            self._write(problem, rows)

    def rows(self, code: str | None = None) -> int:
        """Return how many rows stay out, for one reason or for all but the missing account."""
        if code is not None:
            return self.reasons[code].rows if code in self.reasons else 0
        return sum(reason.rows for name, reason in self.reasons.items() if name != WITHOUT_ACCOUNT)

    def summary(self) -> list[dict[str, Any]]:
        """Return the reasons as JSON, the most frequent first; amounts as decimal strings or null."""
        found = sorted(self.reasons.items(), key=lambda item: (-item[1].rows, item[0]))
        return [
            {
                "code": code,
                "message": reason.message,
                "rows": reason.rows,
                "amount": None if reason.amount is None else str(to_decimal(reason.amount)),
                "first_rows": reason.first_rows,
            }
            for code, reason in found
        ]

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, problem: Problem, rows: Iterable[Row]) -> None:
        if self._writer is None:
            self._open()
        text, safe = neutralise(str(problem)), self._safe.__getitem__
        self._writer.writerows([number, text, *map(safe, cells)] for number, cells in rows)

    def _open(self) -> None:
        assert self._path is not None  # noqa: S101 - tells the type checker what add() has asked
        self._file = _opened(self._path)
        self._writer = csv.writer(self._file, delimiter=";")
        titles = [gettext("Row"), gettext("Reason"), *self._header]
        self._writer.writerow([neutralise(title) for title in titles])


def _opened(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = path.open("w", encoding="utf-8", newline="")
    stream.write("\ufeff")  # for Excel; the codec that writes it by itself is slow
    return stream


def _for_page(problem: Problem, number: int, cells: Sequence[str]) -> dict[str, Any]:
    return {
        "row": number,
        "code": problem.code,
        "message": problem.message,
        "params": {name: str(value) for name, value in problem.params.items()},
        "column": problem.column,
        "values": [str(value)[:60] for value in cells[:12]],
    }


def language_of(batch: ImportBatch) -> str:
    """Return the language that the error file of a batch is written in: the person's, else that of the upload."""
    chosen = batch.created_by.language if batch.created_by else ""
    return chosen or batch.table.get("language") or settings.LANGUAGE_CODE


def error_file_of(batch: ImportBatch, language: str) -> str:
    """Return where the error file lies; its name keeps the language, for people change theirs."""
    return f"imports/errors/{batch.pk}.{language}.csv"


def reason_text(reason: Mapping[str, Any]) -> str:
    """Return a stored reason or problem in the reader's language, without the values of a single row."""
    titles = REASON_TITLES.get(reason["code"])
    return gettext(titles) if titles else gettext(reason["message"])


def told_result(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result of an import or an undo with its reasons as sentences in the reader's language."""
    told = dict(result)
    if "reasons" in result:
        told["reasons"] = [reason | {"message": reason_text(reason)} for reason in result["reasons"]]
    if "kept_rows" in result:
        told["kept_rows"] = [row | {"reason": gettext(row["reason"])} for row in result["kept_rows"]]
    return told


# What a whole group of rows is called; the messages of single rows name their values.
REASON_TITLES = {
    WITHOUT_ACCOUNT: gettext_noop("Without an account"),
    "not_a_number": gettext_noop("Not a number"),
    "wrong_decimal": gettext_noop("Another decimal sign"),
    "too_many_digits": gettext_noop("Too many digits"),
    "percent": gettext_noop("A percentage instead of a number"),
    "not_a_date": gettext_noop("Not a date"),
    "far_day": gettext_noop("A day before 1900 or after 2199"),
    "no_such_day": gettext_noop("A day that does not exist"),
    "empty": gettext_noop("A value is missing"),
    "currency_without_rate": gettext_noop("A currency without a rate"),
    "missing_order": gettext_noop("Without an order number"),
    "missing_amount": gettext_noop("Without an amount"),
    "too_long": gettext_noop("A text is too long"),
    "excluded_code": gettext_noop("Excluded: no goods"),
    "zero_price": gettext_noop("Excluded: price zero"),
    "duplicate": gettext_noop("Excluded: exact duplicate"),
    "duplicate_line": gettext_noop("Line number twice in one order"),
    "too_many_cells": gettext_noop("More cells than columns"),
    "too_few_cells": gettext_noop("Fewer cells than columns"),
    "open_quote": gettext_noop("A quotation mark is not closed"),
    "error_cell": gettext_noop("An Excel error"),
    "formula_without_result": gettext_noop("A formula without a result"),
    AMBIGUOUS: gettext_noop("Fits several accounts"),
    "not_found": gettext_noop("Fits no account"),
    "exists": gettext_noop("Exists already"),
    "twice": gettext_noop("Twice in the file"),
    "missing_key": gettext_noop("The value to match by is missing"),
    "invalid": gettext_noop("A value is not allowed"),
    "id_taken": gettext_noop("The id belongs to another account"),
    "person_twice": gettext_noop("The same person twice in the file"),
    "contact_without_name": gettext_noop("A new contact without a name"),
    "parent_unknown": gettext_noop("The parent company is not known"),
    "parent_ambiguous": gettext_noop("Several accounts are called like the parent company"),
    "parent_circle": gettext_noop("Parent companies in a circle"),
    "parent_too_deep": gettext_noop("A group with too many levels"),
}
