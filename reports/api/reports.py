"""Reports over the API: order one, wait for its job, fetch its figures, its PDF, its workbook."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView, ListView, ObjectView
from kam.users.policy import MANAGERS, Policy
from reports.actions import create_report, order_from, skip_section
from reports.files import PPTX, XLSX, built_report, pdf_response, pptx_response, xlsx_response
from reports.filters import ReportFilters
from reports.models import Report
from reports.permissions import caller
from reports.serializers import (
    ReportInput,
    ReportSerializer,
    ReportSummarySerializer,
    SkipInput,
    StartedReportSerializer,
)


class ReportList(ListView):
    """Reports you may see, newest first; POST orders one."""

    policy = Policy(write=MANAGERS, scope="reports")
    serializer_class = ReportSummarySerializer
    filterset_class = ReportFilters
    orderings = {"-created": ("-created_at",), "-as_of": ("-as_of", "-created_at")}

    def queryset_for(self, user: Any) -> QuerySet[Report]:
        return Report.objects.visible_to(user).for_list()

    @extend_schema(request=ReportInput, responses={202: StartedReportSerializer})
    def post(self, request: Request) -> Response:
        """Order a report. Its job freezes the figures and sets the PDF."""
        given = ReportInput(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        report = create_report(order_from(given.validated_data), by=caller(request))
        location = reverse("api:job", kwargs={"pk": report.job_id})
        body = {"id": str(report.pk), "job": str(report.job_id)}
        return Response(body, status=202, headers={"Location": location})


class ReportDetail(ObjectView):
    """One report with its frozen figures; ``snapshot`` is null until its job is done."""

    policy = Policy(about="report", scope="reports")
    serializer_class = ReportSerializer

    def queryset_for(self, user: Any) -> QuerySet[Report]:
        return Report.objects.visible_to(user).for_detail()


class ReportSkip(ApiView):
    """Build a report without a section that could not be built; the reason stands in the report."""

    policy = Policy(read=(), write=MANAGERS, about="report", scope="reports")

    @extend_schema(request=SkipInput, responses={202: StartedReportSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        report = get_object_or_404(Report.objects.visible_to(request.user).for_detail(), pk=pk)
        given = SkipInput(data=request.data)
        given.is_valid(raise_exception=True)
        started = skip_section(report, by=caller(request), **given.validated_data)
        location = reverse("api:job", kwargs={"pk": started.job_id})
        body = {"id": str(started.pk), "job": str(started.job_id)}
        return Response(body, status=202, headers={"Location": location})


class ReportPdf(ApiView):
    """The report as PDF; 409 while it is being built."""

    policy = Policy(about="report", scope="reports")

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: Any) -> HttpResponseBase:
        return pdf_response(built_report(pk, request.user))


class ReportXlsx(ApiView):
    """The report's figures as a workbook; 409 while it is being built."""

    policy = Policy(about="report", scope="reports")

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: Any) -> HttpResponseBase:
        return xlsx_response(built_report(pk, request.user))


class ReportPptx(ApiView):
    """The report as slides with native charts; 409 while it is being built."""

    policy = Policy(about="report", scope="reports")

    @extend_schema(responses={(200, PPTX): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: Any) -> HttpResponseBase:
        return pptx_response(built_report(pk, request.user))
