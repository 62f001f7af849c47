"""Errors that a person can act on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext


class DomainError(Exception):
    """A refused action: a stable code, a translatable sentence, its values and the field it is about.

    ``message`` is an English msgid (mark it with ``gettext_noop``); it is translated when it is shown,
    so that a job's error reads in the language of whoever looks at it.
    """

    status = 409

    def __init__(
        self, code: str, message: str, params: Mapping[str, Any] | None = None, field: str = ""
    ) -> None:
        super().__init__(code)
        self.code, self.message, self.params, self.field = code, message, dict(params or {}), field

    def __str__(self) -> str:
        return gettext(self.message) % self.params if self.params else gettext(self.message)


class InvalidInput(DomainError):
    """The input itself is wrong; nothing was written."""

    status = 422


class Conflict(DomainError):
    """Someone else changed the object meanwhile; ``current`` is what stands in the database."""

    status = 412

    def __init__(self, current: Any, message: str) -> None:
        super().__init__("version_conflict", message)
        self.current = current


@contextmanager
def named_as(**names: str) -> Iterator[None]:
    """Let a refusal speak of a field by the name that the caller gave it, where the action has another."""
    try:
        yield
    except DomainError as error:
        error.field = names.get(error.field, error.field)
        raise
