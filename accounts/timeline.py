"""Reading an account's timeline: a page of entries, and each entry in words."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework.exceptions import ParseError

from accounts.models import Account, Activity
from kam.lib.api.pagination import KeysetPagination

PAGE = 30
KINDS = ("", "logged", "call", "meeting", "mail", "visit", "note", "engagement", "changes")


@dataclass(frozen=True)
class Page:
    """Rows of a keyset page; the cursors are empty at the ends."""

    rows: list[Any]
    next: str
    previous: str


def keyset_page(rows: QuerySet[Any], cursor: str, columns: tuple[str, ...], size: int) -> Page:
    """Return the page that a cursor names, the first one when the cursor is not one of ours."""
    walker = KeysetPagination()
    walker.default_limit = size
    asked: Any = SimpleNamespace(query_params={"cursor": cursor}, build_absolute_uri=lambda: "?")
    try:
        found = walker.paginate_queryset(rows, asked, SimpleNamespace(orderings={columns[0]: columns}))
    except (ParseError, ValidationError):
        return keyset_page(rows, "", columns, size)
    body = walker.get_paginated_response([]).data
    return Page(found, _cursor(body["next"]), _cursor(body["previous"]))


def _cursor(link: str | None) -> str:
    return parse_qs(urlsplit(link).query)["cursor"][0] if link else ""


def timeline_of(request: HttpRequest, account: Account) -> dict[str, Any]:
    """Return what the timeline fragment shows: entries of a kind, newest first, and the older ones' cursor."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    entries = Activity.objects.filter(account=account).of_kind(kind).for_timeline()
    page = keyset_page(entries, request.GET.get("cursor", ""), ("-occurred_at",), PAGE)
    return {"timeline": page, "kind": kind, "kinds": KINDS}
