"""What every answer carries: a request id, the security headers, limits on what may come in."""

import re
import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from kam.lib.api.problems import MEDIA_TYPE, problem

Handler = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[\w-]{8,64}")


class RequestIdMiddleware:
    """Give the request an id that stands in the answer, in its logs and in its error pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-ID", "")
        request.id = sent if REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)  # type: ignore[attr-defined]  # kept on the request for its time
        structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]  # kept on the request for its time
        try:
            response = self.get_response(request)
        finally:
            structlog.contextvars.clear_contextvars()
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]  # kept on the request for its time
        return response


class SecurityHeadersMiddleware:
    """The Content-Security-Policy and its relatives, on errors too; private pages are never stored."""

    PERMISSIONS = "camera=(), microphone=(), geolocation=(), display-capture=(), payment=()"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.csp = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.csp)
        response.setdefault("Permissions-Policy", self.PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.setdefault("Cache-Control", "no-store")
        return response


class RequestLimitsMiddleware:
    """Refuse bodies larger than the largest import and query strings nobody types."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.MAX_UPLOAD_SIZE:
            most = {"mb": settings.MAX_UPLOAD_SIZE // 1024 // 1024}
            return self._refuse(
                request, 413, "too_large", gettext("The request is larger than %(mb)s MB.") % most
            )
        query, api = request.META.get("QUERY_STRING", ""), request.path.startswith("/api/")
        if len(query) > 16_384:
            return self._refuse(request, 414, "query_too_long", gettext("The query string is too long."))
        # PostgreSQL takes no NUL in a text, and no person types one.
        if "\x00" in request.path or (not api and "%00" in query):
            return self._refuse(
                request, 400, "bad_path", gettext("The address has characters that no page has.")
            )
        return self.get_response(request)

    @staticmethod
    def _refuse(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
        if request.path.startswith("/api/"):
            body = problem(request, status, code, detail, title=detail)
            return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
        context = {"status": status, "detail": detail, "request_id": request.id}  # type: ignore[attr-defined]  # kept on the request for its time
        return render(request, "errors/refused.html", context, status=status)
