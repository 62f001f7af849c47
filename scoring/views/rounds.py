"""Rating rounds: inviting raters, handing in, and where they agree."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.lib.errors import DomainError
from kam.users.policy import LEADERS, WORKERS, policy
from scoring.actions import rounds
from scoring.consensus import agreements
from scoring.forms import RoundForm
from scoring.models import RatingRound
from scoring.permissions import can_manage_models
from scoring.round_progress import round_progress


@policy("GET", "POST", write=LEADERS)
def round_list(request: HttpRequest) -> HttpResponse:
    """Who rates what until when?"""
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = rounds.create_round(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("scoring:round", pk=made.pk)
    handed_in = Count("ratings__rater", filter=Q(ratings__submitted_at__isnull=False), distinct=True)
    found = RatingRound.objects.visible_to(request.user).annotate(
        handed_in=handed_in, invited=Count("raters", distinct=True)
    )
    # A grouped query has no order of its own.
    found = found.order_by("-created_at")
    context = {"rounds": found[:50], "form": form, "can_manage": can_manage_models(request.user)}
    return render(request, "scoring/rounds.html", context)


@policy("GET", about="rating_round")
def round_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """Do the raters mean the same thing?"""
    round = get_object_or_404(RatingRound.objects.visible_to(request.user), pk=pk)
    is_rater = round.raters.filter(pk=request.user.pk).exists()
    mine = round.ratings.filter(rater=request.user)
    handed_in = mine.filter(submitted_at__isnull=False).exists()
    context = {
        "round": round,
        "is_rater": is_rater,
        "drafts": mine.filter(submitted_at__isnull=True).count(),
        "carried": mine.filter(carried_from__isnull=False).count(),
        "handed_in": handed_in,
        "is_blind": is_rater and not handed_in and round.closed_at is None,
        "agreements": agreements(round, request.user),
        "progress": round_progress(round),
        "can_manage": can_manage_models(request.user),
    }
    return render(request, "scoring/round.html", context)


@policy("POST", write=WORKERS, about="rating_round")
def round_carry(request: HttpRequest, pk: Any) -> HttpResponse:
    """Propose to the person what she said last."""
    round = get_object_or_404(RatingRound.objects.visible_to(request.user), pk=pk)
    try:
        carried = rounds.carry_over(round, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(n)s rating is proposed.", "%(n)s ratings are proposed.", carried)
        messages.success(request, text % {"n": carried})
    return redirect("scoring:round", pk=pk)


@policy("POST", write=WORKERS, about="rating_round")
def round_submit(request: HttpRequest, pk: Any) -> HttpResponse:
    """Hand in the person's own ratings."""
    round = get_object_or_404(RatingRound.objects.visible_to(request.user), pk=pk)
    try:
        rounds.submit_round(round, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your ratings are handed in. Now you see those of the others."))
    return redirect("scoring:round", pk=pk)


@policy("POST", write=LEADERS, about="rating_round")
def round_close(request: HttpRequest, pk: Any) -> HttpResponse:
    round = get_object_or_404(RatingRound.objects.visible_to(request.user), pk=pk)
    try:
        rounds.close_round(round, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("scoring:round", pk=pk)
