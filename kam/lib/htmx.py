"""The same address serves a page and, to HTMX, the part of it that changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def is_partial(request: HttpRequest) -> bool:
    """Say whether HTMX asks for a fragment; restoring its history needs the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_part(
    request: HttpRequest, page: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render the fragment for HTMX and the page for everybody else; caches keep the two apart."""
    response = render(request, fragment if is_partial(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
