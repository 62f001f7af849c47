"""Whether an account can and does pay: Altman's Z-scores and the days beyond terms of our own invoices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from accounts.arithmetic import CannotCompute, Number, as_floats, gettext_noop

Zone = Literal["distress", "grey", "safe"]


@dataclass(frozen=True, slots=True)
class ZModel:
    """Coefficients of the ratios x1..x5, and the limits below which is distress and above which is safe.

    Sources disagree in the second decimals, so an installation may set its own.
    """

    coefficients: Mapping[str, float]
    limits: tuple[float, float]


# Altman (1968): Z for listed manufacturers; Altman (2000): Z′ for private firms, Z″ for services and trade.
Z_LISTED = ZModel({"x1": 1.2, "x2": 1.4, "x3": 3.3, "x4": 0.6, "x5": 0.999}, (1.81, 2.99))
Z_PRIVATE = ZModel({"x1": 0.717, "x2": 0.847, "x3": 3.107, "x4": 0.420, "x5": 0.998}, (1.23, 2.90))
Z_SERVICES = ZModel({"x1": 6.56, "x2": 3.26, "x3": 6.72, "x4": 1.05}, (1.10, 2.60))


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """What the ratios need, in one currency; equity is the book value for Z′ and Z″."""

    working_capital: Number
    retained_earnings: Number
    ebit: Number
    equity: Number
    sales: Number
    total_assets: Number
    total_liabilities: Number


@dataclass(frozen=True, slots=True)
class ZScore:
    """The score and where it lies; a score exactly on a limit is grey."""

    z: float
    zone: Zone


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice; ``settled_on`` is None while it is open."""

    amount: Decimal
    issued_on: date
    due_on: date
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentBehaviour:
    """How an account pays, in days; means over no settled invoice are None.

    ``days_beyond_terms`` weighs by amount and counts early payment as negative; ``mean_days_late`` counts it
    as 0. Open invoices are no payment yet: those past their due day are summed up apart.
    """

    invoices: int
    settled: int
    days_beyond_terms: float | None
    mean_days_late: float | None
    share_late: float | None
    longest_days_late: int | None
    mean_days_to_settle: float | None
    weighted_days_to_settle: float | None
    overdue_invoices: int
    overdue_amount: Decimal


def z_score(ratios: Mapping[str, float], model: ZModel = Z_PRIVATE) -> ZScore:
    """Return the Z-score of the ratios x1..x5; raises CannotCompute where one is missing."""
    missing = sorted(model.coefficients.keys() - ratios.keys())
    if missing:
        raise CannotCompute(
            "ratio_missing", gettext_noop("The ratios %(names)s are missing."), {"names": ", ".join(missing)}
        )
    values = as_floats(ratios[name] for name in model.coefficients)
    z = float(sum(weight * value for weight, value in zip(model.coefficients.values(), values, strict=True)))
    return ZScore(z, _zone(z, model.limits))


def balance_ratios(sheet: BalanceSheet) -> dict[str, float]:
    """Return x1 working capital, x2 retained earnings, x3 EBIT, x5 sales / assets; x4 equity / liabilities.

    Raises CannotCompute without positive assets and liabilities.
    """
    assets, liabilities = float(sheet.total_assets), float(sheet.total_liabilities)
    if assets <= 0 or liabilities <= 0:
        raise CannotCompute(
            "balance_not_positive", gettext_noop("Ratios need assets and liabilities above zero.")
        )
    return {
        "x1": float(sheet.working_capital) / assets,
        "x2": float(sheet.retained_earnings) / assets,
        "x3": float(sheet.ebit) / assets,
        "x4": float(sheet.equity) / liabilities,
        "x5": float(sheet.sales) / assets,
    }


def payment_behaviour(invoices: Iterable[Invoice], as_of: date) -> PaymentBehaviour:
    """Return how the invoices issued up to ``as_of`` were paid, as it was known on that day."""
    known = [invoice for invoice in invoices if invoice.issued_on <= as_of]
    settled = [
        (row, row.settled_on) for row in known if row.settled_on is not None and row.settled_on <= as_of
    ]
    open_ = [row for row in known if row.settled_on is None or row.settled_on > as_of]
    overdue = [row for row in open_ if row.due_on < as_of]
    beyond = [(paid - row.due_on).days for row, paid in settled]
    taken = [(paid - row.issued_on).days for row, paid in settled]
    weights = [row.amount for row, _ in settled]
    return PaymentBehaviour(
        invoices=len(known),
        settled=len(settled),
        days_beyond_terms=_weighted(beyond, weights),
        mean_days_late=_mean([max(0, days) for days in beyond]),
        share_late=_mean([int(days > 0) for days in beyond]),
        longest_days_late=max((max(0, days) for days in beyond), default=None),
        mean_days_to_settle=_mean(taken),
        weighted_days_to_settle=_weighted(taken, weights),
        overdue_invoices=len(overdue),
        overdue_amount=sum((row.amount for row in overdue), Decimal(0)),
    )


def _zone(z: float, limits: tuple[float, float]) -> Zone:
    distress, safe = limits
    if z < distress:
        return "distress"
    return "safe" if z > safe else "grey"


def _mean(values: list[int]) -> float | None:
    return sum(values) / len(values) if values else None


def _weighted(values: list[int], weights: list[Decimal]) -> float | None:
    whole = sum(weights, Decimal(0))
    if whole <= 0:
        return None
    return float(
        sum((value * weight for value, weight in zip(values, weights, strict=True)), Decimal(0)) / whole
    )
