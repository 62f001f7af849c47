"""Today: what needs me, and why."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateformat import format as format_date

from kam.lib.formatting import is_german
from kam.users.models import Organisation
from kam.users.policy import policy
from reports.permissions import caller
from reports.queries.first_steps import first_steps
from reports.queries.today import bands
from reports.queries.today_figures import freshness, key_figures


@policy("GET")
def today(request: HttpRequest) -> HttpResponse:
    """One ranked list of what needs the person, each line with its reason and one action."""
    user, day = caller(request), timezone.localdate()
    found, fresh = bands(user, timezone.now(), day), freshness(user, day)
    steps = first_steps(user) if fresh[-1].missing else []
    context = {
        "heading": heading(day),
        "bands": found,
        "points": sum(band.count for band in found),
        "figures": key_figures(user, day, Organisation.current().currency),
        "freshness": fresh,
        "steps": steps,
        "next_step": next((step for step in steps if not step.done), None),
    }
    return render(request, "today/today.html", context)


def heading(day: date) -> str:
    """Return Montag, 23. November or Monday 23 November."""
    return format_date(day, "l, j. F" if is_german() else "l j F")
