"""The health of all relationships, and whether the warnings came true."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from goals.actions.health import KIND, start_health
from goals.health_page import health_test, standings
from goals.models import HealthMonth
from goals.permissions import can_edit_rates
from goals.relationship import LABELS
from kam.integrations.models import Job
from kam.users.policy import LEADERS, policy


@policy("GET", "POST", write=LEADERS)
def portfolio_health(request: HttpRequest) -> HttpResponse:
    """Which relationships are in danger, and how far such warnings can be trusted."""
    if request.method == "POST":
        start_health(by=request.user)
        messages.success(request, _("The months that are missing are being put together now."))
        return redirect("goals:portfolio_health")
    now = standings(request.user, request.GET.dict())
    names = {"red": _("Red"), "amber": _("Amber"), "green": _("Green"), "unknown": _("not known")}
    colours = [(code, f"{label} ({now.counts[code]})") for code, label in names.items()]
    context = {"test": health_test(request.user), "now": now, "colours": colours}
    context |= {"inputs": LABELS.values(), "may_start": can_edit_rates(request.user)}
    context |= {"anything": HealthMonth.objects.exists(), "busy": Job.objects.filter(key=KIND).exists()}
    return render(request, "goals/portfolio_health.html", context)
