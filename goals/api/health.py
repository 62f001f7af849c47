"""The health of relationships and its back-test over the API."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.windows import parse_day
from goals.actions.health import start_health
from goals.api.asking import DAY, account_of
from goals.health import HealthBacktest, Share
from goals.health_history import MONTHS
from goals.health_page import MonthTest, health_test, within_colour
from goals.models import HealthMonth
from goals.relationship import LABELS, relationship
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


SCORE = serializers.FloatField(allow_null=True, help_text="0 to 100; null while nothing is known")
ACCOUNT_HEALTH: dict[str, Any] = {
    "as_of": serializers.DateField(),
    "score": SCORE,
    "colour": serializers.CharField(allow_null=True, help_text="red below 40, green from 70, amber between"),
    "completeness": serializers.FloatField(help_text="a share: 1 is everything"),
    "inputs": inline_serializer(
        "HealthInput",
        {
            "name": serializers.CharField(),
            "label": serializers.CharField(help_text="in the caller's language"),
            "how": serializers.CharField(help_text="how it is computed"),
            "value": SCORE,
            "adds": serializers.FloatField(allow_null=True, help_text="what it adds to the score"),
        },
        many=True,
    ),
    "months": inline_serializer(
        "KeptHealth",
        {"as_of": serializers.DateField(), "score": SCORE, "completeness": serializers.FloatField()},
        many=True,
    ),
}


class HealthFilters(filters.FilterSet):
    as_of = filters.DateFilter(help_text="the last day of a month")
    account = filters.UUIDFilter(field_name="account")
    colour = filters.ChoiceFilter(
        choices=[(name, name) for name in ("red", "amber", "green", "unknown")],
        method="by_colour",
        help_text="red below 40, green from 70, unknown without a known input",
    )
    key = filters.BooleanFilter(method="by_key", help_text="key accounts, or those that are none")

    class Meta:
        model = HealthMonth
        fields: list[str] = []

    def by_colour(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(within_colour(value))

    def by_key(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(account__key_since__isnull=not value)


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


class AccountHealth(ApiView):
    """The health of one relationship, 0 (bad) to 100 (good), from inputs that are all shown.

    Score is the mean of the inputs that are known, completeness the known part of them: what is missing lowers the
    second and leaves the first alone. Read as of any day; ``months`` are what was kept at the ends of months.
    """

    policy = Policy(about="account", scope="goals")
    parameters = frozenset({"as_of"})

    @extend_schema(
        parameters=[OpenApiParameter("as_of", DAY, description="default: today")],
        responses=inline_serializer("AccountHealth", dict(ACCOUNT_HEALTH)),
    )
    def get(self, request: Request, pk: Any) -> Response:
        account, text = account_of(request, pk), request.query_params.get("as_of")
        day = parse_day(text, "as_of") if text else timezone.localdate()
        found = relationship(account, day)
        kept = HealthMonth.objects.filter(account=account, as_of__lte=day).order_by("-as_of")[:MONTHS]
        added = found.health.contributions
        return Response(
            {
                "as_of": day,
                "score": found.health.score,
                "colour": found.health.colour,
                "completeness": found.health.completeness,
                "inputs": [
                    {"name": name, "label": str(row.label), "how": str(row.how)}
                    | {"value": row.value, "adds": added.get(name)}
                    for name, row in zip(LABELS, found.rows, strict=True)
                ],
                "months": list(kept.values("as_of", "score", "completeness")),
            }
        )


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
