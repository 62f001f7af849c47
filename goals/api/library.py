"""The criteria of the model and what of them is measured at an account, over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from accounts.permissions import caller
from goals.actions.metrics import create_metric
from goals.coverage import library_rows
from goals.library import coverage, criterion_of, values_for
from goals.serializers import VALUE, MetricSerializer
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView
from kam.users.policy import MANAGERS, Policy


class CoveredCriterionSerializer(serializers.Serializer[Any]):
    criterion = serializers.CharField(source="criterion.code")
    growth_metric = serializers.CharField(source="entry.code")
    weight = serializers.FloatField()
    metric = serializers.UUIDField(source="metric.pk", allow_null=True, default=None)
    value = serializers.DecimalField(**VALUE, allow_null=True)
    measured_on = serializers.DateField(allow_null=True)
    measured = serializers.BooleanField()
    outside_band = serializers.CharField(
        source="outside", help_text="below or above the metric's band, empty inside it and without one"
    )


class LibraryRowSerializer(serializers.Serializer[Any]):
    """A criterion with its growth metric; ``fact`` names what is computed, without one values are delivered."""

    criterion = serializers.CharField(source="criterion.code")
    growth_metric = serializers.CharField(source="entry.code")
    name = serializers.CharField(source="entry.label", help_text="in the caller's language")
    unit = serializers.CharField(source="entry.unit")
    direction = serializers.CharField(source="entry.direction", help_text="up or down")
    fact = serializers.CharField(source="entry.fact")
    how = serializers.CharField(source="entry.how")
    due_every_days = serializers.IntegerField(source="entry.due_every_days")
    in_use = serializers.BooleanField(source="active", help_text="whether the model in use counts it")
    measured = serializers.IntegerField(help_text="key accounts with a fresh value")
    accounts = serializers.IntegerField(help_text="key accounts that you see")
    share = serializers.FloatField(allow_null=True, help_text="measured / accounts")


class FromLibraryInput(Body):
    criterion = serializers.CharField(max_length=50, help_text="code of a criterion")


class MetricLibrary(ApiView):
    """Every criterion with its growth metric, and at how many key accounts it is measured."""

    policy = Policy(scope="goals")

    @extend_schema(responses=inline_serializer("MetricLibrary", {"results": LibraryRowSerializer(many=True)}))
    def get(self, request: Request) -> Response:
        rows = library_rows(request.user, timezone.localdate())
        return Response({"results": LibraryRowSerializer(rows, many=True).data})


class MetricCoverageView(ApiView):
    """Which criteria of the model in use are measured at an account."""

    policy = Policy(write=MANAGERS, about="account", scope="goals")

    @extend_schema(
        responses=inline_serializer(
            "MetricCoverage",
            {
                "model": serializers.UUIDField(allow_null=True),
                "measured": serializers.IntegerField(),
                "criteria": CoveredCriterionSerializer(many=True),
            },
        )
    )
    def get(self, request: Request, pk: Any) -> Response:
        found = coverage(self._account(request, pk), timezone.localdate())
        rows = CoveredCriterionSerializer(found.rows, many=True).data
        return Response(
            {"model": found.model and found.model.pk, "measured": found.measured, "criteria": rows}
        )

    @extend_schema(
        request=FromLibraryInput,
        responses={201: MetricSerializer},
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Create the growth metric of a criterion at the account."""
        account = self._account(request, pk)
        data = FromLibraryInput(data=request.data)
        data.is_valid(raise_exception=True)
        criterion = criterion_of(request.user, data.validated_data["criterion"])
        metric = create_metric(account, values=values_for(criterion), by=caller(request))
        return Response(MetricSerializer(metric).data, status=201)

    def _account(self, request: Request, pk: Any) -> Account:
        found: Account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        return found
