"""Language and time zone per person, the first visit, the second factor for staff."""

import zoneinfo
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from kam.users.models import User

ZONES = zoneinfo.available_timezones()  # reads hundreds of files, so once a process

Handler = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Cookie first (the visible switch), then the person's setting, then the browser's languages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = None if request.path.startswith("/static/") else request.user
        language = self._language(request, user)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        zone = getattr(user, "time_zone", "") or settings.TIME_ZONE
        with timezone.override(zone if zone in ZONES else settings.TIME_ZONE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def _language(request: HttpRequest, user: object) -> str:
        known = dict(settings.LANGUAGES)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        own = "" if request.path.startswith("/api/") else getattr(user, "language", "")
        if request.path.startswith("/api/"):
            cookie = "" if "Accept-Language" in request.headers else cookie
        chosen = cookie if cookie in known else own
        return chosen or translation.get_language_from_request(request)


class FirstVisitMiddleware:
    """An installation without people shows the wizard instead of a sign-in nobody can pass."""

    OPEN = ("/static/", "/setup/", "/healthz", "/readyz", "/api/", "/language/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            not request.path.startswith(self.OPEN)
            and not request.user.is_authenticated
            and not self._has_people()
        ):
            return redirect("setup")
        return self.get_response(request)

    @staticmethod
    def _has_people() -> bool:
        cache = caches["counters"]
        if cache.get("has_people"):
            return True
        found = User.objects.exists()
        if found:
            cache.set("has_people", True, 3600)
        return found


class SecondFactorMiddleware:
    """Staff set up a second factor before anything else."""

    OPEN = ("/static/", "/sign-in/", "/language/", "/healthz", "/readyz", "/api/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        needed = settings.STAFF_NEED_SECOND_FACTOR and user.is_authenticated and user.is_staff
        if needed and not request.path.startswith(self.OPEN) and not self._has_factor(request):
            return redirect(reverse("mfa_index", query={"required": 1}))
        return self.get_response(request)

    @staticmethod
    def _has_factor(request: HttpRequest) -> bool:
        if request.session.get("second_factor"):
            return True
        if is_mfa_enabled(request.user):
            request.session["second_factor"] = True
            return True
        return False
