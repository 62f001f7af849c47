"""What the pure arithmetic shares: its refusal and its conversion of numbers; no framework in here."""

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

Number = int | float | Decimal
Floats = NDArray[np.float64]


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translation catalogue without importing the framework that shows it."""
    return message


class CannotCompute(ValueError):
    """A calculation that would not be honest with this input.

    ``message`` is an English msgid; whoever shows the refusal translates it and fills in ``params``.
    """

    def __init__(self, code: str, message: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.message, self.params = code, message, dict(params or {})

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


def as_floats(values: Iterable[Number | None]) -> Floats:
    """Return a one-dimensional array of floats; raises CannotCompute for a gap, NaN and infinity."""
    given = values if isinstance(values, np.ndarray) else [_float(value) for value in values]
    array = np.asarray(given, dtype=np.float64).ravel()
    if not np.isfinite(array).all():
        raise _not_finite()
    return array


def exact(value: Number) -> Decimal:
    """Return a number as the Decimal it is written as; raises CannotCompute for NaN and infinity."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise _not_finite()
    return number


def ratio(part: float, whole: float) -> float | None:
    """Return part / whole, or None where the whole is not positive and a share would mean nothing."""
    return float(part / whole) if whole > 0 else None


def _float(value: Number | None) -> float:
    return math.nan if value is None else float(value)


def _not_finite() -> CannotCompute:
    return CannotCompute("not_finite", gettext_noop("Every value must be a finite number."))
