"""Numbers as people and programs write them: Python reads 1_0 as ten, and so do the fields of its frameworks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from rest_framework import serializers

FORM_FIELDS: tuple[type, ...] = (forms.IntegerField, forms.DecimalField, forms.FloatField)
API_FIELDS: tuple[type, ...] = (serializers.IntegerField, serializers.DecimalField, serializers.FloatField)


def refuse_underscores() -> None:
    """Let the number fields of forms and bodies take an underscore for what it is: no part of a number.

    Done to the frameworks' own fields once, at the start, because filters and the admin panel use these as well.
    """
    for field in FORM_FIELDS:
        _wrap(field, "to_python", _refuse_in_form)
    for field in API_FIELDS:
        _wrap(field, "to_internal_value", _refuse_in_body)


def _wrap(field: type, method: str, refuse: Callable[[Any], None]) -> None:
    read = field.__dict__[method]

    @wraps(read)
    def strictly(self: Any, value: Any) -> Any:
        if isinstance(value, str) and "_" in value:
            refuse(self)
        return read(self, value)

    setattr(field, method, strictly)


def _refuse_in_form(field: Any) -> None:
    raise ValidationError(field.error_messages["invalid"], code="invalid")


def _refuse_in_body(field: Any) -> None:
    field.fail("invalid")
