"""Why revenue changed: more orders or larger ones; price, volume and mix. Every bridge adds up exactly.

Effects are calculated in fractions, all but one are rounded to the unit (a cent), and the last one is what
is left of the change. So nothing is lost between the bars of a bridge, whatever the amounts are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from accounts.arithmetic import CannotCompute, Number, exact, gettext_noop

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class OrdersAndSize:
    """The change of revenue as orders_effect + size_effect; a mean size without orders is None."""

    change: Decimal
    orders_effect: Decimal
    size_effect: Decimal
    size_before: Decimal | None
    size_after: Decimal | None


@dataclass(frozen=True, slots=True)
class Sold:
    """Quantity and revenue of one offering in two periods."""

    quantity_before: Number
    revenue_before: Number
    quantity_after: Number
    revenue_after: Number


@dataclass(frozen=True, slots=True)
class Effects:
    """What changed the revenue of one offering, or of all: the five add up to ``change``."""

    change: Decimal
    price: Decimal
    volume: Decimal
    mix: Decimal
    new: Decimal
    lost: Decimal


@dataclass(frozen=True, slots=True)
class Bridge:
    """From one revenue to another: the effects of each offering and their sum."""

    before: Decimal
    after: Decimal
    total: Effects
    offerings: Mapping[str, Effects]
    # What moved exchange rates added: before + total.change + currency = after.
    currency: Decimal = Decimal(0)


def orders_and_size(
    before: tuple[int, Number], after: tuple[int, Number], unit: Decimal = CENT
) -> OrdersAndSize:
    """Split the change between two (orders, revenue) into Δorders · mean size and Δsize · mean orders.

    Means are the midpoints of both periods, which leaves no rest. Where one period has no orders there is no
    size to compare, and the whole change is one of orders. Raises CannotCompute for a negative order count.
    """
    (orders_0, revenue_0), (orders_1, revenue_1) = before, after
    if orders_0 < 0 or orders_1 < 0:
        raise CannotCompute("orders_negative", gettext_noop("Orders cannot be fewer than none."))
    change = exact(revenue_1) - exact(revenue_0)
    sizes = [_size(revenue_0, orders_0), _size(revenue_1, orders_1)]
    if orders_0 and orders_1:
        midpoint = (Fraction(exact(revenue_0)) / orders_0 + Fraction(exact(revenue_1)) / orders_1) / 2
        by_orders = rounded((orders_1 - orders_0) * midpoint, unit)
    else:
        by_orders = change if orders_0 or orders_1 else Decimal(0)
    return OrdersAndSize(change, by_orders, change - by_orders, *sizes)


def price_volume_mix(offerings: Mapping[str, Sold], unit: Decimal = CENT) -> Bridge:
    """Split the change of revenue into price, volume, mix, new and lost offerings.

    For offerings sold in both periods, with unit prices p, quantities q and their sums Q: price is
    q₁·(p₁ − p₀), volume is q₀·p₀·(Q₁/Q₀ − 1), as if every offering had grown like all, and mix is the rest,
    q₁·p₀ − q₀·p₀·Q₁/Q₀. An offering without a positive quantity in a period was not sold in it, so credits
    alone are lost (or, the other way round, new) revenue. Quantities are added up: give one unit of measure.
    """
    kept = [sold for sold in offerings.values() if sold.quantity_before > 0 and sold.quantity_after > 0]
    quantity_0 = sum((Fraction(exact(sold.quantity_before)) for sold in kept), Fraction(0))
    quantity_1 = sum((Fraction(exact(sold.quantity_after)) for sold in kept), Fraction(0))
    growth = quantity_1 / quantity_0 - 1 if kept else Fraction(0)
    effects = {key: _effects(sold, growth, unit) for key, sold in offerings.items()}
    return Bridge(
        before=sum((exact(sold.revenue_before) for sold in offerings.values()), Decimal(0)),
        after=sum((exact(sold.revenue_after) for sold in offerings.values()), Decimal(0)),
        total=_sum(effects.values()),
        offerings=effects,
    )


def rounded(value: Fraction, unit: Decimal = CENT) -> Decimal:
    """Return a fraction as a multiple of the unit, halves to even."""
    return round(value / Fraction(unit)) * unit


def _size(revenue: Number, orders: int) -> Decimal | None:
    return exact(revenue) / orders if orders else None


def _effects(sold: Sold, growth: Fraction, unit: Decimal) -> Effects:
    revenue_0, revenue_1 = exact(sold.revenue_before), exact(sold.revenue_after)
    change, none = revenue_1 - revenue_0, Decimal(0)
    if sold.quantity_before <= 0:
        return Effects(change, none, none, none, change, none)
    if sold.quantity_after <= 0:
        return Effects(change, none, none, none, none, change)
    at_old_price = (
        Fraction(revenue_0) / Fraction(exact(sold.quantity_before)) * Fraction(exact(sold.quantity_after))
    )
    price = rounded(Fraction(revenue_1) - at_old_price, unit)
    volume = rounded(Fraction(revenue_0) * growth, unit)
    return Effects(change, price, volume, change - price - volume, none, none)


def _sum(effects: Iterable[Effects]) -> Effects:
    rows = list(effects)
    names = ("change", "price", "volume", "mix", "new", "lost")
    return Effects(**{name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in names})
