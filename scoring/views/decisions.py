"""Who becomes a key account: proposals, decisions and their certificates."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.lib.errors import Conflict, DomainError
from kam.users.policy import LEADERS, PLANNERS, policy
from scoring.actions import decisions, reviews
from scoring.actions.capacity import loads
from scoring.actions.conversations import ticked_task
from scoring.explain import evidence, explain_account
from scoring.forms import ApprovalForm, ExpectationsForm, ReasonForm
from scoring.models import Decision, ScoreRun
from scoring.permissions import can_log_conversation, can_manage_models, can_run
from scoring.sure_page import account_words

# The forms of a decision's page that ask for a reason alone, and how their ids begin.
WITH_REASON = {"refusal": "decline_%s", "ending": "end_%s", "keeping": "keep_%s"}


@policy("GET")
def decision_list(request: HttpRequest) -> HttpResponse:
    """Who waits for a decision, who is key, and who no longer qualifies?"""
    state = request.GET.get("state", Decision.State.PROPOSED)
    mine = Decision.objects.visible_to(request.user)
    counts = dict(mine.order_by().values_list("state").annotate(n=Count("pk")))
    tabs = [(value, label, counts.get(value, 0)) for value, label in Decision.State.choices]
    page = Paginator(mine.filter(state=state).for_list(), 50).get_page(request.GET.get("page"))
    context = {
        "state": state,
        "tabs": tabs,
        "page": page,
        "run": ScoreRun.objects.latest(),
        "leaving": reviews.exceptions(request.user) if state == "approved" else [],
        "can_run": can_run(request.user),
        "can_manage": can_manage_models(request.user),
    }
    return render(request, "scoring/decisions.html", context)


@policy("POST", write=PLANNERS, about="score_run")
def propose(request: HttpRequest, pk: Any) -> HttpResponse:
    """Propose everybody above the line of a run."""
    run = get_object_or_404(ScoreRun.objects.visible_to(request.user).select_related("model"), pk=pk)
    try:
        made = len(decisions.propose_from_run(run, by=request.user))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(n)s account has been proposed.", "%(n)s accounts have been proposed.", made)
        messages.success(request, text % {"n": made})
    return redirect("scoring:decisions")


@policy("GET", "POST", write=PLANNERS, about="decision")
def decision_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """One decision: what both sides expect, and the leaders' verbs."""
    decision = _decision(request, pk)
    form = ExpectationsForm(request.POST or None, initial=_expected(decision))
    if request.method == "POST" and form.is_valid():
        try:
            _record(decision, form.cleaned_data, by=request.user)
        except Conflict as conflict:
            form.show_conflict(conflict.current)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("scoring:decision", pk=pk)
        else:
            messages.success(request, _("The expectations are recorded."))
            return redirect("scoring:decision", pk=pk)
    return render(request, "scoring/decision.html", _context(request, decision, form))


@policy("POST", write=LEADERS, about="decision")
def decision_approve(request: HttpRequest, pk: Any) -> HttpResponse:
    decision = _decision(request, pk)
    form = ApprovalForm(request.POST)
    if form.is_valid():
        try:
            decisions.approve_decision(decision, by=request.user, **form.cleaned_data)
        except DomainError as error:
            if error.code == decisions.ALREADY_DECIDED:  # the page has no form any more that could say so
                messages.error(request, str(error))
                return redirect("scoring:decision", pk=decision.pk)
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(name)s is a key account now.") % {"name": decision.account})
            return redirect("scoring:decision", pk=decision.pk)
    return render(request, "scoring/decision.html", _context(request, decision) | {"approval": form})


@policy("POST", write=LEADERS, about="decision")
def decision_keep(request: HttpRequest, pk: Any) -> HttpResponse:
    return _with_reason(request, pk, "keeping", reviews.keep_decision, _("Kept for another year."))


@policy("POST", write=LEADERS, about="decision")
def decision_decline(request: HttpRequest, pk: Any) -> HttpResponse:
    return _with_reason(request, pk, "refusal", decisions.decline_decision, _("The proposal is declined."))


@policy("POST", write=LEADERS, about="decision")
def decision_end(request: HttpRequest, pk: Any) -> HttpResponse:
    return _with_reason(request, pk, "ending", decisions.end_decision, _("The key status has ended."))


@policy("GET", about="decision")
def certificate(request: HttpRequest, pk: Any) -> HttpResponse:
    """The decision on one sheet: model, inputs and run, to print and keep."""
    decision = _decision(request, pk)
    context: dict[str, Any] = {"decision": decision}
    why = explain_account(decision.account, decision.run) if decision.run else None
    if why is not None:
        context |= {"explanation": why, "evidence": evidence(decision.account, why.run, request.user)}
        context["sure"] = account_words(why.score, why.run, request.user)
    return render(request, "scoring/certificate.html", context)


def _decision(request: HttpRequest, pk: Any) -> Decision:
    found: Decision = get_object_or_404(
        Decision.objects.visible_to(request.user).for_list().with_conversation(), pk=pk
    )
    return found


def _expected(decision: Decision) -> dict[str, Any]:
    known = {"internal": decision.expectations_internal, "external": decision.expectations_external}
    return {**known, "seen_version": decision.version}


def _record(decision: Decision, given: dict[str, Any], *, by: Any) -> Decision:
    values = {"internal": given["internal"], "external": given["external"]}
    return decisions.record_expectations(decision, by=by, expected_version=given["seen_version"], **values)


def _context(request: HttpRequest, decision: Decision, form: Any = None) -> dict[str, Any]:
    why = explain_account(decision.account, decision.run)
    return {
        "decision": decision,
        "form": form or ExpectationsForm(initial=_expected(decision)),
        "approval": ApprovalForm(initial={"kam": decision.account.kam_id or decision.account.owner_id}),
        **{name: ReasonForm(auto_id=ids) for name, ids in WITH_REASON.items()},
        "explanation": why,
        "sure": account_words(why.score, why.run, request.user) if why else [],
        "loads": loads() if decision.state == Decision.State.PROPOSED else [],
        "can_manage": can_manage_models(request.user),
        "can_run": can_run(request.user),
        "missing": decisions.missing_expectations(decision),
        "may_log": can_log_conversation(request.user),
        "ticked": ticked_task(getattr(decision, "conversation", None)),
        "today": timezone.localdate(),
    }


def _with_reason(
    request: HttpRequest, pk: Any, name: str, verb: Callable[..., Decision], done: str
) -> HttpResponse:
    decision, form = _decision(request, pk), ReasonForm(request.POST, auto_id=WITH_REASON[name])
    if not form.is_valid():
        return render(request, "scoring/decision.html", _context(request, decision) | {name: form})
    return _answer(request, decision, lambda: verb(decision, by=request.user, **form.cleaned_data), done)


def _answer(
    request: HttpRequest, decision: Decision, verb: Callable[[], Decision], done: str
) -> HttpResponse:
    try:
        verb()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("scoring:decision", pk=decision.pk)
