"""The pages of reports: the list with its form, and a report as a sheet of paper."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from kam.integrations.models import Job
from kam.lib.errors import DomainError
from kam.lib.forms import posted
from kam.users.policy import MANAGERS, policy
from reports.actions import create_report, mark_seen, order_from, skip_section, word_report
from reports.document import document
from reports.files import built_report, pdf_response, pptx_response, xlsx_response
from reports.filters import ReportFilters
from reports.forms import ReportForm
from reports.hidden import hidden_lines
from reports.models import Report
from reports.permissions import caller, can_report
from reports.progress import failed_section, steps_of
from reports.templates import SECTIONS

PAGE = 25


@policy("GET")
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports, newest first, and the form for a new one."""
    form = ReportForm(user=caller(request), initial={"account": request.GET.get("for", "")[:200]})
    return _list(request, form)


@policy("POST", write=MANAGERS)
def report_create(request: HttpRequest) -> HttpResponse:
    """Order a report and show how far it is."""
    form = ReportForm(request.POST, user=caller(request))
    if form.is_valid():
        try:
            report = create_report(order_from(form.cleaned_data), by=caller(request))
            return redirect("reports:detail", pk=report.pk)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _list(request, form)


def _list(request: HttpRequest, form: ReportForm) -> HttpResponse:
    chosen = ReportFilters(request.GET, queryset=Report.objects.visible_to(request.user).for_list())
    page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
    may = can_report(caller(request))
    context = {
        "page": page,
        "form": form,
        "may_report": may,
        "filter": chosen,
        "names": form.suggestions() if may else [],
    }
    return render(request, "reports/list.html", context)


@policy("GET", about="report")
def report_detail(request: HttpRequest, pk: object) -> HttpResponse:
    """A report as a sheet of paper; until it is built, how far its job is."""
    report = get_object_or_404(Report.objects.visible_to(request.user).for_detail(), pk=pk)
    if not report.is_built:
        context = {"report": report, "steps": steps_of(report.job), "failed": failed_section(report.job)}
        steered = Job.objects.cancellable_by(request.user).filter(pk=report.job_id).exists()
        context |= {"may_report": can_report(caller(request)), "may_steer": steered}
        fragment = "reports/_building.html" if request.htmx else "reports/building.html"  # type: ignore[attr-defined]  # django-htmx's middleware sets it
        return render(request, fragment, context)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx's middleware sets it
        return HttpResponseClientRefresh()  # the job that this page was waiting for is done
    mark_seen(report, by=caller(request))
    context = {
        "report": report,
        "doc": document(report.snapshot),
        "hidden": hidden_lines(report.hidden),
        "may_word": can_report(caller(request)),
    }
    return render(request, "reports/detail.html", context)


@policy("POST", write=MANAGERS, about="report")
def report_skip(request: HttpRequest, pk: object) -> HttpResponse:
    """Build a report without a section that could not be built."""
    report = get_object_or_404(Report.objects.visible_to(request.user).for_detail(), pk=pk)
    try:
        section, reason = posted(request, "section"), posted(request, "reason")
        skip_section(report, section=section, reason=reason, by=caller(request))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("reports:detail", pk=pk)


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="report")
def report_word(request: HttpRequest, pk: object) -> HttpResponse:
    """Put messages of one's own above the parts of a report."""
    report = get_object_or_404(Report.objects.visible_to(request.user).for_detail(), pk=pk)
    if request.method == "POST":
        try:
            wanted = {
                name.removeprefix("part-"): posted(request, name)
                for name in request.POST
                if name.startswith("part-")
            }
            word_report(report, messages=wanted, by=caller(request))
            messages.success(request, _("The messages are saved, the PDF has them too."))
            return redirect("reports:detail", pk=pk)
        except DomainError as error:
            messages.error(request, str(error))
    found = report.snapshot["parts"] if report.snapshot else []
    parts = [{**part, "label": SECTIONS[part["code"]]} for part in found]
    return render(request, "reports/word.html", {"report": report, "parts": parts})


@policy("GET", about="report")
def report_pdf(request: HttpRequest, pk: object) -> HttpResponseBase:
    return _file(request, pk, pdf_response)  # type: ignore[return-value]  # a file or a 404


@policy("GET", about="report")
def report_xlsx(request: HttpRequest, pk: object) -> HttpResponseBase:
    return _file(request, pk, xlsx_response)  # type: ignore[return-value]  # a file or a 404


@policy("GET", about="report")
def report_pptx(request: HttpRequest, pk: object) -> HttpResponseBase:
    return _file(request, pk, pptx_response)  # type: ignore[return-value]  # a file or a 404


def _file(
    request: HttpRequest, pk: object, respond: Callable[[Report], HttpResponseBase]
) -> HttpResponseBase:
    try:
        return respond(built_report(pk, request.user))
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("reports:detail", pk=pk)
