"""True keyset pagination: no row twice, none left out, page 1,000 as fast as page 1."""

import base64
import binascii
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from kam.lib.text import is_storable

COUNT_CAP = 10_000


class KeysetPagination(BasePagination):
    """``?limit=`` 1–200 and an opaque ``?cursor=``; ``?order=`` names a whitelisted ordering.

    The view states ``orderings = {"name": ("sort_key",), "-created": ("-created_at",)}``; each ends in the
    unique id (or the view's ``unique_column``), whose direction follows the first column. ``?include=total`` adds a
    count capped at 10,000.
    """

    default_limit, max_limit = 50, 200

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.limit = self._limit(request)
        self.name, self.columns = self._ordering(request, view)
        self.total = queryset.order_by()[: COUNT_CAP + 1].count() if self._wants_total(request) else None
        position, backwards = self._cursor(request)
        try:
            rows = list(self._page(queryset, position, backwards)[: self.limit + 1])
        except OverflowError as error:  # a moment that lies outside the calendar in UTC
            raise ParseError(_("The cursor is not one of ours."), code="bad_cursor") from error
        more = len(rows) > self.limit
        rows = rows[: self.limit]
        if backwards:
            rows.reverse()
        self.has_next = backwards or more
        self.has_previous = more if backwards else position is not None
        self.rows = rows
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        body: dict[str, Any] = {
            "next": self._link(-1, False, self.has_next),
            "previous": self._link(0, True, self.has_previous),
        }
        if self.total is not None:
            body["total"] = min(self.total, COUNT_CAP)
            body["total_is_exact"] = self.total <= COUNT_CAP
        return Response(body | {"results": data})

    @staticmethod
    def _wants_total(request: Request) -> bool:
        text = request.query_params.get("include", "")
        if text not in ("", "total"):
            message = _("%(parameter)s cannot be “%(name)s”. Allowed: %(allowed)s.")
            values = {"parameter": "include", "name": text[:80], "allowed": "total"}
            raise ParseError(message % values, code="bad_include")
        return text == "total"

    def _limit(self, request: Request) -> int:
        text = request.query_params.get("limit", str(self.default_limit))
        is_number = text.isascii() and text.isdigit() and len(text) < 10
        if not is_number or not 1 <= int(text) <= self.max_limit:
            raise ParseError(
                _("limit is a whole number from 1 to %(max)s.") % {"max": self.max_limit}, code="bad_limit"
            )
        return int(text)

    def _ordering(self, request: Request, view: Any) -> tuple[str, list[tuple[str, bool]]]:
        offered: dict[str, tuple[str, ...]] = getattr(view, "orderings", {"id": ("id",)})
        name = request.query_params.get("order", next(iter(offered)))
        if name not in offered:
            raise ParseError(
                _("order is one of: %(names)s.") % {"names": ", ".join(offered)}, code="bad_order"
            )
        columns = [(column.lstrip("-"), column.startswith("-")) for column in offered[name]]
        unique = getattr(view, "unique_column", "id")
        if columns[-1][0] not in (unique, "pk"):
            columns.append((unique, columns[0][1]))
        return name, columns

    def _cursor(self, request: Request) -> tuple[list[Any] | None, bool]:
        text = request.query_params.get("cursor")
        if not text:
            return None, False
        try:
            name, backwards, *position = json.loads(base64.urlsafe_b64decode(text.encode() + b"==="))
        except (ValueError, binascii.Error, TypeError, RecursionError) as error:
            raise ParseError(_("The cursor is not one of ours."), code="bad_cursor") from error
        if name != self.name or len(position) != len(self.columns) or not all(map(_is_comparable, position)):
            raise ParseError(_("The cursor belongs to another ordering."), code="bad_cursor")
        return position, bool(backwards)

    def _page(self, queryset: QuerySet[Any], position: list[Any] | None, backwards: bool) -> QuerySet[Any]:
        orders = [
            F(column).desc() if descending != backwards else F(column).asc()
            for column, descending in self.columns
        ]
        queryset = queryset.order_by(*orders)
        if position is None:
            return queryset
        beyond = Q()
        equal: dict[str, Any] = {}
        for (column, descending), value in zip(self.columns, position, strict=True):
            operator = "lt" if descending != backwards else "gt"
            beyond |= Q(**equal, **{f"{column}__{operator}": value})
            equal[column] = value
        try:
            # The first column alone as well: it is what an index can start from.
            first, descending = self.columns[0]
            bound = {f"{first}__{'lte' if descending != backwards else 'gte'}": position[0]}
            return queryset.filter(beyond, **bound)
        except (ValueError, TypeError, ValidationError) as error:
            raise ParseError(_("The cursor is not one of ours."), code="bad_cursor") from error

    def _link(self, index: int, backwards: bool, wanted: bool) -> str | None:
        if not wanted or not self.rows:
            return None
        row = self.rows[index]
        values = [_plain(_value(row, column)) for column, _descending in self.columns]
        raw = json.dumps([self.name, backwards, *values], separators=(",", ":")).encode()
        cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "total": {"type": "integer"}, "results": schema}
        return {"type": "object", "required": ["next", "previous", "results"], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        orders = list(getattr(view, "orderings", {"id": ("id",)}))
        return [
            {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}},
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
            {"name": "order", "in": "query", "schema": {"type": "string", "enum": orders}},
            {"name": "include", "in": "query", "schema": {"type": "string", "enum": ["total"]}},
        ]


def _is_comparable(value: Any) -> bool:
    """Say whether a database can compare a column with this: a text it takes, or a number of 64 bits."""
    if isinstance(value, str):
        return is_storable(value)
    return value is None or (isinstance(value, int | float) and abs(value) < 1 << 63)


def _value(row: Any, column: str) -> Any:
    for part in column.split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    return (
        value if isinstance(value, int | float | str | None) and not isinstance(value, bool) else str(value)
    )
