"""Reading tables that people paste: small enough to be held in memory."""

import csv
import io

from kam.lib.errors import InvalidInput
from kam.lib.tabular.reader import FIELD_TOO_LONG


def pasted_rows(lines: list[str], delimiter: str, field: str) -> list[list[str]]:
    """Return the cells of pasted lines. Raises InvalidInput("field_too_long"): a quotation mark stands open, mostly."""
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error:
        words = {"row": len(rows) + 1, "limit": csv.field_size_limit()}
        raise InvalidInput("field_too_long", FIELD_TOO_LONG, words, field) from None
    return rows
