"""Values of metrics as people read them."""

from decimal import Decimal
from typing import Any

from django.utils.translation import ngettext

from goals.measurable import MEASURABLE
from kam.lib import formatting

FOUR_PLACES = Decimal("0.0001")
SHORT = 100_000


def value_text(value: Any, metric: Any, currency: str) -> str:
    """Return the text of a value; "–" for none."""
    if value is None or value == "":
        return formatting.MISSING
    exact = Decimal(str(value)).quantize(FOUR_PLACES)
    fact = MEASURABLE.get(metric.fact) if metric else None
    if fact is None:
        unit = metric.unit if metric else ""
        text = formatting.number(exact.normalize())
        return f"{text}{formatting.NBSP}{unit}" if unit else text
    if fact.unit == "money":
        decimals = 0 if abs(exact) >= SHORT else None
        return formatting.money(exact, currency, decimals)
    if fact.unit == "percent":
        return formatting.percent(exact)
    if fact.unit == "days":
        days = formatting.number(exact.normalize())
        # A median may lie between two days: 1.5 days are a plural.
        return ngettext("%(days)s day", "%(days)s days", 1 if exact == 1 else 2) % {"days": days}
    if fact.unit == "km":
        return f"{formatting.number(exact, 0)}{formatting.NBSP}km"
    return formatting.number(exact.normalize())
