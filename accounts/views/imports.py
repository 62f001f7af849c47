"""The import wizard: file, columns, check, import; and the way back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actions import imports as actions
from accounts.forms_imports import ColumnsForm, UploadForm
from accounts.imports.download import error_file
from accounts.imports.pages import page_of
from accounts.permissions import caller
from kam.integrations.models import ImportBatch, Job
from kam.lib.errors import DomainError
from kam.users.policy import IMPORTERS, policy


@policy("GET", read=IMPORTERS)
def import_list(request: HttpRequest) -> HttpResponse:
    """The files that were brought in, newest first."""
    batches = ImportBatch.objects.visible_to(request.user).select_related("created_by")
    page = Paginator(batches, 50).get_page(request.GET.get("page"))
    return render(request, "imports/list.html", {"page": page})


@policy("GET", "POST", read=IMPORTERS, write=IMPORTERS)
def import_create(request: HttpRequest) -> HttpResponse:
    """Step one: take a file in."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            batch = actions.receive_file(
                values["file"], by=caller(request), kind=values["kind"], source=values["source"]
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("imports:columns", pk=batch.pk)
    return render(request, "imports/create.html", {"form": form, "steps": page_of(None, 1)["steps"]})


@policy("GET", "POST", read=IMPORTERS, write=IMPORTERS, about="import")
def import_columns(request: HttpRequest, pk: object) -> HttpResponse:
    """Step two: what the columns mean; then the dry run starts."""
    batch = _batch(request, pk)
    form = ColumnsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        source, save_as = form.cleaned_data["source"], form.cleaned_data["save_as"]
        by = caller(request)
        try:
            actions.choose_columns(
                batch, mapping=form.mapping(), options=form.options(), by=by, source=source, save_as=save_as
            )
            actions.start_check(batch, by=by)
        except DomainError as error:
            form.show(error)
        else:
            return redirect("imports:detail", pk=pk)
    return render(request, "imports/columns.html", {"form": form, **page_of(batch, 2)})


@policy("GET", read=IMPORTERS, about="import")
def import_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """Steps three and four: progress, dry-run report or result; asks again by itself while a job runs."""
    batch = _batch(request, pk)
    page = page_of(batch)
    if request.htmx and page["running"]:  # type: ignore[attr-defined]  # django-htmx's middleware sets it
        return render(request, "imports/_progress.html", page)
    response = render(request, "imports/detail.html", page)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx's middleware sets it
        response["HX-Refresh"] = "true"
    return response


@policy("POST", write=IMPORTERS, about="import")
def import_commit(request: HttpRequest, pk: object) -> HttpResponse:
    return _start(request, pk, actions.start_commit)


@policy("POST", write=IMPORTERS, about="import")
def import_match(request: HttpRequest, pk: object) -> HttpResponse:
    """Which account an ambiguous row means; the file is checked again with it."""
    chosen = {name.removeprefix("row_"): value for name, value in request.POST.items() if "row_" in name}
    return _start(request, pk, partial(actions.choose_matches, choices=chosen))


@policy("POST", write=IMPORTERS, about="import")
def import_undo(request: HttpRequest, pk: object) -> HttpResponse:
    return _start(request, pk, actions.start_undo)


@policy("GET", read=IMPORTERS, about="import")
def import_errors(request: HttpRequest, pk: object) -> FileResponse:
    """The rows that stayed out, with the reason."""
    try:
        return error_file(_batch(request, pk))
    except FileNotFoundError as error:
        raise Http404(_("Every row of this import was good.")) from error


def _start(request: HttpRequest, pk: object, start: Callable[..., Job]) -> HttpResponse:
    try:
        start(_batch(request, pk), by=caller(request))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("imports:detail", pk=pk)


def _batch(request: HttpRequest, pk: object) -> ImportBatch:
    batches: Any = ImportBatch.objects.visible_to(request.user).select_related("job", "created_by")
    return get_object_or_404(batches, pk=pk)
