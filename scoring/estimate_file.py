"""Estimates from a table: what the columns mean, whose account a row is about."""

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext_noop

from accounts.models import Account
from kam.lib.errors import InvalidInput
from kam.lib.tabular.dates import parse_date
from kam.lib.tabular.numbers import DecimalSign, detect_decimal, parse_decimal
from kam.lib.tabular.problems import ValueProblem
from kam.lib.tabular.reader import open_table
from kam.users.models import User
from scoring.actions.estimates import Statement
from scoring.models import AccountEstimate
from scoring.naming import accounts_by_word

NEEDED = ("account", "kind", "value", "source", "confidence")
MOST_ROWS = 5_000


def read_estimates(path: Path, *, by: User) -> list[tuple[Account, Statement]]:
    """Return the statements of a file, about accounts ``by`` may see, named by external id or by name.

    Raises InvalidInput naming the row of the first mistake: nothing of a file with a mistake is taken over.
    """
    table = open_table(path)
    names = [name.strip().lower() for name in table.header]
    if missing := [name for name in NEEDED if name not in names]:
        message = gettext_noop("The file lacks these columns: %(names)s.")
        raise InvalidInput("columns_missing", message, {"names": ", ".join(missing)}, "file")
    rows = [(number, dict(zip(names, cells, strict=True))) for number, cells in table.rows()]
    if len(rows) > MOST_ROWS:
        message = gettext_noop("At most %(most)s rows at once.")
        raise InvalidInput("too_many_rows", message, {"most": MOST_ROWS}, "file")
    accounts = accounts_by_word({row["account"].strip() for _number, row in rows}, by)
    guess = detect_decimal(row["value"] for _number, row in rows)
    if guess.ambiguous:
        message = gettext_noop("Are the numbers thousands or decimals? Write them without separators.")
        raise InvalidInput("ambiguous_numbers", message, field="file")
    sign: DecimalSign = guess.sign or "."
    return [_read(number, row, accounts, sign) for number, row in rows]


def _read(
    number: int, row: Mapping[str, str], accounts: Mapping[str, list[Account]], sign: DecimalSign
) -> tuple[Account, Statement]:
    candidates = accounts.get(row["account"].strip(), [])
    if len(candidates) != 1:
        message = gettext_noop("Row %(row)s: there is no such account, or more than one: “%(name)s”.")
        raise InvalidInput("unknown_account", message, {"row": number, "name": row["account"]}, "file")
    for name, choices in (("kind", AccountEstimate.Kind), ("confidence", AccountEstimate.Confidence)):
        if row[name].strip() not in choices.values:
            message = gettext_noop("Row %(row)s: “%(value)s” is none of %(known)s.")
            values = {"row": number, "value": row[name], "known": ", ".join(choices.values)}
            raise InvalidInput("unknown_word", message, values, "file")
    try:
        rival, day = row.get("rival_value", "").strip(), row.get("stated_on", "").strip()
        said = Statement(
            kind=row["kind"].strip(),
            value=parse_decimal(row["value"].strip(), sign),
            source=row["source"],
            confidence=row["confidence"].strip(),
            rival_value=parse_decimal(rival, sign) if rival else None,
            note=row.get("note", ""),
            stated_on=parse_date(day, "ymd") if day else None,
        )
    except ValueProblem as problem:
        message = gettext_noop("Row %(row)s: a number or a day (year-month-day) cannot be read.")
        raise InvalidInput("unreadable_value", message, {"row": number}, "file") from problem
    return candidates[0], said
