"""The health of relationships and its back-test over the API."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.actions.health import start_health
from goals.health import HealthBacktest, Share
from goals.health_page import MonthTest, health_test
from goals.models import HealthMonth
from goals.serializers import HealthMonthSerializer
from kam.lib.api.views import ApiView, ListView
from kam.users.policy import LEADERS, Policy
from scoring.api.runs import accepted
from scoring.serializers import StartedSerializer


class ShareSerializer(serializers.Serializer[Share]):
    """A share with its 95 % interval; below ten cases there are counts and no share."""

    hits = serializers.IntegerField()
    cases = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class HealthBacktestSerializer(serializers.Serializer[HealthBacktest]):
    """Precision: of the red ones, who lost revenue. Recall: of those who lost revenue, who was red."""

    accounts = serializers.IntegerField()
    without_score = serializers.IntegerField()
    red = serializers.IntegerField()
    lost = serializers.IntegerField()
    red_and_lost = serializers.IntegerField()
    precision = ShareSerializer()
    recall = ShareSerializer()
    auc = serializers.FloatField(allow_null=True)


class HealthMonthTestSerializer(serializers.Serializer[MonthTest]):
    as_of = serializers.DateField()
    reconstructed = serializers.BooleanField(help_text="put together after the day from dated rows")
    result = HealthBacktestSerializer(source="found")


class HealthFilters(filters.FilterSet):
    as_of = filters.DateFilter(help_text="the last day of a month")
    account = filters.UUIDFilter(field_name="account")

    class Meta:
        model = HealthMonth
        fields: list[str] = []


class HealthList(ListView):
    """Health by account and month, latest first; POST puts together the months that are missing."""

    policy = Policy(write=LEADERS, scope="goals")
    serializer_class = HealthMonthSerializer
    filterset_class = HealthFilters
    orderings = {"-as_of": ("-as_of",), "as_of": ("as_of",)}

    def queryset_for(self, user: Any) -> QuerySet[HealthMonth]:
        return HealthMonth.objects.visible_to(user)

    @extend_schema(request=None, responses={202: StartedSerializer})
    def post(self, request: Request) -> Response:
        if request.data:  # reading it refuses what is no JSON
            raise serializers.ValidationError({"non_field_errors": gettext("This call takes no body.")})
        job = start_health(by=request.user)
        return accepted(job.pk, job.pk)


class HealthBacktestView(ApiView):
    """Whether the warnings of the last twelve months came true, by month and together."""

    policy = Policy(scope="goals")

    @extend_schema(
        responses=inline_serializer(
            "HealthBacktests",
            {
                "months": HealthMonthTestSerializer(many=True),
                "together": HealthBacktestSerializer(),
                "together_of": serializers.ListField(child=serializers.DateField()),
            },
        )
    )
    def get(self, request: Request) -> Response:
        found = health_test(request.user)
        return Response(
            {
                "months": HealthMonthTestSerializer(found.months, many=True).data,
                "together": HealthBacktestSerializer(found.together).data,
                "together_of": found.days,
            }
        )
