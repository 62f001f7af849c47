"""Values of a row as JSON and back, exactly: unlike DjangoJSONEncoder, which cuts microseconds off."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import F, Field, Model
from django.utils import timezone


def dump(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def load(field: "Field[Any, Any]", value: Any) -> Any:
    if value is None:
        return None
    kind: Any = field.target_field if field.is_relation else field  # type: ignore[attr-defined]  # of a foreign key
    return kind.to_python(value)


def dumped(row: Model) -> dict[str, Any]:
    """Return a row with all its columns."""
    columns = {field.attname: dump(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    return {"model": row._meta.label_lower, "pk": dump(row.pk), "fields": columns}


def model_of(label: str) -> Any:
    return apps.get_model(label)


def touched(model: Any) -> dict[str, Any]:
    """Return what a change writes beside its values: others see that the row is another one now."""
    names = {field.name for field in model._meta.concrete_fields}
    values: dict[str, Any] = {"updated_at": timezone.now()} if "updated_at" in names else {}
    return values | ({"version": F("version") + 1} if "version" in names else {})
