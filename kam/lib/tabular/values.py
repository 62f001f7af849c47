"""Texts of a table as numbers, dates and tidy texts; the one door to numbers, dates and problems."""

from kam.lib.tabular.dates import DateGuess, DateOrder, date_orders, detect_date_order, parse_date
from kam.lib.tabular.formulas import restore, without_control_characters
from kam.lib.tabular.numbers import DecimalGuess, DecimalSign, decimal_vote, detect_decimal, parse_decimal
from kam.lib.tabular.problems import ValueProblem

__all__ = [
    "DateGuess",
    "DateOrder",
    "DecimalGuess",
    "DecimalSign",
    "ValueProblem",
    "clean_text",
    "date_orders",
    "decimal_vote",
    "detect_date_order",
    "detect_decimal",
    "parse_date",
    "parse_decimal",
]


def clean_text(text: str) -> str:
    """Return a text cell as meant: without blanks around, control characters and an export's mark."""
    tidy = text.strip()
    if tidy[:1] == "'":
        tidy = restore(tidy).strip()
    return tidy if tidy.isprintable() else without_control_characters(tidy)
