"""Scheduled reports over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ListView, ObjectView
from kam.users.policy import MANAGERS, Policy
from reports.actions import Rhythm, end_schedule, pause_schedule, schedule_report
from reports.models import ReportSchedule
from reports.permissions import caller
from reports.serializers_schedule import ScheduleChange, ScheduleInput, ScheduleSerializer


class ScheduleList(ListView):
    """Reports that come by a rhythm, the next first; POST sets one up."""

    policy = Policy(write=MANAGERS, scope="reports")
    serializer_class = ScheduleSerializer
    orderings = {"next_on": ("next_on",), "-created": ("-created_at",)}

    def queryset_for(self, user: Any) -> QuerySet[ReportSchedule]:
        return ReportSchedule.objects.visible_to(user).for_list()

    @extend_schema(request=ScheduleInput, responses={201: ScheduleSerializer})
    def post(self, request: Request) -> Response:
        """Set up a scheduled report; its audience is always internal."""
        given = ScheduleInput(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = {"account": None, **given.validated_data}
        schedule = schedule_report(Rhythm(**values), by=caller(request))
        return Response(ScheduleSerializer(schedule).data, status=201)


class ScheduleDetail(ObjectView):
    """One scheduled report; PATCH pauses it or goes on, DELETE ends it."""

    policy = Policy(write=MANAGERS, about="report_schedule", scope="reports")
    serializer_class = ScheduleSerializer

    def queryset_for(self, user: Any) -> QuerySet[ReportSchedule]:
        return ReportSchedule.objects.visible_to(user).for_list()

    @extend_schema(request=ScheduleChange, responses=ScheduleSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        schedule = self.get_object()
        given = ScheduleChange(data=request.data)
        given.is_valid(raise_exception=True)
        pause_schedule(schedule, active=given.validated_data["is_active"], by=caller(request))
        return Response(ScheduleSerializer(schedule).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        end_schedule(self.get_object(), by=caller(request))
        return Response(status=204)
