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
from django.utils.translation.trans_real import parse_accept_lang_header

from kam.users.models import User

ZONES = zoneinfo.available_timezones()  # reads hundreds of files, so once a process

Handler = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Cookie first (the visible switch), then the person's setting, then the browser's languages.

    The API takes what Accept-Language asks for first: programs have no switch.
    """

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
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    @staticmethod
    def _language(request: HttpRequest, user: object) -> str:
        if request.path.startswith("/api/") and (asked := asked_language(request)):
            return asked
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = cookie if cookie in dict(settings.LANGUAGES) else getattr(user, "language", "")
        return chosen or translation.get_language_from_request(request)


def asked_language(request: HttpRequest) -> str:
    """Return the language of ours that Accept-Language asks for first, empty when it asks for none."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return ""


def speak_to(user: User, request: HttpRequest) -> None:
    """Answer a program in the language of the person whose key it has, unless it asks for another."""
    if user.language and not asked_language(request):
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language


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
