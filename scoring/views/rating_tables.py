"""Ratings out as a table and in again: tried first, taken over as a whole, taken back exactly."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from kam.lib.errors import DomainError
from kam.lib.tabular.download import table_response
from kam.lib.tabular.export import Sheet
from kam.users.policy import WORKERS, policy
from scoring.actions import rating_imports
from scoring.forms import RatingFileForm
from scoring.models import Criterion, Rating, RatingImport, RatingRound
from scoring.ranking_page import as_uuid
from scoring.rating_table import HEADER, OF_ALL, own_cells, readable_ratings

SHOWN = 200
VERBS: dict[str, Callable[..., RatingImport]] = {
    "commit": rating_imports.commit_import,
    "undo": rating_imports.undo_import,
}


@policy("GET")
def rating_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """My cells, to fill in and hand in again, or with ``of=all`` every rating I may read."""
    header, rows = _table(request)
    name = f"ratings-{timezone.localdate().isoformat()}"
    return table_response(name, Sheet(_("Ratings"), header, rows), kind)


@policy("GET", "POST", read=WORKERS, write=WORKERS)
def rating_import(request: HttpRequest) -> HttpResponse:
    """Which ratings do I have in a table already?"""
    form = RatingFileForm(request.POST or None, request.FILES or None, rater=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = _checked(form.cleaned_data["file"], request.user, form.cleaned_data["round"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else "file", str(error))
        else:
            return redirect("scoring:rating_import_detail", pk=made.pk)
    found = RatingImport.objects.visible_to(request.user).select_related("round")[:10]
    return render(request, "scoring/rating_import.html", {"form": form, "imports": found})


@policy("GET", read=WORKERS, about="rating_import")
def rating_import_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """What would this table change, and what is wrong with it?"""
    batch = _batch(request, pk)
    context: dict[str, Any] = {"batch": batch, "shown": SHOWN}
    if batch.state == RatingImport.State.CHECKED:
        changes = rating_imports.changes_of(batch)
        touched = [change for change in changes if change.outcome != "unchanged"]
        context |= {"counts": Counter(change.outcome for change in changes), "touched": len(touched)}
        context |= {"changes": touched[:SHOWN]}
    problems = [(each, rating_imports.problem_text(each)) for each in batch.problems]
    kept = Criterion.objects.in_bulk({each["criterion"] for each in batch.kept})
    context["kept"] = [(each["account"], kept.get(as_uuid(each["criterion"]))) for each in batch.kept]
    return render(request, "scoring/rating_import_detail.html", context | {"problems": problems})


@policy("POST", write=WORKERS, about="rating_import")
def rating_import_verb(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """Take a table over, or take it back."""
    batch = _batch(request, pk)
    try:
        VERBS[verb](batch, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("scoring:rating_import_detail", pk=pk)


@policy("POST", write=WORKERS, about="rating_import")
def rating_import_discard(request: HttpRequest, pk: Any) -> HttpResponse:
    """Forget a table that was only tried."""
    try:
        rating_imports.discard_import(_batch(request, pk), by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("scoring:rating_import_detail", pk=pk)
    messages.success(request, _("Forgotten. No rating has changed."))
    return redirect("scoring:rating_import")


def _batch(request: HttpRequest, pk: Any) -> RatingImport:
    found: RatingImport = get_object_or_404(
        RatingImport.objects.visible_to(request.user).select_related("round", "created_by"), pk=pk
    )
    return found


def _table(request: HttpRequest) -> tuple[list[str], Any]:
    """Return header and rows as the address describes them: search, criterion, round."""
    asked = as_uuid(request.GET.get("round", ""))
    round = RatingRound.objects.visible_to(request.user).filter(pk=asked).first() if asked else None
    accounts = Account.objects.visible_to(request.user).active().search(request.GET.get("q", "")[:100])
    criteria = Criterion.objects.visible_to(request.user).current().handed_in()
    if request.GET.get("criterion"):
        criteria = criteria.filter(code=request.GET["criterion"][:50])
    if request.GET.get("of") == "all":
        ratings = Rating.objects.readable_by(request.user).filter(
            account__in=accounts, criterion__in=criteria
        )
        return OF_ALL, readable_ratings(ratings.filter(round=round) if round else ratings)
    chosen = list(criteria.filter(rounds=round) if round else criteria)
    return HEADER, own_cells(accounts, chosen, request.user, round)


def _checked(upload: Any, user: Any, round: RatingRound | None) -> RatingImport:
    with NamedTemporaryFile(suffix=Path(upload.name).suffix) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return rating_imports.check_file(Path(file.name), name=upload.name, by=user, round=round)
