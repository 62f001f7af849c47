"""What can be wrong with one value or one row, in words that are translated when they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

SHOWN_CHARACTERS = 80


def shorten(text: str) -> str:
    """Return text short enough for a message."""
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def sentence(message: str, params: Mapping[str, Any], column: str) -> str:
    """Return a problem in the reader's language, after the name of its column where it lies in one."""
    text = gettext(message) % params if params else gettext(message)
    return f"{column}: {text}" if column else text


class ValueProblem(ValueError):
    """A value that cannot be read: stable code, English msgid, its values. The caller adds row and column."""

    def __init__(self, code: str, message: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.message, self.params = code, message, dict(params or {})
        self.column = ""

    def __str__(self) -> str:
        return sentence(self.message, self.params, self.column)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be used as it stands; values are its cells as found."""

    row_number: int
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    values: Sequence[str] = ()
    column: str = ""

    def __str__(self) -> str:
        return sentence(self.message, self.params, self.column)
