"""The button that removes the demo company."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kam.integrations.jobs import enqueue
from kam.users.policy import LEADERS, policy


@policy("POST", write=LEADERS)
def demo_remove(request: HttpRequest) -> HttpResponse:
    """Start the removal and show how it goes."""
    job = enqueue("reports.demo_remove", by=request.user, key="reports.demo_remove")
    return redirect("jobs:detail", pk=job.pk)
