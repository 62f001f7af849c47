"""Approval over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView
from kam.users.policy import MANAGERS, Policy
from reports.actions import approve_report, withdraw_approval
from reports.models import Report
from reports.permissions import caller
from reports.serializers import ReportApprovalInput, ReportSerializer


class ReportApproval(ApiView):
    """The approval of a customer's report: without it there is no link and no delivery to a customer."""

    policy = Policy(write=MANAGERS, about="report", scope="reports")

    @extend_schema(request=ReportApprovalInput, responses=ReportSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        """Approve exactly this version; 409 for an internal report or one that is being built."""
        given = ReportApprovalInput(data=request.data)
        given.is_valid(raise_exception=True)
        report = approve_report(_report(request, pk), note=given.validated_data["note"], by=caller(request))
        return Response(ReportSerializer(report).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        """Withdraw the approval; every link stops at once."""
        withdraw_approval(_report(request, pk), by=caller(request))
        return Response(status=204)


def _report(request: Request, pk: Any) -> Report:
    report: Report = get_object_or_404(Report.objects.visible_to(request.user).for_detail(), pk=pk)
    return report
