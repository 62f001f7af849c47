"""Work that was logged, and the goal it was done for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.models import Activity
from goals.actions.goals import link_activity, unlink_activity
from goals.models import Goal
from goals.permissions import can_check_in
from goals.work import work_listing
from kam.lib.errors import DomainError
from kam.users.policy import WORKERS, policy


@policy("GET")
def work_list(request: HttpRequest) -> HttpResponse:
    """What was logged in the last 30 days for no goal; each entry can be given to one."""
    listing = work_listing(request.user, request.GET.dict())
    context = {"listing": listing, "page": listing.page, "may_work": can_check_in(request.user)}
    return render(request, "goals/work.html", context)


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="logged")
def work_link(request: HttpRequest, pk: object) -> HttpResponse:
    """Say for which goal an entry of the timeline was done."""
    activity = _logged(request, pk)
    goals = Goal.objects.open().visible_to(request.user).filter(account=activity.account_id)
    if request.method == "POST":
        _link(request, activity, goals)
        return redirect(_back(request, activity))
    link = getattr(activity, "goal_link", None)
    context = {"activity": activity, "account": activity.account, "goals": goals, "link": link}
    return render(request, "goals/work_link.html", context | {"back": request.GET.get("back", "")})


@policy("POST", write=WORKERS, about="logged")
def work_unlink(request: HttpRequest, pk: object) -> HttpResponse:
    """Take the link back (undo)."""
    activity = _logged(request, pk)
    unlink_activity(activity, by=request.user)
    messages.success(request, _("The entry serves no goal now."))
    return redirect(_back(request, activity))


def _link(request: HttpRequest, activity: Activity, goals: Any) -> None:
    goal = next((each for each in goals if str(each.pk) == request.POST.get("goal")), None)
    if goal is None:
        messages.error(request, _("Choose a goal of this account."))
        return
    try:
        link_activity(goal, activity, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return
    undo = reverse("goals:work_unlink", args=[activity.pk])
    messages.success(request, _("Done for: %(goal)s") % {"goal": goal}, extra_tags=undo)


def _logged(request: HttpRequest, pk: object) -> Activity:
    rows = Activity.objects.visible_to(request.user).logged().select_related("account", "goal_link__goal")  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
    found: Activity = get_object_or_404(rows, pk=pk, account__isnull=False)
    return found


def _back(request: HttpRequest, activity: Activity) -> str:
    """Return where the person came from, the account's page otherwise; never another site."""
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("accounts:detail", args=[activity.account_id])
