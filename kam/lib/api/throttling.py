"""A budget of reads and writes a minute for each key or person, told in every answer's headers."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from kam.lib.limits import hits

WINDOW = 60


class BudgetThrottle(BaseThrottle):
    """Fixed windows of a minute, counted in the ``counters`` cache."""

    def allow_request(self, request: Request, view: Any) -> bool:
        kind = "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"
        limit = settings.API_LIMITS[kind]
        used, self.seconds_left = hits(f"budget:{kind}:{_caller(request)}", WINDOW)
        request._request.rate_budget = (limit, max(limit - used, 0), int(self.seconds_left) + 1)
        return bool(used <= limit)

    def wait(self) -> float:
        return self.seconds_left


def _caller(request: Request) -> str:
    if request.auth is not None:
        return f"key-{getattr(request.auth, 'pk', request.auth)}"
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"ip-{request.META.get('REMOTE_ADDR', '')}"


def add_headers(request: Request, response: Response) -> None:
    """Write the familiar and the drafted rate-limit headers."""
    budget = getattr(request._request, "rate_budget", None)
    if budget is None:
        return
    limit, left, reset = budget
    response["X-RateLimit-Limit"], response["X-RateLimit-Remaining"] = str(limit), str(left)
    response["X-RateLimit-Reset"] = str(reset)
    response["RateLimit-Policy"] = f'"default";q={limit};w={WINDOW}'
    response["RateLimit"] = f'"default";r={left};t={reset}'
