"""The daily work on an account: the timeline's composer and the next steps, each as page and as fragment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.activities import log_activity
from accounts.actions.next_steps import complete_task, create_task, reopen_task, update_task
from accounts.forms import ActivityForm, TaskForm
from accounts.models import Account, Task
from accounts.permissions import caller, can_work
from accounts.timeline import timeline_of
from kam.lib.errors import DomainError
from kam.lib.forms import tried
from kam.lib.htmx import is_partial, render_part
from kam.users.policy import WORKERS, policy


@policy("GET", about="account")
def timeline(request: HttpRequest, pk: object) -> HttpResponse:
    """The timeline alone: of one kind, or its older entries."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    context = timeline_of(request, account) | {"account": account, "may_work": can_work(caller(request))}
    fragment = "accounts/_entries.html" if "cursor" in request.GET else "accounts/_timeline.html"
    return render_part(request, "accounts/timeline.html", fragment, context)


@policy("POST", write=WORKERS, about="account")
def log(request: HttpRequest, pk: object) -> HttpResponse:
    """Write an entry; HTMX gets the composer and the timeline with it."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    form = ActivityForm(request.POST, account=account)
    if form.is_valid() and tried(
        form, lambda: log_activity(account, values=form.values(), by=caller(request))
    ):
        if not is_partial(request):
            messages.success(request, _("The entry is in the timeline."))
            return redirect("accounts:detail", pk=pk)
        form = ActivityForm(account=account)
    context = timeline_of(request, account) | {"account": account, "composer": form, "may_work": True}
    return render_part(request, "accounts/timeline.html", "accounts/_stream.html", context)


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="account")
def task_create(request: HttpRequest, pk: object) -> HttpResponse:
    """Plan a next step."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    form = TaskForm(request.POST or None, by=caller(request))
    sent = request.method == "POST" and form.is_valid()
    if sent and tried(form, lambda: create_task(account, values=form.values(), by=caller(request))):
        messages.success(request, _("The next step is planned."))
        return redirect("accounts:detail", pk=pk)
    return render(request, "accounts/task_form.html", {"form": form, "account": account})


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="task")
def task_edit(request: HttpRequest, pk: object) -> HttpResponse:
    """Change or reassign a next step."""
    task = _task(request, pk)
    form = TaskForm(request.POST or None, task=task, by=caller(request))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if tried(
            form,
            lambda: update_task(task, values=form.values(), by=caller(request), expected_version=version),
        ):
            messages.success(request, _("The next step is changed."))
            return redirect("accounts:detail", pk=task.account_id)
    return render(request, "accounts/task_form.html", {"form": form, "task": task, "account": task.account})


@policy("POST", write=WORKERS, about="task")
def task_complete(request: HttpRequest, pk: object) -> HttpResponse:
    """Tick a task off; the toast takes it back."""
    task = complete_task(_task(request, pk), by=caller(request))
    return _tasks(request, task, _("Done: %(title)s") % {"title": task.title})


@policy("POST", write=WORKERS, about="task")
def task_reopen(request: HttpRequest, pk: object) -> HttpResponse:
    """Take a completion back."""
    task = _task(request, pk)
    try:
        reopen_task(task, by=caller(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("accounts:detail", pk=task.account_id)
    return _tasks(request, task, _("Open again: %(title)s") % {"title": task.title})


def _task(request: HttpRequest, pk: object) -> Task:
    task: Task = get_object_or_404(Task.objects.visible_to(request.user).with_account(), pk=pk)
    return task


def _tasks(request: HttpRequest, task: Task, message: str) -> HttpResponse:
    if not is_partial(request):
        messages.success(request, message)
        return redirect("accounts:detail", pk=task.account_id)
    context = {
        "account": task.account,
        "task": task,
        "message": message,
        "may_work": True,
        "today": timezone.localdate(),
    }
    context["tasks"] = task.account.tasks.for_account_page()
    return render(request, "accounts/_tasks_answer.html", context)
