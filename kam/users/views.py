"""First visit, language and appearance, a person's own settings, and the leaders' pages on people and company."""

from collections.abc import Mapping

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.users import actions, first_visit
from kam.users.forms import FirstVisitForm, NewPersonForm, OrganisationForm, PersonForm, ProfileForm, TeamForm
from kam.users.models import Logo, Organisation, Team, Theme, User
from kam.users.policy import EVERYONE, LEADERS, policy


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
        try:
            user = actions.create_first_leader(**form.cleaned_data)
        except DomainError as error:  # sent twice, or from two windows
            messages.error(request, str(error))
            return redirect("account_login")
        first_visit.close()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        # The password was typed just now: the second factor that comes next need not ask for it again.
        reauthenticate_by_password(request)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "setup/wizard.html", {"form": form})


@policy("POST", public=True)
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language: a cookie, and the person's setting when she is signed in."""
    return _set_preference(request, "language", settings.LANGUAGE_COOKIE_NAME, dict(settings.LANGUAGES))


@policy("POST", public=True)
def set_theme(request: HttpRequest) -> HttpResponse:
    """Switch light, dark or as the system, kept like the language."""
    return _set_preference(request, "theme", "theme", dict(Theme.choices))


def _set_preference(
    request: HttpRequest, name: str, cookie: str, offered: Mapping[str, object]
) -> HttpResponse:
    back, value = request.POST.get("next", "/"), request.POST.get(name, "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)  # an address, never the name of a page
    if value in offered:
        response.set_cookie(cookie, value, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.HTTPS)
        if request.user.is_authenticated:
            actions.update_profile(request.user, by=request.user, **{name: value})
    return response


@policy("GET", "POST", write=EVERYONE)
def profile(request: HttpRequest) -> HttpResponse:
    """A person's name, language, time zone, theme and shortcuts."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.update_profile(request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        response = redirect("settings")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        response.delete_cookie("theme")
        return response
    return render(request, "settings/profile.html", {"form": form, "tab": "profile"})


@policy("GET", "POST", read=LEADERS, write=LEADERS)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who may sign in, and the form for one more."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = actions.create_user(by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s can sign in now.") % {"name": user.name})
        return redirect("people")
    found = User.objects.visible_to(request.user).prefetch_related("teams").order_by("name")
    return render(request, "settings/people.html", {"form": form, "people": found, "tab": "people"})


@policy("GET", "POST", read=LEADERS, write=LEADERS, about="user")
def person(request: HttpRequest, pk: object) -> HttpResponse:
    """A colleague's role, and whether she may sign in."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = PersonForm(request.POST or None, initial={"role": found.role, "is_active": found.is_active})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_access(found, by=request.user, **form.cleaned_data)
            return redirect("people")
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "settings/person.html", {"form": form, "person": found, "tab": "people"})


@policy("GET", "POST", read=LEADERS, write=LEADERS)
def organisation(request: HttpRequest) -> HttpResponse:
    """The company's name, currency and fiscal year, and its teams."""
    current = Organisation.current()
    form = OrganisationForm(request.POST or None, instance=current)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_organisation(by=request.user, **form.cleaned_data)
            messages.success(request, _("The company's settings are saved."))
            return redirect("organisation")
        except DomainError as error:
            form.add_error(error.field or None, str(error))
    teams = Team.objects.visible_to(request.user).prefetch_related("members")
    context = {"form": form, "team_form": TeamForm(), "teams": teams, "tab": "organisation"}
    context["logo"] = Logo.address()
    return render(request, "settings/organisation.html", context)


@policy("POST", write=LEADERS)
def organisation_logo(request: HttpRequest) -> HttpResponse:
    """Put the company's logo on the pages for people outside, or take it away."""
    sent = request.FILES.get("logo")
    if sent is None and "remove" not in request.POST:
        messages.error(request, _("Choose a file first."))
        return redirect("organisation")
    try:
        content = sent.read(actions.LARGEST_LOGO + 1) if sent is not None else None
        actions.set_logo(None if "remove" in request.POST else content, by=request.user)
        messages.success(request, _("The company's settings are saved."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("organisation")


@policy("POST", write=LEADERS)
def team_create(request: HttpRequest) -> HttpResponse:
    """Make a team, or give an existing one of that name other members."""
    form = TeamForm(request.POST)
    if form.is_valid():
        actions.set_team(
            form.cleaned_data["name"], members=list(form.cleaned_data["members"]), by=request.user
        )
        return redirect("organisation")
    messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect("organisation")
