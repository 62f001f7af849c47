"""What a file says nothing about: a line keeps what is stored for the columns that the file does not have."""

from datetime import date
from decimal import Decimal

from accounts.imports.known import KnownLine, Values
from accounts.imports.lines import Lines, content_hash
from accounts.imports.numbers import FINE, FINE_PER_MONEY, MONEY
from accounts.imports.plan import Plan
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
# What a line simply keeps where the file has no column.
KEPT = ("offerings", "countries", "line_nos", "costs")


class Unsaid:
    """Knows what a file lacks, and completes its rows with what stored lines have there."""

    def __init__(self, plan: Plan, rates: RateBook) -> None:
        self._lacking = {
            name for name, codes in SOURCES.items() if all(plan.position(code) is None for code in codes)
        }
        self._kept = [name for name in KEPT if name in self._lacking]
        self._ours, self._rates = plan.currency, rates

    def lacks(self, column: str) -> bool:
        return column in self._lacking

    def is_converted(self, row: KnownLine) -> bool:
        """Say whether a stored line was converted from a currency that the file does not tell."""
        return self.lacks("currencies") and row.values["currencies"] != self._ours

    def completed(self, lines: Lines, index: int, row: KnownLine) -> Values:
        """Return by column what a row of the file comes to, with the stored line's values where it says nothing."""
        stated: Values = {name: getattr(lines, name)[index] for name in SOURCES}
        said = self._converted(stated, lines.days[index], row)
        stored = row.values
        values = said | {name: stored[name] for name in self._kept}
        if self.lacks("quantities"):
            same_sign = (values["amounts"] < 0) == (stored["amounts"] < 0)
            values["quantities"] = stored["quantities"] if same_sign else -stored["quantities"]
        self._follow(values, stored)
        values["reversals"] = lines.reversals[index] or values["quantities"] < 0 or values["amounts"] < 0
        values["contents"] = _content(values, said, lines, index)
        return values

    def _converted(self, values: Values, day: str, row: KnownLine) -> Values:
        """Return the values in our currency when the stored line tells that they are in another."""
        code = row.values["currencies"]
        rate = self._rates.on(code, date.fromisoformat(day)) if self.is_converted(row) else None
        if rate is None:
            return values
        return values | {"currencies": code} | {name: _times(values[name], rate) for name in CONVERTED}

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

    def _keep(self, values: Values, stored: Values, name: str) -> None:
        if self.lacks(name):
            values[name] = stored[name]


def is_as_stored(values: Values, row: KnownLine) -> bool:
    """Say whether a stored line has these values, as exactly as it keeps them."""
    rounded = ("quantities", "prices")
    exact = row.values.keys() - set(rounded)
    return _near(values, row.values, *rounded) and all(values[name] == row.values[name] for name in exact)


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
