"""RFC 9457 problem documents for every answer that is not a success, in the caller's language."""

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from kam.lib.api.wording import NO_DATA
from kam.lib.errors import Conflict, DomainError
from kam.lib.outage import RETRY_SECONDS, failed_status

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"


def titles() -> dict[int, str]:
    """Return the sentence for each status, in the active language."""
    return {
        400: _("The request is not valid."),
        401: _("Sign in or send an API key."),
        403: _("You may not do this."),
        404: _("There is nothing here, or you may not see it."),
        405: _("This method is not offered here."),
        406: _("The answer is not offered in that format."),
        409: _("This is not possible in the present state."),
        412: _("Somebody changed this meanwhile."),
        413: _("The request is too large."),
        415: _("That content type is not understood."),
        422: _("The input is not valid."),
        429: _("Too many requests."),
        500: _("Something went wrong on our side."),
        503: _("The service is not available at the moment."),
    }


def problem(
    request: HttpRequest | None, code: int, name: str, detail: str = "", **extra: Any
) -> dict[str, Any]:
    """Return the body of a problem document; ``name`` is the stable code that is never translated."""
    title = titles().get(code, _("The request failed."))
    body = {
        "type": f"/api/v1/problems/{name}",
        "title": title,
        "status": code,
        "detail": detail or title,
        "code": name,
    }
    if request is not None:
        body["instance"] = getattr(request, "id", "")
    return body | extra


def field_errors(detail: Any, pointer: str = "") -> list[dict[str, Any]]:
    """Flatten DRF's nested error details into a list with JSON pointers."""
    if isinstance(detail, dict):
        items = [
            (f"{pointer}/{key}" if key != "non_field_errors" else pointer, value)
            for key, value in detail.items()
        ]
        return [error for place, value in items for error in field_errors(value, place)]
    if isinstance(detail, list):
        plain = all(isinstance(item, str) for item in detail)
        places = [(pointer if plain else f"{pointer}/{index}", item) for index, item in enumerate(detail)]
        return [error for place, item in places if item for error in field_errors(item, place)]
    # The framework says this one in English whoever asks.
    text = _(NO_DATA) if detail == NO_DATA else str(detail)
    return [{"pointer": pointer or "/", "code": getattr(detail, "code", "invalid"), "detail": text}]


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: turn any exception into a problem document."""
    request = context.get("request")
    http = getattr(request, "_request", request)
    headers: dict[str, str] = {}
    exc = _as_api_exception(exc)
    if isinstance(exc, DomainError):
        code, body = exc.status, _domain_problem(http, exc, context)
    elif isinstance(exc, exceptions.ValidationError):
        code = 422
        body = problem(http, code, "invalid", errors=field_errors(exc.detail))
    elif isinstance(exc, exceptions.APIException):
        code = exc.status_code
        body = problem(http, code, str(getattr(exc.detail, "code", exc.default_code)), str(exc.detail))
        if isinstance(exc, exceptions.Throttled) and exc.wait is not None:
            headers["Retry-After"] = str(int(exc.wait) + 1)
        if header := getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = header
    else:
        log.exception("api_failure", path=getattr(http, "path", ""))
        code = failed_status(exc)
        body = problem(http, code, status_of(code))
        if code == 503:
            headers["Retry-After"] = RETRY_SECONDS
    set_rollback()
    return Response(body, status=code, headers=headers, content_type=MEDIA_TYPE)


def _as_api_exception(exc: Exception) -> Exception:
    """Return Django's own exceptions as their DRF counterparts."""
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, DjangoValidationError):
        return exceptions.ValidationError(getattr(exc, "message_dict", None) or exc.messages)
    if isinstance(exc, SuspiciousOperation):
        return _too_much(exc)
    return exc


def _too_much(exc: SuspiciousOperation) -> exceptions.APIException:
    """Return what Django refuses while it reads a form: text without end, or fields without number."""
    if isinstance(exc, RequestDataTooBig):
        refusal = exceptions.APIException(titles()[413], code="too_large")
        refusal.status_code = 413
        return refusal
    if isinstance(exc, TooManyFieldsSent):
        return exceptions.ParseError(_("The request has too many fields."), code="too_many_fields")
    return exceptions.ParseError(titles()[400], code="invalid")


def _domain_problem(request: HttpRequest | None, exc: DomainError, context: dict[str, Any]) -> dict[str, Any]:
    pointer = "/" + exc.field.replace(".", "/")
    errors = [{"pointer": pointer, "code": exc.code, "detail": str(exc)}]
    extra: dict[str, Any] = {"errors": errors}
    if isinstance(exc, Conflict) and (represent := getattr(context.get("view"), "represent", None)):
        extra["current"] = represent(exc.current)
    return problem(request, exc.status, exc.code, str(exc), **extra)


def problem_response(request: HttpRequest, code: int, name: str) -> JsonResponse:
    """Answer with a problem document outside DRF (unknown address below /api/, a crash)."""
    return JsonResponse(problem(request, code, name), status=code, content_type=MEDIA_TYPE)


def status_of(code: int) -> str:
    """Return the default problem code of a status."""
    names = {
        **{401: "not_authenticated", 403: "permission_denied", 404: "not_found", 405: "method_not_allowed"},
        503: "unavailable",
    }
    return names.get(code, "internal_error" if status.is_server_error(code) else "invalid")
