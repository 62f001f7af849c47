"""First visit, language, and the settings of a person's own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from kam.users import actions, first_visit
from kam.users.forms import FirstVisitForm, ProfileForm
from kam.users.policy import EVERYONE, policy


@policy("GET", public=True)
def setup_closed(request: HttpRequest) -> HttpResponse:
    """Without the one-time link: say where it stands."""
    if not first_visit.setup_link():
        return redirect("account_login")
    return render(request, "setup/closed.html", {"data_dir": settings.DATA_DIR})


@policy("GET", "POST", public=True)
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """The first-visit wizard: the company and its first leader."""
    if not first_visit.is_valid(token):
        raise Http404
    form = FirstVisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = actions.create_first_leader(**form.cleaned_data)
        first_visit.close()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("today")
    return render(request, "setup/wizard.html", {"form": form})


@policy("POST", public=True)
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language: a cookie, and the person's setting when she is signed in."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.HTTPS,
        )
        if request.user.is_authenticated:
            actions.update_profile(request.user, by=request.user, language=language)
    return response


@policy("GET", "POST", write=EVERYONE)
def profile(request: HttpRequest) -> HttpResponse:
    """A person's name, language, time zone, theme and shortcuts."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.update_profile(request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        response = redirect(reverse("settings"))
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        response.delete_cookie("theme")
        return response
    return render(request, "settings/profile.html", {"form": form})
