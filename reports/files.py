"""Reports as files, for page and API alike."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from reports.actions import not_ready
from reports.models import Report
from reports.pdf import opened_pdf
from reports.sheets import report_xlsx
from reports.slides.presentation import report_pptx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def built_report(pk: Any, user: Any) -> Report:
    """Return a report that is built; 404 for one the person does not see, DomainError while it is made."""
    report: Report = get_object_or_404(Report.objects.visible_to(user), pk=pk)
    if not report.is_built:
        raise not_ready()
    return report


def pdf_response(report: Report) -> HttpResponseBase:
    name = f"report-{report.as_of.isoformat()}-{report.audience}-{report.language}.pdf"
    return FileResponse(opened_pdf(report), content_type="application/pdf", filename=name)


def xlsx_response(report: Report) -> HttpResponseBase:
    response = HttpResponse(report_xlsx(report.snapshot or {}), content_type=XLSX)
    response["Content-Disposition"] = (
        f'attachment; filename="report-{report.as_of.isoformat()}-{report.audience}.xlsx"'
    )
    return response


def pptx_response(report: Report) -> HttpResponseBase:
    response = HttpResponse(report_pptx(report.snapshot or {}), content_type=PPTX)
    name = f"report-{report.as_of.isoformat()}-{report.audience}-{report.language}.pptx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
