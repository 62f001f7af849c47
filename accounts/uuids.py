"""Ids in addresses."""

from typing import Any
from uuid import UUID


def as_uuid(text: Any) -> UUID | None:
    """Return the id that somebody sent, None for what is none and so is found nowhere."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
