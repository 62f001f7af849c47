"""What a value looks like, as part of a key: equal where it shows the same."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

PLAIN = frozenset({str, int, float, bool, type(None), UUID, Decimal, date, datetime, time, timedelta})
INSIDE = frozenset({"_state", "_prefetched_objects_cache"})


def looks(value: Any) -> Any:
    """Return the value with everything in it as plain tuples: of a row its fields and what was loaded with it."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, Model):
        return _all([type(value).__name__, *_said_by(value)])
    if isinstance(value, dict):
        return _all(item for pair in value.items() for item in pair)
    if isinstance(value, list | tuple):
        return _all(value)
    if is_dataclass(value):
        return _all(getattr(value, field.name) for field in fields(value))
    return value if isinstance(value, str) else object()  # what cannot say how it looks is like nothing else


def _all(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple([value if type(value) in PLAIN else looks(value) for value in values])


def _said_by(row: Model) -> list[Any]:
    """Return the fields of a row and of those it was loaded with, which may lead back to it and no further."""
    loaded = [other for other in vars(row)["_state"].fields_cache.values() if other is not None]
    return [value for each in (row, *loaded) for name, value in vars(each).items() if name not in INSIDE]
