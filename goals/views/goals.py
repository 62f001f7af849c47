"""The pages of goals: list, one goal, set, change, check in, close."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError as DjangoValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from goals.actions import goals as actions
from goals.actions.check_ins import check_in
from goals.actions.setup import change_goal, set_goal
from goals.forms import CheckInForm, ClosingForm, GoalForm, MilestoneForm, WorkForm, goal_initial
from goals.models import Goal, Milestone
from goals.permissions import can_check_in, can_edit_goals
from goals.queries import goal_listing, goal_sheet
from goals.status import STATES
from kam.lib.forms import tried
from kam.users.models import Organisation, User
from kam.users.policy import MANAGERS, WORKERS, policy


@policy("GET")
def goal_list(request: HttpRequest) -> HttpResponse:
    """Goals of the accounts one sees, what wants attention first."""
    listing = goal_listing(request.user, request.GET.dict(), request, timezone.localdate())
    states = [(code, label, listing.counts[code]) for code, label in STATES.items() if listing.counts[code]]
    account = Account.objects.visible_to(request.user).filter(
        pk=listing.filters.form.cleaned_data.get("account")
    )
    context = {"listing": listing, "page": listing.page, "states": states, "account": account.first()}
    context |= {"may_edit": can_edit_goals(request.user), "sides": Goal.Side.choices}
    context |= {"may_check_in": can_check_in(request.user)}
    template = "goals/_table.html" if request.htmx else "goals/list.html"  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    return render(request, template, context)


@policy("GET", about="goal")
def goal_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """One goal: where it stands, why, what was measured and done."""
    return _sheet(request, _goal(request, pk))


@policy("GET", "POST", read=MANAGERS, write=MANAGERS)
def goal_create(request: HttpRequest) -> HttpResponse:
    """Set a goal for an account."""
    account = _wanted_account(request)
    today = timezone.localdate()
    initial = {"start_on": today, "due_on": today.replace(month=12, day=31), "owner": request.user.pk}
    form = GoalForm(
        request.POST or None, user=request.user, account=account, initial=initial | {"account": account}
    )
    if request.method == "POST" and form.is_valid():
        at = form.cleaned_data["account"]
        goal = tried(
            form,
            lambda: set_goal(at, values=form.values(), measured_by=form.measured_by_what(), by=request.user),
        )
        if goal:
            messages.success(request, _("The goal is set."))
            return redirect("goals:detail", pk=goal.pk)
    return render(request, "goals/form.html", {"form": form, "account": account})


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="goal")
def goal_edit(request: HttpRequest, pk: object) -> HttpResponse:
    """Change a goal; a moved target keeps the earlier one."""
    goal = _goal(request, pk)
    form = GoalForm(
        request.POST or None, user=request.user, account=goal.account, goal=goal, initial=goal_initial(goal)
    )
    if request.method == "POST" and form.is_valid():
        changed = tried(form, lambda: _change(goal, form, request.user))
        if changed:
            messages.success(request, _("The goal is changed."))
            return redirect("goals:detail", pk=goal.pk)
    return render(request, "goals/form.html", {"form": form, "account": goal.account, "goal": goal})


@policy("POST", write=WORKERS, about="goal")
def goal_check_in(request: HttpRequest, pk: object) -> HttpResponse:
    """Type in a value or a judgement."""
    goal = _goal(request, pk)
    form = CheckInForm(request.POST, goal=goal)
    if form.is_valid() and tried(form, lambda: [check_in(goal, form.said(), by=request.user)]):
        messages.success(request, _("Noted."))
        return _back(request, goal)
    return _sheet(request, goal, check_in=form)


@policy("POST", write=WORKERS, about="goal")
def goal_log(request: HttpRequest, pk: object) -> HttpResponse:
    """Log what was done for a goal."""
    goal = _goal(request, pk)
    form = WorkForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: actions.log_work(goal, values=form.cleaned_data, by=request.user)
    ):
        return _back(request, goal)
    return _sheet(request, goal, work=form)


@policy("POST", write=MANAGERS, about="goal")
def goal_close(request: HttpRequest, pk: object) -> HttpResponse:
    """Close a goal as achieved, missed or dropped."""
    goal = _goal(request, pk)
    form = ClosingForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: actions.close_goal(goal, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The goal is closed. You can reopen it on its page."))
        return _back(request, goal)
    return _sheet(request, goal, closing=form)


@policy("POST", write=MANAGERS, about="goal")
def goal_reopen(request: HttpRequest, pk: object) -> HttpResponse:
    goal = _goal(request, pk)
    actions.reopen_goal(goal, by=request.user)
    messages.success(request, _("The goal is open again."))
    return _back(request, goal)


@policy("POST", write=MANAGERS, about="goal")
def milestone_add(request: HttpRequest, pk: object) -> HttpResponse:
    goal = _goal(request, pk)
    form = MilestoneForm(request.POST, goal=goal)
    if form.is_valid() and tried(
        form, lambda: actions.add_milestone(goal, values=form.cleaned_data, by=request.user)
    ):
        return _back(request, goal)
    return _sheet(request, goal, milestone=form)


@policy("POST", write=WORKERS, about="milestone")
def milestone_tick(request: HttpRequest, pk: object) -> HttpResponse:
    """Tick a milestone off, or take the tick back."""
    step = get_object_or_404(
        Milestone.objects.visible_to(request.user).select_related("goal__account"), pk=pk
    )
    actions.tick_milestone(step, done=step.done_at is None, by=request.user)
    return _back(request, step.goal)


def _goal(request: HttpRequest, pk: object) -> Goal:
    found: Goal = get_object_or_404(
        Goal.objects.visible_to(request.user).for_list(timezone.localdate()), pk=pk
    )
    return found


def _wanted_account(request: HttpRequest) -> Account | None:
    pk = request.POST.get("account") or request.GET.get("account", "")
    try:
        return Account.objects.visible_to(request.user).filter(pk=pk).first() if pk else None
    except (ValueError, DjangoValidationError):
        return None


def _change(goal: Goal, form: GoalForm, by: User) -> Goal:
    return change_goal(
        goal,
        values=form.values(),
        measured_by=form.measured_by_what(),
        by=by,
        reason=form.cleaned_data["reason"],
        expected_version=form.cleaned_data["version"],
    )


def _back(request: HttpRequest, goal: Goal) -> HttpResponseRedirect:
    return redirect("goals:detail", pk=goal.pk)


def _sheet(request: HttpRequest, goal: Goal, **forms: Form) -> HttpResponse:
    sheet = goal_sheet(goal, timezone.localdate(), Organisation.current().currency)
    shown: dict[str, Any] = {
        "check_in": CheckInForm(goal=goal),
        "milestone": MilestoneForm(goal=goal, auto_id="milestone_%s"),
        "work": WorkForm(auto_id="work_%s"),
        "closing": ClosingForm(auto_id="closing_%s"),
    }
    rights = {"may_edit": can_edit_goals(request.user), "may_check_in": can_check_in(request.user)}
    return render(request, "goals/detail.html", {"sheet": sheet, "goal": goal} | shown | forms | rights)
