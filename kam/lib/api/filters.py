"""Filters that refuse what they do not know: a silently ignored filter is the worst bug of an API."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import BooleanFilter, IsoDateTimeFilter
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

PAGING = frozenset({"limit", "cursor", "order", "include", "expand", "fields"})


class MomentField(IsoDateTimeField):  # type: ignore[misc]  # the library has no types
    """A moment that lies within the calendar in UTC too, as a database asks for it."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        try:
            return moment.astimezone(UTC) if moment else None
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class MomentFilter(IsoDateTimeFilter):  # type: ignore[misc]  # the library has no types
    """A moment in ISO form."""

    field_class = MomentField


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, but an unknown or repeated parameter is an error that lists what is allowed."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        refuse_unknown(request, known | PAGING)
        if filterset_class:
            refuse_neither(request, filterset_class.base_filters)
        return super().filter_queryset(request, queryset, view)


def refuse_neither(request: Request, filters: Mapping[str, Any]) -> None:
    """Raise a ParseError (400) for a yes-or-no parameter that says neither: its form would take it as not given."""
    for name, value in request.query_params.items():
        if isinstance(filters.get(name), BooleanFilter) and value.lower() not in ("", "true", "false"):
            raise ParseError(_("Parameter “%(name)s” is true or false.") % {"name": name}, code="bad_boolean")


def refuse_unknown(
    request: Request, known: Collection[str], repeatable: Collection[str] = frozenset()
) -> None:
    """Raise a ParseError (400) that names the first unknown or repeated query parameter."""
    allowed = {*known, "format"}
    for name, values in request.query_params.lists():
        if name not in allowed:
            text = _("Unknown parameter “%(name)s”. Allowed: %(allowed)s.")
            raise ParseError(
                text % {"name": name[:80], "allowed": ", ".join(sorted(allowed))}, code="unknown_parameter"
            )
        if len(values) > 1 and name not in repeatable:
            raise ParseError(
                _("Parameter “%(name)s” stands twice.") % {"name": name}, code="repeated_parameter"
            )
        if any("\x00" in value for value in values):
            raise ParseError(
                _("Parameter “%(name)s” has characters that cannot be stored.") % {"name": name},
                code="bad_text",
            )
