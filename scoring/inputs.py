"""How the pure modules of scoring read numbers and refuse input, without knowing any framework."""

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

WRITTEN_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?(/\d{1,9}(\.\d{1,9})?)?")


class InputError(ValueError):
    """Input that no result can be computed from.

    ``message`` is an English msgid with ``%(name)s`` places, ``params`` fills them; a caller with a
    language at hand translates it. ``code`` is stable, ``field`` names the part of the input it is about.
    """

    def __init__(
        self, code: str, message: str, params: Mapping[str, Any] | None = None, field: str = ""
    ) -> None:
        super().__init__(code)
        self.code, self.message, self.params, self.field = code, message, dict(params or {}), field

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction; the name is the one the extractor looks for."""
    return message


def as_number(value: object) -> float | None:
    """Return a finite float, or None for anything that is not one.

    Text may be a plain decimal or a fraction such as ``"1/3"``; its length is bounded, so that no short text
    can stand for an astronomically long number.
    """
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, str):
            value = _written(value)
        number = float(value)  # type: ignore[arg-type]  # whatever is no number ends in the except
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _written(text: str) -> float:
    if not WRITTEN_NUMBER.fullmatch(text.strip()):
        raise ValueError(text)
    above, _, below = text.strip().partition("/")
    return float(Fraction(above) / Fraction(below or "1"))
