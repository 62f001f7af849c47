"""The numbers of a sales line: what quantity, price, amount and discount of a row come to. Pure."""

from typing import Any, NamedTuple

from accounts.imports.numbers import FINE, FINE_PER_MONEY, times, to_money
from kam.lib.tabular.problems import ValueProblem

NUMBERS = ("quantity", "unit_price", "amount", "discount_rate", "discount_amount", "cost")


class LineValues(NamedTuple):
    """Quantity and price in hundred-millionths, the rest in ten-thousandths; ``text`` stands for all in a hash."""

    quantity: int
    price: int
    money: int
    discount: int | None
    cost: int | None
    is_reversal: bool
    text: str
    rest: str


def line_values(stated: tuple[Any, ...]) -> LineValues:
    """Return the values of a line from what its row states: NUMBERS, and whether the order is a reversal.

    A reversing line has a negative quantity and a negative amount, whichever of them the file writes so.
    """
    quantity, price, amount, rate, discount, cost, is_reversal = stated
    if any(part.__class__ is ValueProblem for part in stated):
        return LineValues(0, 0, _as_far_as_told(quantity, price, amount), None, None, False, "", "")
    if amount is not None:
        money = to_money(amount)
    else:
        money = times(quantity or 0, (price or 0) * (FINE - rate) // FINE if rate else price or 0)
    quantity = FINE if quantity is None else quantity
    if is_reversal or quantity < 0:
        quantity, money = -abs(quantity), -abs(money)
    if price is None:
        price = abs(money) * FINE_PER_MONEY * FINE // abs(quantity) if quantity else 0
    if discount is None and rate:
        discount = max(0, times(quantity, price) - money) * FINE_PER_MONEY
    discount, cost = (None if value is None else to_money(value) for value in (discount, cost))
    reverses = is_reversal or quantity < 0 or money < 0
    texts = f"{quantity}|{price}|{money}", f"{discount}|{cost}"
    return LineValues(quantity, price, money, discount, cost, reverses, *texts)


def _as_far_as_told(quantity: Any, price: Any, amount: Any) -> int:
    """Return the amount of a row that stays out."""
    if isinstance(amount, int):
        return to_money(amount)
    return times(quantity, price) if isinstance(quantity, int) and isinstance(price, int) else 0
