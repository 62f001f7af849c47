"""Our own sites, in the settings of the company."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import sites as actions
from accounts.conflicts import merge_rows
from accounts.forms_sites import SiteForm
from accounts.models import Account, OwnSite
from accounts.permissions import caller
from kam.lib.errors import Conflict, DomainError
from kam.users.policy import LEADERS, policy


@policy("GET", "POST", read=LEADERS, write=LEADERS)
def site_list(request: HttpRequest) -> HttpResponse:
    """Where are we, so that the way to an account can be computed?"""
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_site(values=form.values(), by=caller(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(name)s” is created.") % {"name": made})
            return redirect("own_sites")
    context = {"form": form, "sites": _seen(request), "today": timezone.localdate(), "tab": "sites"}
    located = Account.objects.aggregate(all=Count("pk"), located=Count("longitude"))
    return render(request, "settings/sites.html", context | located)


@policy("GET", "POST", read=LEADERS, write=LEADERS, about="own_site")
def site_edit(request: HttpRequest, pk: Any) -> HttpResponse:
    """Change a site; when somebody else did meanwhile, show yours, theirs and before."""
    site: OwnSite = get_object_or_404(_seen(request), pk=pk)
    form = SiteForm(request.POST or None, site=site)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.update_site(site, values=form.changed(), by=caller(request), expected_version=version)
        except Conflict as conflict:
            return _conflict(request, form, conflict.current)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("own_sites")
    return render(request, "settings/site.html", {"form": form, "site": site, "tab": "sites"})


@policy("POST", write=LEADERS, about="own_site")
def site_delete(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take a site away that was never right."""
    site = get_object_or_404(_seen(request), pk=pk)
    actions.delete_site(site, by=caller(request))
    messages.success(request, _("“%(name)s” is deleted.") % {"name": site})
    return redirect("own_sites")


def _seen(request: HttpRequest) -> Any:
    return OwnSite.objects.visible_to(request.user)


def _conflict(request: HttpRequest, form: SiteForm, current: OwnSite) -> HttpResponse:
    rows = merge_rows(form, SiteForm(site=current))
    context = {"rows": rows, "site": current, "version": current.version}
    return render(request, "settings/site_conflict.html", context, status=409)
