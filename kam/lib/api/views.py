"""Bases of the API's views: version headers, expansion, problem documents, budgets."""

import re
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kam.lib.api.filters import refuse_unknown
from kam.lib.api.throttling import add_headers
from kam.lib.models import VersionedModel
from kam.lib.versions import check_version

ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
NO_VERSION = -1


class ApiView(APIView):
    """One resource without a queryset of its own, or one verb."""

    login_required = False  # DRF's permissions protect the API; the middleware would answer with a redirect
    # What GET may be asked beside its address, and which of it more than once; anything else is refused. What writes
    # is asked in the body alone: ``?dry_run=true``, passed over, would merge what was only to be looked at.
    parameters: frozenset[str] = frozenset()
    repeatable: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            self.check_parameters(request)
        else:
            refuse_unknown(request, frozenset())

    def check_parameters(self, request: Request) -> None:
        refuse_unknown(request, self.parameters, self.repeatable)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if hasattr(request, "_request"):
            add_headers(request, response)
        return response


class ResourceView(ApiView, GenericAPIView):
    """A list or an object behind one queryset.

    A subclass states ``queryset_for(user)`` (starting at ``visible_to``), ``serializer_class``, and, where wanted,
    ``orderings``, ``filterset_class`` and ``expandable = {"owner": (OwnerSerializer, queryset_method)}``.
    """

    expandable: dict[str, tuple[type[serializers.BaseSerializer[Any]], str]] = {}
    lookup_field = "pk"

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        raise NotImplementedError(type(self).__name__)

    def get_queryset(self) -> QuerySet[Any]:
        queryset = self.queryset_for(self.request.user)
        for name in self.wanted("expand", set(self.expandable)):
            queryset = getattr(queryset, self.expandable[name][1])()
        return queryset

    def wanted(self, parameter: str, allowed: set[str]) -> list[str]:
        """Return the comma-separated names of a query parameter, each of which must be allowed."""
        text = self.request.query_params.get(parameter, "") if self.request else ""
        names = [name for name in text.split(",") if name]
        if unknown := [name for name in names if name not in allowed]:
            message = _("%(parameter)s cannot be “%(name)s”. Allowed: %(allowed)s.")
            values = {
                "parameter": parameter,
                "name": unknown[0][:80],
                "allowed": ", ".join(sorted(allowed)) or "–",
            }
            raise ParseError(message % values, code=f"bad_{parameter}")
        return names

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        inner: Any = getattr(serializer, "child", serializer)
        if self.request is None or self.request.method != "GET":
            return serializer
        for name in self.wanted("expand", set(self.expandable)):
            inner.fields[name] = self.expandable[name][0](read_only=True)
        if keep := self.wanted("fields", set(inner.fields)):
            for name in set(inner.fields) - set(keep) - {"id"}:
                inner.fields.pop(name)
        return serializer

    def represent(self, row: Any) -> Any:
        """Return a row as this resource shows it (used in the body of a 412)."""
        return self.get_serializer(row).data


class ListView(ResourceView):
    """GET answers a page of rows; a subclass adds ``post``."""

    is_list = True

    def check_parameters(self, request: Request) -> None:
        """Leave it to the filter backend, which knows the filters."""

    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ObjectView(ResourceView):
    """GET answers one row with its ETag; a subclass adds ``patch`` and ``delete``."""

    parameters = frozenset({"expand", "fields"})

    def get(self, request: Request, pk: Any) -> Response:
        row = self.get_object()
        tag = etag(row)
        if tag and request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(self.get_serializer(row).data, headers={"ETag": tag} if tag else None)

    def get_object(self) -> Any:
        """Return the row; one that changed since the version that a DELETE names is not deleted."""
        row = super().get_object()
        if self.request.method == "DELETE" and isinstance(row, VersionedModel):
            check_version(row, expected_version(self.request))
        return row

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset


def etag(row: Any) -> str:
    """Return the ETag of a versioned row, or an empty string."""
    version = getattr(row, "version", None)
    return f'"{version}"' if version is not None else ""


def expected_version(request: Request) -> int | None:
    """Return the version named by If-Match, None when the header is absent or ``*``.

    A tag that we never gave matches no version (412, like an old one). Raises ParseError (400) for what is no tag.
    """
    tag = request.headers.get("If-Match", "*").strip()
    if tag == "*":
        return None
    number = tag.removeprefix("W/").strip('"')
    if number.isascii() and number.isdigit() and len(number) <= 9:
        return int(number)
    if ENTITY_TAG.fullmatch(tag):
        return NO_VERSION
    raise ParseError(_("If-Match holds the ETag of an earlier answer."), code="bad_if_match")
