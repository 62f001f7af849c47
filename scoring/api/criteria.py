"""Criteria over the API, and what a rule would do before anybody saves it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView, ListView, ObjectView, etag, expected_version
from kam.users.policy import LEADERS, Policy
from scoring.actions import criteria
from scoring.models import Criterion
from scoring.rule_preview import preview
from scoring.rules import validate_rule
from scoring.serializers import CriterionSerializer
from scoring.serializers_rules import RulePreviewInput, RulePreviewSerializer
from scoring.weighing import refusals


class CriterionList(ListView):
    """The library of criteria; archived ones are left out."""

    policy = Policy(write=LEADERS, scope="scoring")
    serializer_class = CriterionSerializer
    orderings = {"code": ("code",)}

    def queryset_for(self, user: Any) -> QuerySet[Criterion]:
        return Criterion.objects.visible_to(user).current()

    @extend_schema(responses={201: CriterionSerializer})
    def post(self, request: Request) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        criterion = criteria.create_criterion(by=request.user, **given.validated_data)
        return Response(self.get_serializer(criterion).data, status=201, headers={"ETag": etag(criterion)})


class CriterionDetail(ObjectView):
    """One criterion; DELETE archives it."""

    policy = Policy(write=LEADERS, about="criterion", scope="scoring")
    serializer_class = CriterionSerializer

    def queryset_for(self, user: Any) -> QuerySet[Criterion]:
        return Criterion.objects.visible_to(user)

    def patch(self, request: Request, pk: Any) -> Response:
        criterion = self.get_object()
        given = self.get_serializer(criterion, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        version = expected_version(request)
        criterion = criteria.update_criterion(
            criterion, by=request.user, expected_version=version, **given.validated_data
        )
        return Response(self.get_serializer(criterion).data, headers={"ETag": etag(criterion)})

    def delete(self, request: Request, pk: Any) -> Response:
        criteria.archive_criterion(self.get_object(), by=request.user)
        return Response(status=204)


class RulePreview(ApiView):
    """What a rule would do to the portfolio: histogram, outliers, gaps and the ratings that follow."""

    policy = Policy(read=(), write=LEADERS, scope="scoring")
    http_method_names = ["post", "options"]

    @extend_schema(request=RulePreviewInput, responses=RulePreviewSerializer)
    def post(self, request: Request) -> Response:
        """Try a rule on the accounts with orders; nothing is stored."""
        given = RulePreviewInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        with refusals(within="rule"):
            validate_rule(values["rule"])
        return Response(RulePreviewSerializer(preview(values.pop("fact"), values.pop("rule"), **values)).data)
