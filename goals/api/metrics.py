"""Metrics and their values over the API."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import caller
from goals.actions import metrics as actions
from goals.bands import outside
from goals.filters import MetricFilters
from goals.metric_page import metric_sheet
from goals.models import Measurement, Metric
from goals.serializers import (
    MeasurementInput,
    MeasurementSerializer,
    MetricChange,
    MetricInput,
    MetricSerializer,
)
from kam.lib.api.views import ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.models import Organisation
from kam.users.policy import MANAGERS, WORKERS, Policy

STANDING: dict[str, Any] = {
    "latest": MeasurementSerializer(allow_null=True),
    "outside_band": serializers.CharField(
        help_text="below or above the band, empty inside it and without one"
    ),
    "stopped": serializers.BooleanField(help_text="whether values are overdue now"),
    "silences": inline_serializer(
        "MetricSilence",
        {
            "since": serializers.DateField(),
            "until": serializers.DateField(allow_null=True, help_text="null: no value has come since"),
            "days": serializers.IntegerField(),
        },
        many=True,
        help_text="stretches without a value that are longer than agreed, the latest first",
    ),
    "goals": serializers.ListField(child=serializers.UUIDField()),
}


class MetricResource(ResourceView):
    serializer_class = MetricSerializer

    def queryset_for(self, user: Any) -> QuerySet[Metric]:
        return Metric.objects.visible_to(user)

    def represent(self, row: Any) -> Any:
        return MetricSerializer(row, context=self.get_serializer_context()).data

    def answer(self, metric: Metric, status: int = 200) -> Response:
        return Response(self.represent(metric), status=status, headers={"ETag": etag(metric)})


class MetricList(MetricResource, ListView):
    """Metrics of the accounts the caller sees."""

    policy = Policy(write=MANAGERS, scope="goals")
    filterset_class = MetricFilters
    orderings = {"-created": ("-id",), "created": ("id",), "-updated": ("-updated_at",)}

    @extend_schema(request=MetricInput, responses={201: MetricSerializer})
    def post(self, request: Request) -> Response:
        """Add a metric to an account."""
        data = MetricInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        account = values.pop("account")
        return self.answer(actions.create_metric(account, values=values, by=caller(request)), 201)


class MetricDetail(MetricResource, ObjectView):
    """One metric."""

    policy = Policy(write=MANAGERS, about="metric", scope="goals")

    @extend_schema(request=MetricChange, responses=MetricSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        """Change a metric."""
        metric = self.get_object()
        data = MetricChange(metric, request.data, partial=True, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values, version = dict(data.validated_data), expected_version(request)
        return self.answer(
            actions.update_metric(metric, values=values, by=caller(request), expected_version=version)
        )


class MetricStanding(MetricResource, ObjectView):
    """Where a metric stands: its latest value, its band, when it was silent, and the open goals it measures."""

    policy = Policy(about="metric", scope="goals")
    parameters = frozenset()
    http_method_names = ["get", "options"]

    @extend_schema(responses=inline_serializer("MetricStanding", dict(STANDING)))
    def get(self, request: Request, pk: Any) -> Response:
        metric, currency = self.get_object(), Organisation.current().currency
        sheet = metric_sheet(metric, timezone.localdate(), currency)
        latest = sheet.latest
        return Response(
            {
                "latest": MeasurementSerializer(latest).data if latest else None,
                "outside_band": outside(metric, latest.value if latest else None),
                "stopped": sheet.stopped is not None,
                "silences": [asdict(each) for each in sheet.silences],
                "goals": [goal.pk for goal in sheet.goals],
            }
        )


class MeasurementList(ListView):
    """A metric's values, latest first."""

    policy = Policy(write=WORKERS, about="metric", scope="goals")
    serializer_class = MeasurementSerializer
    orderings = {"-measured": ("-measured_on",), "measured": ("measured_on",)}

    def metric(self) -> Metric:
        found: Metric = get_object_or_404(Metric.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        return found

    def queryset_for(self, user: Any) -> QuerySet[Measurement]:
        return Measurement.objects.filter(
            metric__in=Metric.objects.visible_to(user), metric=self.kwargs.get("pk")
        )

    def get(self, request: Request, pk: Any = None) -> Response:
        self.metric()
        return super().get(request)

    @extend_schema(
        request=MeasurementInput, responses={200: MeasurementSerializer, 201: MeasurementSerializer}
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Add the value of a day: 201 when it is new, 200 when the day had one already."""
        metric = self.metric()
        data = MeasurementInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        day = values.pop("measured_on", None) or timezone.localdate()
        row, made = actions.add_measurement(metric, on=day, by=caller(request), **values)
        return Response(MeasurementSerializer(row).data, status=201 if made else 200)
