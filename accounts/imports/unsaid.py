"""What a file says nothing about: a line keeps what is stored for the columns that the file does not have."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.imports.lines import Lines, content_hash
from accounts.imports.numbers import FINE, FINE_PER_MONEY, MONEY
from accounts.imports.plan import Plan
from accounts.models import SalesLine
from accounts.rates import RateBook, converted

# What a file may lack, by column of Lines. Amount, price and discount can also follow from other columns.
SOURCES = {
    "offerings": ("offering",),
    "quantities": ("quantity",),
    "prices": ("unit_price",),
    "amounts": ("amount", "discount_rate"),
    "discounts": ("discount_amount", "discount_rate"),
    "costs": ("cost",),
    "countries": ("country",),
    "currencies": ("currency",),
    "line_nos": ("line",),
}
CONVERTED = ("prices", "amounts", "discounts", "costs")
Values = dict[str, Any]


class Unsaid:
    """Knows what a file lacks, and completes its rows with what stored lines have there."""

    def __init__(self, plan: Plan, rates: RateBook) -> None:
        self._lacking = {
            name for name, codes in SOURCES.items() if all(plan.position(code) is None for code in codes)
        }
        self._ours, self._rates = plan.currency, rates

    def lacks(self, column: str) -> bool:
        return column in self._lacking

    def is_converted(self, row: SalesLine) -> bool:
        """Say whether a stored line was converted from a currency that the file does not tell."""
        return self.lacks("currencies") and row.currency != self._ours

    def completed(self, lines: Lines, index: int, row: SalesLine) -> Values:
        """Return by column what a row of the file comes to, with the stored line's values where it says nothing."""
        stated: Values = {name: getattr(lines, name)[index] for name in SOURCES}
        said = self._converted(stated, lines.days[index], row)
        values, stored = dict(said), stored_values(row)
        self._keep(values, stored, "offerings", "countries", "line_nos", "costs")
        if self.lacks("quantities"):
            same_sign = (values["amounts"] < 0) == (stored["amounts"] < 0)
            values["quantities"] = stored["quantities"] if same_sign else -stored["quantities"]
        self._follow(values, stored)
        values["reversals"] = lines.reversals[index] or values["quantities"] < 0 or values["amounts"] < 0
        values["contents"] = _content(values, said, lines, index)
        return values

    def _converted(self, values: Values, day: str, row: SalesLine) -> Values:
        """Return the values in our currency when the stored line tells that they are in another."""
        rate = self._rates.on(row.currency, date.fromisoformat(day)) if self.is_converted(row) else None
        if rate is None:
            return values
        return values | {"currencies": row.currency} | {n: _times(values[n], rate) for n in CONVERTED}

    def _keep(self, values: Values, stored: Values, *names: str) -> None:
        values |= {name: stored[name] for name in names if self.lacks(name)}

    def _follow(self, values: Values, stored: Values) -> None:
        """Keep price, amount and discount that the file lacks, unless what they follow from has changed."""
        if self.lacks("prices"):
            quantity, amount = abs(values["quantities"]), abs(values["amounts"])
            values["prices"] = amount * FINE_PER_MONEY * FINE // quantity if quantity else 0
            if values["amounts"] == stored["amounts"] and _near(values, stored, "quantities"):
                values["prices"] = stored["prices"]
        elif _near(values, stored, "quantities", "prices"):
            self._keep(values, stored, "amounts")
        self._keep(values, stored, "discounts")


def stored_values(row: SalesLine) -> Values:
    """Return the values of a stored line by column of Lines, and counted as there."""
    return {
        "offerings": row.offering.code if row.offering else "",
        "quantities": int(row.quantity * FINE),
        "prices": int(row.unit_price * FINE),
        "amounts": int(row.amount * MONEY),
        "discounts": None if row.discount_amount is None else int(row.discount_amount * MONEY),
        "costs": None if row.cost_amount is None else int(row.cost_amount * MONEY),
        "countries": row.country,
        "currencies": row.currency,
        "line_nos": row.line_no,
        "reversals": row.is_reversal,
    }


def is_as_stored(values: Values, row: SalesLine) -> bool:
    """Say whether a stored line has these values, as exactly as it keeps them."""
    stored = stored_values(row)
    rounded = ("quantities", "prices")
    exact = stored.keys() - set(rounded)
    return _near(values, stored, *rounded) and all(values[name] == stored[name] for name in exact)


def _near(values: Values, stored: Values, *names: str) -> bool:
    """Say whether quantities or prices are the same to the four decimals that are stored."""
    return all(abs(values[name] - stored[name]) < FINE // MONEY for name in names)


def _times(value: int | None, rate: Decimal) -> int | None:
    return None if value is None else converted(value, rate)


def _content(values: Values, said: Values, lines: Lines, index: int) -> int:
    text, rest = lines.texts[index], lines.rests[index]
    if any(values[name] != said[name] for name in ("quantities", *CONVERTED)):
        text = f"{values['quantities']}|{values['prices']}|{values['amounts']}"
        rest = f"{values['discounts']}|{values['costs']}"
    return content_hash(
        lines.days[index],
        lines.accounts[index],
        values["offerings"],
        text,
        values["countries"],
        values["currencies"],
        rest,
    )
