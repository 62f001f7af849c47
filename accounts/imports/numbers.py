"""Amounts as whole numbers: a quick and exact stand-in for Decimal inside the loops of an import.

Quantities and prices are counted in hundred-millionths, so that a price of eight decimals keeps its last one
until it is multiplied; amounts in ten-thousandths, as they are stored.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext

FINE = 10**8
MONEY = 10**4
# Up to here a binary double, which SQLite stores, still tells every ten-thousandth apart.
LARGEST = Decimal(10) ** 11
_PER_AMOUNT = FINE * FINE // MONEY
FINE_PER_MONEY = FINE // MONEY


def to_fine(number: Decimal) -> int:
    """Return a number in hundred-millionths, rounded half up. Raises OverflowError from 10^11 on."""
    if abs(number) >= LARGEST:
        raise OverflowError(number)
    with localcontext() as context:
        context.prec = 60
        return int((number * FINE).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_decimal(amount: int) -> Decimal:
    """Return an amount in ten-thousandths as the Decimal it stands for."""
    return Decimal(amount).scaleb(-4)


def times(quantity: int, price: int) -> int:
    """Return quantity × price, both in hundred-millionths, in ten-thousandths, rounded half away from zero."""
    product = quantity * price
    half = _PER_AMOUNT // 2
    return (product + half) // _PER_AMOUNT if product >= 0 else -((half - product) // _PER_AMOUNT)


def to_money(fine: int) -> int:
    """Return hundred-millionths in ten-thousandths, rounded half away from zero."""
    half = FINE_PER_MONEY // 2
    return (fine + half) // FINE_PER_MONEY if fine >= 0 else -((half - fine) // FINE_PER_MONEY)
