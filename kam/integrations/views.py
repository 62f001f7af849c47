"""The pages of background jobs and API keys."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kam.integrations import actions, jobs
from kam.integrations.forms import ApiKeyForm
from kam.integrations.models import ApiKey, Job
from kam.users.policy import EVERYONE, IMPORTERS, policy


@policy("GET")
def job_list(request: HttpRequest) -> HttpResponse:
    """Running and finished work, newest first."""
    page = Paginator(Job.objects.visible_to(request.user).select_related("created_by"), 50).get_page(
        request.GET.get("page")
    )
    return render(request, "jobs/list.html", {"page": page})


@policy("GET", about="job")
def job_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """One job; the fragment polls itself until the job is over."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("created_by"), pk=pk)
    asked_again = request.htmx  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    may = {
        "may_steer": Job.objects.cancellable_by(request.user).filter(pk=pk).exists(),
        "may_import": request.user.role in IMPORTERS,
    }
    template = "jobs/_job.html" if asked_again else "jobs/detail.html"
    response = render(request, template, {"job": job, **may})
    if asked_again and job.is_over:
        # What surrounds the card may be another after the job: the frame without its demo company.
        response["HX-Refresh"] = "true"
    return response


@policy("POST", write=EVERYONE, about="job")
def job_cancel(request: HttpRequest, pk: object) -> HttpResponse:
    job = get_object_or_404(Job.objects.cancellable_by(request.user), pk=pk)
    if not jobs.cancel(job, by=request.user).is_over:
        messages.info(request, _("The job stops at its next step. What it has not finished is taken back."))
    return redirect("jobs:detail", pk=pk)


@policy("POST", write=EVERYONE, about="job")
def job_retry(request: HttpRequest, pk: object) -> HttpResponse:
    job = get_object_or_404(Job.objects.cancellable_by(request.user), pk=pk)
    jobs.retry(job, by=request.user)
    return redirect("jobs:detail", pk=pk)


@policy("GET", "POST", write=EVERYONE)
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys a person may see, and the form for a new one; the secret is shown once, in the answer."""
    form, secret = ApiKeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _key, secret = actions.create_api_key(request.user, by=request.user, **form.cleaned_data)
        form = ApiKeyForm()
    keys = ApiKey.objects.visible_to(request.user).select_related("owner")
    return render(
        request, "settings/api_keys.html", {"form": form, "keys": keys, "secret": secret, "tab": "keys"}
    )


@policy("POST", write=EVERYONE, about="api_key")
def api_key_revoke(request: HttpRequest, pk: object) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.visible_to(request.user), pk=pk)
    actions.revoke_api_key(key, by=request.user)
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name})
    return redirect("api_keys")
