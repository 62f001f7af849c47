"""Approval and share links over the API."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView, ListView, ObjectView
from kam.users.policy import MANAGERS, Policy
from reports.actions import approve_report, revoke_link, share_report, withdraw_approval
from reports.links import address_of
from reports.models import Report, ShareLink
from reports.permissions import caller
from reports.serializers import ReportApprovalInput, ReportSerializer
from reports.serializers_sharing import (
    NewShareLinkSerializer,
    OpenedShareLinkSerializer,
    ShareLinkInput,
    ShareLinkSerializer,
)


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


class ShareLinks(ListView):
    """The links of one report with how often people opened them; POST makes one and shows its address once."""

    policy = Policy(write=MANAGERS, about="report", scope="reports")
    serializer_class = ShareLinkSerializer
    orderings = {"-created": ("-created_at",)}

    def queryset_for(self, user: Any) -> QuerySet[ShareLink]:
        links = ShareLink.objects.filter(report__in=Report.objects.visible_to(user))
        return links.filter(report=self.kwargs.get("pk")).with_openings()

    @extend_schema(operation_id="report_links_list")
    def get(self, request: Request, pk: Any = None) -> Response:
        _report(request, pk)
        return super().get(request)

    @extend_schema(request=ShareLinkInput, responses={201: NewShareLinkSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Share an approved customer's report; 409 for any other."""
        report = _report(request, pk)
        given = ShareLinkInput(data=request.data)
        given.is_valid(raise_exception=True)
        link, token = share_report(report, by=caller(request), **given.validated_data)
        found = ShareLink.objects.with_openings().get(pk=link.pk)
        body = {**ShareLinkSerializer(found).data, "url": address_of(token)}
        return Response(
            body, status=201, headers={"Location": reverse("api:share_link", kwargs={"pk": link.pk})}
        )


class ShareLinkDetail(ObjectView):
    """One link with its openings; DELETE revokes it at once."""

    policy = Policy(write=MANAGERS, about="share_link", scope="reports")
    serializer_class = OpenedShareLinkSerializer

    def queryset_for(self, user: Any) -> QuerySet[ShareLink]:
        return ShareLink.objects.visible_to(user).with_openings().select_related("report__account")

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        revoke_link(self.get_object(), by=caller(request))
        return Response(status=204)


def _report(request: Request, pk: Any) -> Report:
    report: Report = get_object_or_404(Report.objects.visible_to(request.user).for_detail(), pk=pk)
    return report
