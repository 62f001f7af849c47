"""A first look at an uploaded file: its table, a proposed mapping, and what has to be asked."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop

from accounts.imports.fields import BY_KIND
from accounts.imports.plan import Plan, clean_options, make_plan
from kam.integrations.models import ImportBatch, ImportProfile
from kam.lib.errors import InvalidInput
from kam.lib.tabular import reader
from kam.lib.tabular.mapping import Field, propose_mapping
from kam.lib.tabular.reader import Table
from kam.users.models import Organisation

SAMPLE_ROWS = 5
# How much smaller gzip usually makes a table; only the progress bar relies on it.
USUAL_RATIO = 8
FRACTION = re.compile(r"0?[.,]\d*[1-9]\d*")
NOTHING = re.compile(r"(0([.,]0*)?)?")
FILE_GONE = gettext_noop(
    "The uploaded file is no longer on the server. What was imported from it stands; upload the file again."
)


def describe(table: Table) -> dict[str, Any]:
    """Return what the pages show of a table, and how to open it the same way again."""
    return {
        "format": table.format,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "sheet": table.sheet,
        "sheet_names": list(table.sheet_names),
        "header": table.header,
        "sample": [[cell[:60] for cell in row] for row in table.sample[:SAMPLE_ROWS]],
        "expected_rows": _expected_rows(table),
    }


def open_again(batch: ImportBatch) -> Table:
    """Return the table of a batch, whose file was looked through when it came in. Raises InvalidInput file_gone."""
    known = {name: batch.table.get(name) or "" for name in ("sheet", "encoding", "delimiter")}
    try:
        return reader.open_again(Path(batch.file.path), **known)
    except FileNotFoundError:
        raise InvalidInput("file_gone", FILE_GONE, field="file") from None


def plan_of(batch: ImportBatch, table: Table) -> Plan:
    """Return the plan of a batch. Raises InvalidInput for what is missing, wrong or ambiguous."""
    currency = Organisation.current().currency
    return make_plan(batch.kind, table, batch.mapping, batch.options, currency=currency, source=batch.source)


def proposed_mapping(kind: str, table: Table) -> dict[str, str]:
    """Return field: column as names and values suggest it."""
    fields = [Field(known.code, known.words, known.values) for known in BY_KIND[kind]]  # type: ignore[arg-type]  # lazy labels and words are text where they are read
    found = {name: p.header for name, p in propose_mapping(table.header, table.sample, fields).items()}
    if "contact_name" not in found:  # then phone and e-mail are the company's
        found = {name: header for name, header in found.items() if not name.startswith("contact_")}
    if "discount_rate" not in found and _holds_fractions(table, found.get("discount_amount")):
        found["discount_rate"] = found.pop("discount_amount")
    return found


def _holds_fractions(table: Table, header: str | None) -> bool:
    """Say whether all that stands in a column lies below one: such a discount is no amount, whatever it is called."""
    if header is None:
        return False
    place = table.header.index(header)
    values = {row[place].strip() for row in table.sample if place < len(row)}
    rest = {value for value in values if not FRACTION.fullmatch(value)}
    return rest < values and all(NOTHING.fullmatch(value) for value in rest)


def fitting_profile(kind: str, header: Sequence[str]) -> ImportProfile | None:
    """Return the profile last made for exactly this header."""
    profiles = ImportProfile.objects.filter(kind=kind).order_by("-updated_at")
    return next((profile for profile in profiles if profile.header == list(header)), None)


def starting_point(
    kind: str, table: Table, mapping: Mapping[str, str] | None, options: Mapping[str, Any] | None
) -> tuple[dict[str, str], dict[str, Any], str]:
    """Return mapping, options and source to begin with: as given, else as stored for this header, else proposed."""
    profile = None if mapping else fitting_profile(kind, table.header)
    if profile is not None:
        return dict(profile.mapping), clean_options(profile.options | dict(options or {})), profile.source
    return dict(mapping or proposed_mapping(kind, table)), clean_options(options or {}), ""


def _expected_rows(table: Table) -> int:
    if not table.sample:
        return 1
    size = table.path.stat().st_size * (USUAL_RATIO if table.packed or table.format == "xlsx" else 1)
    width = sum(len(cell) + 1 for row in table.sample for cell in row) / len(table.sample)
    return max(1, int(size / width))
