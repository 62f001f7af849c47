"""Whether the installation lives, and what a failed request answers."""

import sys
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt, requires_csrf_token
from kombu.exceptions import OperationalError

from kam.lib.api.problems import problem_response, status_of
from kam.lib.outage import RETRY_SECONDS, failed_status


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


healthz.login_required = False  # type: ignore[attr-defined]  # a mark for Django's middleware


def readyz(request: HttpRequest) -> JsonResponse:
    """Database and broker answer and every migration is applied; 503 otherwise, naming what is missing."""
    checks = {"database": _database_ready(), "broker": _broker_ready()}
    return JsonResponse(
        {"ready": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503
    )


readyz.login_required = False  # type: ignore[attr-defined]  # a mark for Django's middleware


def _database_ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _broker_ready() -> bool:
    from celery import current_app  # noqa: PLC0415 - importing Celery at start would slow every command

    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True


def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(staticfiles_storage.url("img/favicon.svg"), permanent=True)


favicon.login_required = False  # type: ignore[attr-defined]  # a mark for Django's middleware


def _failure(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_response(request, status, status_of(status))
    return render(request, f"errors/{status}.html", {"request_id": getattr(request, "id", "")}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failure(request, 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failure(request, 403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failure(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A crash; what only waits for the database or the broker says so, and when to try again."""
    status = failed_status(sys.exception())
    if request.path.startswith("/api/"):
        answer: HttpResponse = problem_response(request, status, status_of(status))
    else:  # without what every page gets to know: that is read from the database, which may be what failed
        known = {"request_id": getattr(request, "id", ""), "LANGUAGE_CODE": get_language()}
        answer = HttpResponse(render_to_string(f"errors/{status}.html", known), status=status)
    if status == 503:
        answer["Retry-After"] = RETRY_SECONDS
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old tab: say so, instead of a bare 403."""
    return render(request, "errors/csrf.html", {"request_id": getattr(request, "id", "")}, status=403)


@csrf_exempt
def nothing_here(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """An address below /api/ that does not exist answers with a problem document, signed in or not."""
    return problem_response(request, 404, "not_found")


nothing_here.login_required = False  # type: ignore[attr-defined]  # a mark for Django's middleware
