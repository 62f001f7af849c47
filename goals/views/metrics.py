"""The metrics of an account beside the criteria that chose it, the library, and tables to import."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Account
from accounts.permissions import caller
from goals.actions.metrics import add_values, create_metric, update_metric
from goals.actions.row_tables import check_table, import_table
from goals.actions.table_undo import undo_table
from goals.coverage import library_rows
from goals.library import coverage, criterion_of, values_for
from goals.metric_forms import BandForm, ValuesForm
from goals.metric_page import metric_sheet
from goals.models import Metric, TableImport
from goals.permissions import can_check_in, can_edit_goals
from goals.row_tables import KINDS, MOST_CHARACTERS
from kam.lib.errors import DomainError
from kam.lib.forms import tried
from kam.users.models import Organisation
from kam.users.policy import MANAGERS, WORKERS, policy


class TableForm(forms.Form):
    """A table as text, or as a CSV file."""

    text = forms.CharField(
        label=gettext_lazy("Table"),
        required=False,
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono", "spellcheck": "false"}),
    )
    file = forms.FileField(label=gettext_lazy("or a CSV file"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("file")
        if upload and upload.size <= 4 * MOST_CHARACTERS:
            raw = upload.read()
            for encoding in ("utf-8-sig", "cp1252"):
                try:
                    data["text"] = raw.decode(encoding)
                    break
                except UnicodeDecodeError:
                    continue
        if not data.get("text", "").strip():
            self.add_error("text", _("Paste a table or choose a file."))
        return data


@policy("GET", "POST", write=WORKERS, about="account")
def account_metrics(request: HttpRequest, pk: object) -> HttpResponse:
    """Which criteria of the model are measured at an account, everything else that is, and a place to type it in."""
    account = get_object_or_404(Account.objects.visible_to(request.user).with_people(), pk=pk)
    found = coverage(account, timezone.localdate())
    form = ValuesForm(request.POST or None, metrics=account.metrics.delivered())
    if request.method == "POST" and form.is_valid() and _save_values(request, form):
        return redirect("goals:metrics", pk=pk)
    context = {"account": account, "coverage": found, "form": form, "may_edit": can_edit_goals(request.user)}
    return render(request, "goals/metrics.html", context | {"may_work": can_check_in(request.user)})


def _save_values(request: HttpRequest, form: ValuesForm) -> bool:
    try:
        count = add_values(form.values(), on=form.cleaned_data["on"], by=caller(request))
    except DomainError as error:
        field = "on" if error.field == "measured_on" else error.field
        form.add_error(field if field in form.fields else None, str(error))
        return False
    said = ngettext("%(count)s value is saved.", "%(count)s values are saved.", count)
    messages.success(request, said % {"count": count} if count else _("These values stood there already."))
    return True


@policy("GET", "POST", write=MANAGERS, about="metric")
def metric_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """One metric: its course, where its values come from, and when none came; POST sets its band."""
    metric = get_object_or_404(Metric.objects.visible_to(request.user).with_account(), pk=pk)
    form = BandForm(request.POST or None, metric=metric)
    if request.method == "POST" and form.is_valid() and _save_band(request, metric, form):
        return redirect("goals:metric", pk=pk)
    if form.errors:
        # The page goes on with what is saved, not with what was refused.
        metric = get_object_or_404(Metric.objects.visible_to(request.user).with_account(), pk=pk)
    sheet = metric_sheet(metric, timezone.localdate(), Organisation.current().currency)
    context = {"sheet": sheet, "metric": metric, "account": metric.account, "form": form}
    return render(request, "goals/metric.html", context | {"may_edit": can_edit_goals(request.user)})


def _save_band(request: HttpRequest, metric: Metric, form: BandForm) -> bool:
    version = form.cleaned_data["version"]
    if not tried(
        form,
        lambda: update_metric(metric, values=form.values(), by=caller(request), expected_version=version),
    ):
        return False
    messages.success(request, _("The band is saved."))
    return True


@policy("POST", write=MANAGERS, about="account")
def metric_from_library(request: HttpRequest, pk: object) -> HttpResponse:
    """Create the growth metric of a criterion at an account."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    try:
        criterion = criterion_of(request.user, request.POST.get("criterion", ""))
        create_metric(account, values=values_for(criterion), by=request.user)
        messages.success(request, _("The metric is there now."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("goals:metrics", pk=pk)


@policy("GET")
def library(request: HttpRequest) -> HttpResponse:
    """Every criterion with its growth metric, and how many key accounts it is measured at."""
    rows = library_rows(request.user, timezone.localdate())
    return render(request, "goals/library.html", {"rows": rows, "may_edit": can_edit_goals(request.user)})


@policy("GET", "POST", read=MANAGERS, write=MANAGERS)
def table_import(request: HttpRequest) -> HttpResponse:
    """Check a table row by row, then import it."""
    about = KINDS.get(request.GET.get("kind", ""), KINDS["measurements"])
    form, result = TableForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        text, importing = form.cleaned_data["text"], "import" in request.POST
        try:
            result = (import_table if importing else check_table)(about, text, by=request.user)
        except DomainError as error:
            form.add_error("text", str(error))
        else:
            if importing and not result.problems:
                done = ngettext("%(count)s row is new.", "%(count)s rows are new.", result.written)
                messages.success(request, done % {"count": result.written})
                return redirect(f"{reverse('goals:table_import')}?kind={about.code}")
            form = TableForm(initial={"text": text})
    context = {"form": form, "kind": about, "kinds": KINDS.values(), "result": result}
    context |= {"tables": TableImport.objects.visible_to(request.user).select_related("created_by")[:20]}
    return render(request, "goals/table_import.html", context | {"imported": "import" in request.POST})


@policy("POST", write=MANAGERS, about="table_import")
def table_undo(request: HttpRequest, pk: object) -> HttpResponse:
    """Take an imported table back."""
    table = get_object_or_404(TableImport.objects.visible_to(request.user), pk=pk)
    try:
        undone = undo_table(table, by=caller(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        words = {"count": undone.written - undone.kept, "kept": undone.kept}
        if undone.kept:
            text = _("%(count)s rows are as they were before. %(kept)s were changed since and stay.") % words
        else:
            text = _("All rows are as they were before the import.")
        messages.success(request, text)
    return redirect(f"{reverse('goals:table_import')}?kind={table.kind}")
