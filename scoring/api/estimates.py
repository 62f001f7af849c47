"""Estimates over the API: wallet, potential, white space, relative strength, stage."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ListView, ObjectView
from kam.users.policy import WORKERS, Policy
from scoring.actions import estimates
from scoring.api.lookups import account_by, each_row
from scoring.filters import EstimateFilter
from scoring.models import AccountEstimate
from scoring.serializers_estimates import EstimateInput, EstimateSerializer, EstimatesInput, statement_of


class EstimateList(ListView):
    """Statements on accounts the caller may see, newest first. POST writes one down; older ones stay."""

    policy = Policy(write=WORKERS, scope="scoring")
    serializer_class = EstimateSerializer
    filterset_class = EstimateFilter
    orderings = {"-stated_on": ("-stated_on",)}

    def queryset_for(self, user: Any) -> QuerySet[AccountEstimate]:
        return AccountEstimate.objects.visible_to(user)

    @extend_schema(request=EstimateInput, responses={201: EstimateSerializer})
    def post(self, request: Request) -> Response:
        given = EstimateInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        account = account_by(values, request.user)
        made = estimates.state_estimate(account, statement_of(values), by=request.user)
        return Response(self.get_serializer(made).data, status=201)


class EstimateBulk(ListView):
    """POST writes up to 1,000 statements, all or nothing."""

    policy = Policy(read=(), write=WORKERS, scope="scoring")
    serializer_class = EstimateSerializer
    http_method_names = ["post", "options"]

    def queryset_for(self, user: Any) -> QuerySet[AccountEstimate]:
        return AccountEstimate.objects.visible_to(user)

    @extend_schema(request=EstimatesInput, responses={201: EstimateSerializer(many=True)})
    def post(self, request: Request) -> Response:
        given = EstimatesInput(data=request.data)
        given.is_valid(raise_exception=True)
        rows = each_row(
            "estimates",
            given.validated_data["estimates"],
            lambda values: (account_by(values, request.user), statement_of(values)),
        )
        made = estimates.state_many(rows, by=request.user)
        return Response(self.get_serializer(made, many=True).data, status=201)


class EstimateDetail(ObjectView):
    """One statement; DELETE withdraws it, and the one before it counts again."""

    policy = Policy(write=WORKERS, about="estimate", scope="scoring")
    serializer_class = EstimateSerializer

    def queryset_for(self, user: Any) -> QuerySet[AccountEstimate]:
        return AccountEstimate.objects.visible_to(user).select_related("account")

    def delete(self, request: Request, pk: Any) -> Response:
        estimates.withdraw_estimate(self.get_object(), by=request.user)
        return Response(status=204)
