"""What scheduled reports brought to whom over the API, and mails of which nobody knows whether they went out."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView, ListView
from kam.users.policy import MANAGERS, Policy
from reports.actions import mail_again
from reports.actions.schedules import SENDING
from reports.models import DeliveredReport
from reports.permissions import caller


class DeliveredReportSerializer(serializers.ModelSerializer[DeliveredReport]):
    """A colleague's copy; its mail is ``mailed``, ``in_doubt`` (the run ended while it was being sent) or nothing."""

    schedule = serializers.UUIDField(source="delivery.schedule_id", read_only=True)
    report = serializers.UUIDField(source="delivery.report_id", read_only=True, allow_null=True)
    slot = serializers.DateField(source="delivery.slot", read_only=True)
    mail_state = serializers.CharField(read_only=True)

    class Meta:
        model = DeliveredReport
        fields = [
            "delivery", "schedule", "report", "slot", "user", "delivered_at", "mail_state", "mailed_at", "seen_at",
        ]  # fmt: skip
        read_only_fields = fields


class DeliveredReportFilters(filters.FilterSet):
    schedule = filters.UUIDFilter(field_name="delivery__schedule")
    report = filters.UUIDFilter(field_name="delivery__report")
    in_doubt = filters.BooleanFilter(
        method="by_doubt", help_text="mails of which nobody knows whether they went out"
    )

    class Meta:
        model = DeliveredReport
        fields: list[str] = []

    def by_doubt(self, queryset: Any, name: str, value: bool) -> Any:
        doubtful = queryset.in_doubt(timezone.now() - SENDING)
        return doubtful if value else queryset.exclude(pk__in=doubtful.order_by().values("pk"))


class MailAgainInput(Body):
    user = serializers.UUIDField(help_text="whose copy")


class MailJobSerializer(serializers.Serializer[Any]):
    job = serializers.UUIDField()


class DeliveryList(ListView):
    """What scheduled reports brought to whom, the latest first."""

    policy = Policy(scope="reports")
    serializer_class = DeliveredReportSerializer
    filterset_class = DeliveredReportFilters
    orderings = {"-delivered": ("-delivered_at",)}

    def queryset_for(self, user: Any) -> QuerySet[DeliveredReport]:
        return DeliveredReport.objects.visible_to(user).select_related("delivery")


class DeliveryMail(ApiView):
    """Send a copy whose mail is in doubt once more; it may come twice. 409 where nothing is in doubt."""

    policy = Policy(read=(), write=MANAGERS, about="report_delivery", scope="reports")

    @extend_schema(request=MailAgainInput, responses={202: MailJobSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        copies = DeliveredReport.objects.visible_to(request.user).with_people().filter(delivery=pk)
        if not copies.exists():
            raise Http404
        given = MailAgainInput(data=request.data)
        given.is_valid(raise_exception=True)
        job = mail_again(copies.filter(user=given.validated_data["user"]).first(), by=caller(request))
        location = reverse("api:job", kwargs={"pk": job.pk})
        return Response({"job": str(job.pk)}, status=202, headers={"Location": location})
