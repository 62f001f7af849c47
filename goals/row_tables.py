"""Small tables people paste or upload: values of metrics, plans and costs of years; each row with its reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Account, AccountReference
from accounts.windows import EARLIEST
from goals.models import TableImport
from kam.lib.errors import InvalidInput
from kam.lib.tabular.dates import detect_date_order, parse_date
from kam.lib.tabular.numbers import detect_decimal, parse_decimal
from kam.lib.tabular.pasted import pasted_rows
from kam.lib.tabular.problems import ValueProblem
from kam.lib.text import fold, fold_name

MOST_ROWS = 5_000
MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class TableKind:
    """What a table is about: its columns as people write them in either language; ``needed`` must be there."""

    code: str
    label: Lazy
    how: Lazy
    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    numbers: tuple[str, ...]
    example: str
    days: tuple[str, ...] = ("day",)
    counts: tuple[str, ...] = ("year",)


KINDS = {
    "measurements": TableKind(
        "measurements",
        TableImport.Kind.MEASUREMENTS.label,
        gettext_lazy("One row for each account, metric and day. The metric must exist at the account."),
        {
            "account": ("account", "customer", "kunde"),
            "metric": ("metric", "kennzahl"),
            "day": ("day", "date", "measured_on", "tag", "datum"),
            "value": ("value", "wert"),
            "note": ("note", "notiz", "bemerkung"),
        },
        ("account", "metric", "day", "value"),
        ("value",),
        "account;metric;day;value\n4711;Adoption;2026-10-31;64,5",
    ),
    "years": TableKind(
        "years",
        TableImport.Kind.YEARS.label,
        gettext_lazy("One row for each account and year. What is left empty stays as it is."),
        {
            "account": ("account", "customer", "kunde"),
            "year": ("year", "jahr"),
            "planned_revenue": ("planned_revenue", "plan", "planumsatz"),
            "wallet": ("wallet", "spend", "gesamtbedarf"),
            "wallet_source": ("wallet_source", "source", "quelle"),
            "other_cost": ("other_cost", "cost", "kosten"),
        },
        ("account", "year"),
        ("planned_revenue", "wallet", "other_cost"),
        "account;year;planned_revenue;other_cost\n4711;2026;1.200.000;45.000",
    ),
    "contracts": TableKind(
        "contracts",
        TableImport.Kind.CONTRACTS.label,
        gettext_lazy(
            "One row for each contract; the same account and contract again is a change, not a second one."
        ),
        {
            "account": ("account", "customer", "kunde"),
            "title": ("contract", "title", "vertrag"),
            "offering": ("offering", "product", "angebot", "artikel"),
            "start_on": ("start", "begins", "beginn"),
            "end_on": ("end", "ends", "ende"),
            "notice_days": ("notice_days", "notice", "kuendigungsfrist", "kündigungsfrist"),
            "renews_by": ("renews_by", "renews_by_months", "verlaengerung", "verlängerung"),
            "value": ("value", "value_a_year", "wert"),
        },
        ("account", "title", "start_on", "end_on"),
        ("value",),
        "account;contract;offering;start;end;notice_days;renews_by;value\n"
        "4711;Wartung 2026;WARTUNG;2026-01-01;2026-12-31;90;12;48000",
        days=("start_on", "end_on"),
        counts=("notice_days", "renews_by"),
    ),
}


@dataclass(slots=True)
class Row:
    """A row of the table: its number, account and values, or the sentence that says what is wrong with it."""

    number: int
    account: Account | None = None
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def read_rows(kind: TableKind, text: str, user: Any) -> list[Row]:
    """Return the rows of a pasted table. Raises InvalidInput when it cannot be read as a table at all."""
    cells = _cells(kind, text)
    decimal = _decimal_sign(row[name] for row in cells for name in kind.numbers if row.get(name))
    order = detect_date_order(row[name] for row in cells for name in kind.days if row.get(name)).order
    accounts = _accounts({row["account"] for row in cells}, user)
    rows = []
    for number, row in enumerate(cells, start=2):
        found = Row(number, accounts.get(row["account"]))
        try:
            found.values = _values(kind, row, decimal, order or "dmy")
            if found.account is None:
                found.problem = _("There is no account “%(name)s”.") % {"name": row["account"][:60]}
        except ValueProblem as problem:
            found.problem = str(problem)
        rows.append(found)
    return rows


def _decimal_sign(samples: Iterable[str]) -> Any:
    guess = detect_decimal(samples)
    if guess.ambiguous:
        message = gettext_noop("1.250 can be read in two ways. Write numbers without thousands separators.")
        raise InvalidInput("ambiguous_numbers", message, field="text")
    return guess[0] or "."


def _cells(kind: TableKind, text: str) -> list[dict[str, str]]:
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput("too_long", gettext_noop("The table is too long: a million characters at most."))
    lines = text.lstrip("\ufeff").strip().splitlines()
    if not lines:
        raise InvalidInput("empty", gettext_noop("There is no table yet."), field="text")
    delimiter = max(";\t,", key=lines[0].count)
    names, *rest = pasted_rows(lines, delimiter, "text")
    known = {alias: name for name, aliases in kind.columns.items() for alias in aliases}
    header = [known.get(fold(cell), "") for cell in names]
    if missing := [name for name in kind.needed if name not in header]:
        message = gettext_noop("The column “%(name)s” is missing. The first row names the columns.")
        raise InvalidInput("column_missing", message, {"name": missing[0]}, "text")
    rows = [
        {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
        for cells in rest
        if any(cell.strip() for cell in cells)
    ]
    if len(rows) > MOST_ROWS:
        message = gettext_noop("The table has %(count)s rows; %(most)s are read at a time.")
        raise InvalidInput("too_many_rows", message, {"count": len(rows), "most": MOST_ROWS}, "text")
    return [dict.fromkeys(kind.needed, "") | row for row in rows]


def _values(kind: TableKind, row: Mapping[str, str], decimal: Any, order: Any) -> dict[str, Any]:
    """Return the typed values of a row; an empty cell that is not needed is left out."""
    filled = {name: text for name, text in row.items() if name != "account" and (text or name in kind.needed)}
    return {name: _value(kind, name, text, decimal, order) for name, text in filled.items()}


def _value(kind: TableKind, name: str, text: str, decimal: Any, order: Any) -> Any:
    if name in kind.numbers:
        return parse_decimal(text, decimal)
    if name in kind.days:
        return _day(text, order)
    return int(parse_decimal(text)) if name in kind.counts else text


def _day(text: str, order: Any) -> date:
    found = parse_date(text, order)
    day = found.date() if isinstance(found, datetime) else found
    if day < EARLIEST:
        raise ValueProblem("too_early", gettext_noop("“%(value)s” is too long ago."), {"value": text[:40]})
    return day


def _accounts(names: Iterable[str], user: Any) -> dict[str, Account]:
    """Return accounts by the id another system knows them by, or by name; what fits twice is left out."""
    wanted = {name for name in names if name}
    visible = Account.objects.visible_to(user)
    references = AccountReference.objects.filter(external_id__in=wanted)
    by_reference = dict(references.values_list("external_id", "account"))
    known = visible.in_bulk(list(set(by_reference.values())))
    found = {name: known[pk] for name, pk in by_reference.items() if pk in known}
    by_name: dict[str, list[Account]] = {}
    for account in visible.filter(sort_key__in={fold_name(name) for name in wanted - found.keys()}):
        by_name.setdefault(account.sort_key, []).append(account)
    for name in wanted - found.keys():
        if len(fits := by_name.get(fold_name(name), [])) == 1:
            found[name] = fits[0]
    return found
