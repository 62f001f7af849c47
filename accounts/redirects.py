"""The way from the addresses of an account that was merged into another to those of the one that stays."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from accounts.merging.chain import standing

Handler = Callable[[HttpRequest], HttpResponse]


class MergedAccountMiddleware:
    """Answers a 404 about a merged account with the same address of the account that stays.

    Nothing is looked up for any other answer, and nothing is told to whoever does not see the account that stays.
    The API gets a 308, so that a program repeats what it sent, the pages a 301.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_api = request.path.startswith("/api/")
        if response.status_code != 404 or not (is_api or request.method in ("GET", "HEAD")):
            return response
        for key in _ids(request):
            if stays := standing(key, request.user):
                place = request.get_full_path().replace(str(key), str(stays.pk))
                return _Moved(place) if is_api else HttpResponsePermanentRedirect(place)
        return response


class _Moved(HttpResponsePermanentRedirect):
    status_code = 308


def _ids(request: HttpRequest) -> list[UUID]:
    found = getattr(request.resolver_match, "kwargs", {})
    return [value for value in found.values() if isinstance(value, UUID)]
