"""The check-in flow: one goal after the other, three inputs each, by keyboard alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from goals.actions.check_ins import check_in
from goals.check_in_forms import FlowForm
from goals.check_in_queue import Queue, check_in_queue
from goals.models import Goal
from goals.status import goal_status
from kam.lib.forms import tried
from kam.users.policy import WORKERS, policy


@policy("GET", read=WORKERS)
def check_in_start(request: HttpRequest) -> HttpResponse:
    """Go to the first goal that is to be checked in, or say that there is none."""
    queue = _queue(request)
    if queue.rows:
        return redirect(_address(queue, queue.rows[0].goal, done=request.GET.get("done", "")))
    return render(request, "goals/check_in_done.html", {"queue": queue, "done": request.GET.get("done", "")})


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="goal")
def check_in_one(request: HttpRequest, pk: object) -> HttpResponse:
    """Say where one goal stands, and go on to the next."""
    today, queue = timezone.localdate(), _queue(request)
    goal = get_object_or_404(Goal.objects.visible_to(request.user).for_list(today), pk=pk)
    form = FlowForm(request.POST or None, goal=goal, today=today)
    if request.method == "POST" and form.is_valid():
        following = queue.beside(goal, 1)
        if tried(form, lambda: [check_in(goal, form.said(), by=request.user)]):
            if following:
                return redirect(_address(queue, following, done=str(goal.pk)))
            return redirect(_joined(reverse("goals:check_ins"), queue.query, str(goal.pk)))
    context = {"goal": goal, "status": goal_status(goal, today), "form": form, "queue": queue}
    context |= {"left": len(queue.rows), "place": queue.place(goal) + 1, "done": request.GET.get("done", "")}
    context |= {"before": _beside(queue, goal, -1), "after": _beside(queue, goal, 1)}
    return render(request, "goals/check_in.html", context)


def _queue(request: HttpRequest) -> Queue:
    return check_in_queue(request.user, request.GET.dict(), timezone.localdate())


def _beside(queue: Queue, goal: Goal, step: int) -> str:
    other = queue.beside(goal, step)
    return _address(queue, other) if other else ""


def _address(queue: Queue, goal: Goal, done: str = "") -> str:
    return _joined(reverse("goals:check_in_one", args=[goal.pk]), queue.query, done)


def _joined(path: str, query: str, done: str) -> str:
    """Return an address that also names the goal just checked in, whose draft the browser may forget."""
    if not done:
        return path + query
    return f"{path}{query}{'&' if query else '?'}done={done[:36]}"
