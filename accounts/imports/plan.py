"""Mapping and options of an import, checked against the file's header and resolved to positions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from accounts.imports.fields import BY_KIND, field_named
from kam.lib.errors import InvalidInput
from kam.lib.tabular.reader import Table
from kam.lib.tabular.values import (
    DateOrder,
    DecimalSign,
    date_orders,
    decimal_vote,
    detect_date_order,
    detect_decimal,
)

AMBIGUOUS_DATES = gettext_noop(
    "“%(value)s” can be read as day/month or as month/day. Say which: date_order is dmy or mdy."
)
AMBIGUOUS_NUMBERS = gettext_noop(
    "“%(value)s” can be a thousand or a fraction. Say which sign stands before decimals: decimal is , or ."
)
MATCHES = ("external_id", "domain", "vat_id", "name_city")
NEW_ACCOUNT = "new"
MOST_CHOICES = 5_000
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MODES = ("create", "update", "both")
DEFAULTS: dict[str, Any] = {
    "date_order": "",
    "decimal": "",
    "reversal_prefix": "",
    "exclude_codes": [],
    "exclude_zero_price": False,
    "exclude_duplicates": False,
    "mode": "both",
    "match": "external_id",
    "clear_empty": False,
    "choices": {},
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "date_order": ("", "dmy", "mdy", "ymd"),
    "decimal": ("", ",", "."),
    "mode": MODES,
    "match": MATCHES,
}


@dataclass(frozen=True)
class Plan:
    """What the engine needs to read a file: positions of the fields, notation and rules."""

    columns: Mapping[str, int]
    date_order: DateOrder
    decimal: DecimalSign
    serial_dates: bool
    currency: str
    source: str
    rules: Mapping[str, Any] = field(default_factory=dict)
    header: Sequence[str] = ()

    def title(self, code: str) -> str:
        """Return the name of a field's column in the file; empty for one that the file has not."""
        place = self.columns.get(code)
        return "" if place is None else self.header[place]

    def position(self, code: str) -> int | None:
        return self.columns.get(code)


def clean_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return all options with their defaults. Raises InvalidInput for unknown names and impossible values."""
    for name, value in options.items():
        if name not in DEFAULTS:
            raise InvalidInput(
                "unknown_option",
                gettext_noop("There is no import option “%(name)s”. There are: %(allowed)s."),
                {"name": str(name)[:60], "allowed": ", ".join(sorted(DEFAULTS))},
                "options",
            )
        if not _fits(name, value):
            raise InvalidInput(
                "bad_option",
                gettext_noop("The option %(name)s cannot be “%(value)s”."),
                {"name": name, "value": str(value)[:60]},
                f"options.{name}",
            )
    return DEFAULTS | dict(options)


def _fits(name: str, value: Any) -> bool:
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name == "exclude_codes":
        return isinstance(value, list) and len(value) <= 500 and all(isinstance(v, str) for v in value)
    if name == "choices":
        return isinstance(value, dict) and len(value) <= MOST_CHOICES and all(map(_is_choice, value.items()))
    if name == "reversal_prefix":
        return isinstance(value, str) and len(value) <= 10
    return isinstance(value, bool)


def _is_choice(choice: tuple[Any, Any]) -> bool:
    """Say whether this is a row number and what the row means: an account's id, or a new one."""
    row, account = choice
    if not (isinstance(row, str) and row.isdecimal() and len(row) < 10 and isinstance(account, str)):
        return False
    return account == NEW_ACCOUNT or UUID_TEXT.fullmatch(account) is not None


def resolve_columns(kind: str, header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Return field: position. Raises InvalidInput for unknown fields, unknown columns and missing fields."""
    places = {name.casefold(): index for index, name in reversed(list(enumerate(header)))}
    columns = {}
    for code, name in mapping.items():
        if field_named(kind, code) is None:
            allowed = ", ".join(known.code for known in BY_KIND[kind])
            message = gettext_noop("There is no field “%(name)s”. There are: %(allowed)s.")
            raise InvalidInput("unknown_field", message, {"name": code[:60], "allowed": allowed}, "mapping")
        place = places.get(" ".join(str(name).split()).casefold())
        if place is None:
            message = gettext_noop("The file has no column “%(name)s”. It has: %(columns)s.")
            params = {"name": str(name)[:60], "columns": ", ".join(header)[:300]}
            raise InvalidInput("unknown_column", message, params, f"mapping.{code}")
        columns[code] = place
    _check_complete(kind, columns)
    return columns


def _check_complete(kind: str, columns: Mapping[str, int]) -> None:
    missing = [known for known in BY_KIND[kind] if known.required and known.code not in columns]
    if missing:
        message = gettext_noop("No column is chosen for “%(field)s”.")
        params = {"field": str(missing[0].label)}
        raise InvalidInput("missing_field", message, params, f"mapping.{missing[0].code}")
    if "contact_name" not in columns and (
        lonely := [code for code in columns if code.startswith("contact_")]
    ):
        message = gettext_noop("Choose a column for the name of the contact as well.")
        raise InvalidInput("missing_contact_name", message, field=f"mapping.{lonely[0]}")
    if kind == "sales" and "amount" not in columns and not {"quantity", "unit_price"} <= columns.keys():
        message = gettext_noop("Choose a column for the amount, or columns for quantity and unit price.")
        raise InvalidInput("missing_amount", message, field="mapping.amount")


def make_plan(
    kind: str, table: Table, mapping: Mapping[str, str], options: Mapping[str, Any], **base: str
) -> Plan:
    """Return the plan of an import; ``base`` holds ``currency`` and ``source``.

    Raises InvalidInput when a column or value does not exist, and ``ambiguous_dates`` or
    ``ambiguous_numbers`` when the file can be read in two ways and nobody has said which.
    """
    rules = clean_options(options)
    columns = resolve_columns(kind, table.header, mapping)
    rules["exclude_codes"] = frozenset(rules["exclude_codes"])
    kinds = {known.code: known.values for known in BY_KIND[kind]}
    dates = [place for code, place in columns.items() if kinds[code] == "date"]
    numbers = [place for code, place in columns.items() if kinds[code] == "number"]
    return Plan(
        columns=columns,
        date_order=rules["date_order"] or find_date_order(table, dates),
        decimal=rules["decimal"] or find_decimal(table, numbers),
        serial_dates=table.format == "xlsx",
        rules=rules,
        header=table.header,
        **base,
    )


def find_date_order(table: Table, places: Sequence[int]) -> DateOrder:
    """Return the order of day and month that the whole file proves. Raises InvalidInput ambiguous_dates."""
    guess = detect_date_order(_cells(table.sample, places))
    if guess.ambiguous:
        guess = detect_date_order(_all_cells(table, places))
    if guess.ambiguous:
        unclear = next((c for c in _cells(table.sample, places) if len(date_orders(c)) == 2), "")
        raise InvalidInput("ambiguous_dates", AMBIGUOUS_DATES, {"value": unclear[:40]}, "options.date_order")
    return guess.order or "ymd"


def find_decimal(table: Table, places: Sequence[int]) -> DecimalSign:
    """Return the decimal sign that the whole file proves. Raises InvalidInput ambiguous_numbers."""
    guess = detect_decimal(_cells(table.sample, places))
    if guess.ambiguous:
        guess = detect_decimal(_all_cells(table, places))
    if guess.ambiguous:
        unclear = next((c for c in _cells(table.sample, places) if decimal_vote(c) == "?"), "1.250")
        raise InvalidInput("ambiguous_numbers", AMBIGUOUS_NUMBERS, {"value": unclear[:40]}, "options.decimal")
    return guess.sign or "."


def _cells(rows: Sequence[Sequence[str]], places: Sequence[int]) -> list[str]:
    return [row[place] for place in places for row in rows if row[place]]


def _all_cells(table: Table, places: Sequence[int]) -> Iterator[str]:
    for _number, row in table.rows(on_problem=lambda problem: None):
        for place in places:
            if row[place]:
                yield row[place]
