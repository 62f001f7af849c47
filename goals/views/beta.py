"""The pages of beta programmes and of those who take part."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.actions import beta as actions
from goals.beta import POOL, candidates
from goals.beta_forms import ANSWERS, FeedbackForm, InviteForm, LimitsForm, ProgrammeForm
from goals.models import BetaLimits, BetaParticipation, BetaProgramme
from goals.permissions import can_check_in, can_edit_goals, can_edit_rates
from kam.lib.errors import DomainError
from kam.lib.forms import posted, tried
from kam.users.models import Organisation
from kam.users.policy import LEADERS, MANAGERS, WORKERS, policy


@policy("GET")
def beta_list(request: HttpRequest) -> HttpResponse:
    """The company's beta programmes, running ones first."""
    today = timezone.localdate()
    rows = list(BetaProgramme.objects.visible_to(request.user).with_rows().with_counts())
    running = [row for row in rows if row.closed_at is None and row.ends_on >= today]
    context: dict[str, Any] = {"running": running, "over": [row for row in rows if row not in running]}
    context |= {"may_edit": can_edit_goals(request.user), "may_limit": can_edit_rates(request.user)}
    return render(request, "goals/betas.html", context | {"limits": BetaLimits.current()})


@policy("GET", "POST", read=MANAGERS, write=MANAGERS)
def beta_create(request: HttpRequest) -> HttpResponse:
    """Plan a programme."""
    return _write(request, None)


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="beta_programme")
def beta_edit(request: HttpRequest, pk: object) -> HttpResponse:
    return _write(request, get_object_or_404(BetaProgramme.objects.visible_to(request.user), pk=pk))


@policy("GET", about="beta_programme")
def beta_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """One programme: who it is for, who takes part, and who fits."""
    programme, today = _programme(request, pk), timezone.localdate()
    rows = BetaParticipation.objects.visible_to(request.user).filter(programme=programme)
    may_edit = can_edit_goals(request.user)
    open_now = programme.closed_at is None and programme.ends_on >= today
    context: dict[str, Any] = {"programme": programme, "may_edit": may_edit, "open_now": open_now}
    context["participations"] = rows.with_rows()  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
    context["others"] = programme.participations.count() - len(context["participations"])
    if may_edit and open_now:
        currency = Organisation.current().currency
        context["candidates"] = candidates(programme, request.user, today, currency)
        context["pool"] = POOL
    return render(request, "goals/beta.html", context)


@policy("POST", write=MANAGERS, about="beta_programme")
def beta_close(request: HttpRequest, pk: object) -> HttpResponse:
    """Close a programme, or open it again."""
    actions.close_programme(_programme(request, pk), closed="reopen" not in request.POST, by=request.user)
    return redirect("goals:beta", pk=pk)


@policy("POST", write=MANAGERS, about="beta_programme")
def beta_invite(request: HttpRequest, pk: object) -> HttpResponse:
    """Invite several accounts, or note them as drafts."""
    programme, form = _programme(request, pk), InviteForm(request.POST, user=request.user)
    draft = "draft" in request.POST
    if not form.is_valid():
        messages.error(request, _("Choose at least one account."))
        return redirect("goals:beta", pk=pk)
    chosen, reason = list(form.cleaned_data["accounts"]), form.cleaned_data["reason"]
    try:
        result = actions.invite(programme, chosen, by=request.user, draft=draft, reason=reason)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("goals:beta", pk=pk)
    _tell(request, result, draft=draft)
    return redirect("goals:beta", pk=pk)


def _tell(request: HttpRequest, result: actions.Invited, *, draft: bool) -> None:
    count = len(result.rows)
    if count:
        noted = ngettext("%(count)d account is noted.", "%(count)d accounts are noted.", count)
        asked = ngettext("%(count)d account is invited.", "%(count)d accounts are invited.", count)
        messages.success(request, (noted if draft else asked) % {"count": count})
    for account, why in result.refused:
        words = {"account": account, "why": why}
        text = _(
            "%(account)s was not invited: %(why)s. Say why it should be asked anyway, and invite it again."
        )
        messages.warning(request, text % words)


@policy("GET", about="participation")
def participation(request: HttpRequest, pk: object) -> HttpResponse:
    """One account in a programme: answer, consent, feedback, outcome."""
    return _sheet(request, _participation(request, pk))


@policy("POST", write=WORKERS, about="participation")
def participation_move(request: HttpRequest, pk: object) -> HttpResponse:
    """Note the invitation, the answer, the withdrawal or the end."""
    row, state = _participation(request, pk), request.POST.get("state", "")
    form = ANSWERS.get(state, Form)(request.POST)
    if state == "accepted" and row.state == "finished":
        form = Form(request.POST)
    if form.is_valid() and tried(form, lambda: _moved(request, row, state, form.cleaned_data)):
        return redirect("goals:participation", pk=pk)
    return _sheet(request, row, **{f"form_{state}": form})


def _moved(request: HttpRequest, row: BetaParticipation, state: str, values: dict[str, Any]) -> Any:
    if state == "invited" and row.state == "draft":
        result = actions.invite(
            row.programme, [row.account], by=request.user, reason=posted(request, "reason")
        )
        _tell(request, result, draft=False)
        return True
    if state not in BetaParticipation.State.values:
        raise DomainError("no_state", _("There is no such state."))
    return actions.move(row, state=state, values=values, by=request.user)


@policy("POST", write=WORKERS, about="participation")
def participation_feedback(request: HttpRequest, pk: object) -> HttpResponse:
    """Note what the account said."""
    row = _participation(request, pk)
    form = FeedbackForm(request.POST, account=row.account)
    if form.is_valid() and tried(
        form, lambda: actions.note_feedback(row, values=form.cleaned_data, by=request.user)
    ):
        messages.success(request, _("Noted."))
        return redirect("goals:participation", pk=pk)
    return _sheet(request, row, form_feedback=form)


@policy("GET", "POST", read=LEADERS, write=LEADERS)
def beta_limits(request: HttpRequest) -> HttpResponse:
    """In how many programmes an account may be asked."""
    current = BetaLimits.current()
    initial = {"at_once": current.at_once, "per_year": current.per_year}
    form = LimitsForm(request.POST or None, initial=initial)
    sent = request.method == "POST" and form.is_valid()
    if sent and tried(form, lambda: actions.set_limits(by=request.user, **form.cleaned_data)):
        messages.success(request, _("The limits are saved."))
        return redirect("goals:betas")
    return render(request, "goals/beta_limits.html", {"form": form})


def _programme(request: HttpRequest, pk: object) -> BetaProgramme:
    rows = BetaProgramme.objects.visible_to(request.user).with_rows().with_counts()
    found: BetaProgramme = get_object_or_404(rows, pk=pk)
    return found


def _participation(request: HttpRequest, pk: object) -> BetaParticipation:
    rows = BetaParticipation.objects.visible_to(request.user)
    found: BetaParticipation = get_object_or_404(rows.with_rows(), pk=pk)  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
    return found


def _write(request: HttpRequest, programme: BetaProgramme | None) -> HttpResponse:
    fresh = BetaProgramme.objects.get(pk=programme.pk) if programme else None
    initial: dict[str, Any] = (
        {"version": programme.version} if programme else {"starts_on": timezone.localdate()}
    )
    form = ProgrammeForm(request.POST or None, instance=fresh, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] if programme else None
        saved = tried(
            form,
            lambda: actions.save_programme(
                programme, values=form.values(), by=request.user, expected_version=version
            ),
        )
        if saved:
            return redirect("goals:beta", pk=saved.pk)
    return render(request, "goals/beta_form.html", {"form": form, "programme": programme})


def _sheet(request: HttpRequest, row: BetaParticipation, **bound: Any) -> HttpResponse:
    forms: dict[str, Any] = {f"form_{state}": kind(auto_id=f"{state}_%s") for state, kind in ANSWERS.items()}
    forms["form_feedback"] = FeedbackForm(account=row.account, auto_id="feedback_%s")
    context: dict[str, Any] = {"row": row, "programme": row.programme, "account": row.account}
    context |= {"may_work": can_check_in(request.user), "steps": actions.STEPS[row.state]}
    context["feedback"] = row.feedback.select_related("contact", "noted_by")
    return render(request, "goals/participation.html", context | forms | bound)
