"""Rating by people: the matrix of accounts and criteria, and one cell with note and evidence."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account
from kam.lib.errors import Conflict, DomainError
from kam.users.policy import WORKERS, policy
from scoring.actions import ratings
from scoring.forms import RatingForm
from scoring.guided import guide_of
from scoring.matrix_page import (
    ROWS,
    Typed,
    cell_text,
    confirm_page,
    matrix_page,
    read_cells,
    rows_asked,
    save_cell,
)
from scoring.models import Criterion, Rating, RatingRound
from scoring.permissions import can_rate
from scoring.provisional import provisional_words


@policy("GET", "POST", write=WORKERS)
def matrix(request: HttpRequest) -> HttpResponse:
    """What do I think of my accounts? 1 to 10, by keyboard; empty stays missing."""
    accounts = Account.objects.visible_to(request.user).active().search(request.GET.get("q", "")[:100])
    page = Paginator(accounts, rows_asked(request.GET)).get_page(request.GET.get("page"))
    round = _round(request)
    rated = Criterion.objects.visible_to(request.user).current().rated()
    criteria = list(rated.filter(rounds=round) if round else rated)
    if request.method == "POST":
        _save(request, page.object_list, criteria, round)
        return redirect(request.get_full_path())
    context = matrix_page(page, criteria, request.user, request.GET, round)
    context |= {"sizes": ROWS, "may_rate": can_rate(request.user)}
    return render(request, "scoring/matrix.html", context)


def _save(request: HttpRequest, accounts: Any, criteria: list[Criterion], round: RatingRound | None) -> None:
    """Save what was typed on the page, and say again what was carried over where that was asked for."""
    saved, problems = read_cells(request.POST, accounts, criteria, by=request.user, round=round)
    if "confirm" in request.POST and not problems:
        saved += confirm_page(accounts, by=request.user, round=round)
    text = ngettext("%(n)s rating saved.", "%(n)s ratings saved.", saved)
    messages.success(request, text % {"n": saved})
    for problem in problems[:5]:
        messages.error(request, problem)


@policy("POST", write=WORKERS, about="cell")
def cell(request: HttpRequest, account: Any, criterion: Any) -> JsonResponse:
    """Save one cell while somebody types; answers what stands there now."""
    row = get_object_or_404(Account.objects.visible_to(request.user), pk=account)
    column = get_object_or_404(_by_hand(request), pk=criterion)
    typed = Typed(request.POST.get("value", ""), request.POST.get("version", ""))
    try:
        saved = save_cell(row, column, typed, by=request.user, round=_round(request))
    except Conflict as error:
        # The typed value is kept in the cell; leaving it once more replaces what stands there.
        stands = {"value": cell_text(error.current), "version": error.current.version}
        return JsonResponse({"error": _conflict_text(error.current, typed), **stands}, status=412)
    except DomainError as error:
        gone = {"version": 0} if error.code == "rating_gone" else {}
        return JsonResponse({"error": str(error), **gone}, status=422)
    stands = {"value": cell_text(saved), "version": saved.version if saved else 0}
    return JsonResponse(stands | {"standing": _standing(row, request)})


def _standing(account: Account, request: HttpRequest) -> str:
    """Say what a saved rating makes of the account's place; in a round it counts when handed in."""
    return "" if _round(request) else provisional_words(account)


def _conflict_text(current: Rating, typed: Typed) -> str:
    text = _(
        "Meanwhile %(theirs)s was saved here. Your %(yours)s is not saved: leave the cell again to replace it, "
        "or press Esc to take %(theirs)s."
    )
    return text % {"theirs": cell_text(current), "yours": typed.text.strip()[:12] or "–"}


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="cell")
def cell_detail(request: HttpRequest, account: Any, criterion: Any) -> HttpResponse:
    """One cell with anchors, guiding questions, note and evidence."""
    row = get_object_or_404(Account.objects.visible_to(request.user), pk=account)
    column = get_object_or_404(_by_hand(request), pk=criterion)
    round, guide = _round(request), guide_of(column, request.GET)
    mine = Rating.objects.filter(account=row, criterion=column, rater=request.user, round=round).first()
    proposed = {"value": guide.proposal, "not_applicable": False} if guide.answered else {}
    form = RatingForm(request.POST or None, instance=mine, initial=proposed)
    if request.method == "POST" and form.is_valid() and _saved(request, form, row, column, round):
        return redirect(_matrix_url(round))
    others = Rating.objects.readable_by(request.user).filter(account=row, criterion=column)
    others = others.select_related("rater").order_by("-rated_on", "-submitted_at")
    context = {"account": row, "criterion": column, "form": form, "others": others, "guide": guide}
    context |= {"mine": mine, "round": round, "back": _matrix_url(round)}
    return render(request, "scoring/cell.html", context)


def _saved(
    request: HttpRequest, form: RatingForm, account: Account, criterion: Criterion, round: RatingRound | None
) -> bool:
    """Save what the form says, or let the form say what is in the way."""
    user: Any = request.user
    version = form.cleaned_data["seen_version"]
    try:
        ratings.rate(account, criterion, form.judgement(), by=user, round=round, expected_version=version)
    except Conflict as error:
        form.show_conflict(error.current)
        return False
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True


def _by_hand(request: HttpRequest) -> QuerySet[Criterion]:
    """The criteria with cells to fill in; what a table brings has none."""
    return Criterion.objects.visible_to(request.user).current().exclude(source=Criterion.Source.IMPORTED)


def _matrix_url(round: RatingRound | None) -> str:
    return reverse("scoring:matrix") + (f"?round={round.pk}" if round else "")


def _round(request: HttpRequest) -> RatingRound | None:
    """Return the open round the address names, in which the person is a rater."""
    try:
        asked = UUID(request.GET.get("round", ""))
    except ValueError:
        return None
    return get_object_or_404(RatingRound.objects.filter(raters=request.user, closed_at=None), pk=asked)
