"""Rating rounds over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ListView, ObjectView
from kam.lib.errors import named_as
from kam.users.policy import LEADERS, WORKERS, Policy
from scoring.actions import rounds
from scoring.api.models import get_criterion
from scoring.consensus import agreements
from scoring.models import Criterion, RatingRound
from scoring.round_progress import round_progress
from scoring.serializers import AgreementSerializer, RaterProgressSerializer, RoundInput, RoundSerializer

CARRIED = inline_serializer("CarriedOver", {"carried": serializers.IntegerField()})
SUBMITTED = inline_serializer("Submitted", {"submitted": serializers.IntegerField()})


class RoundList(ListView):
    """Rating rounds, newest first; POST invites raters."""

    policy = Policy(write=LEADERS, scope="scoring")
    serializer_class = RoundSerializer
    orderings = {"-created": ("-created_at",)}

    def queryset_for(self, user: Any) -> QuerySet[RatingRound]:
        return RatingRound.objects.visible_to(user).prefetch_related("criteria", "raters")

    @extend_schema(request=RoundInput, responses={201: RoundSerializer})
    def post(self, request: Request) -> Response:
        given = RoundInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        values["criteria"] = _criteria(values["criteria"])
        return Response(self.represent(rounds.create_round(by=request.user, **values)), status=201)


class RoundAgreement(ObjectView):
    """Krippendorff's alpha of each criterion and the accounts on which the raters differ most."""

    policy = Policy(about="rating_round", scope="scoring")
    serializer_class = RoundSerializer

    def queryset_for(self, user: Any) -> QuerySet[RatingRound]:
        return RatingRound.objects.visible_to(user)

    @extend_schema(responses=AgreementSerializer(many=True))
    def get(self, request: Request, pk: Any) -> Response:
        found = agreements(self.get_object(), request.user)
        return Response({"results": AgreementSerializer(found, many=True).data})


class RoundProgress(ObjectView):
    """How far each rater is by criterion: cells filled and accounts to rate, never a value."""

    policy = Policy(about="rating_round", scope="scoring")
    serializer_class = RoundSerializer

    def queryset_for(self, user: Any) -> QuerySet[RatingRound]:
        return RatingRound.objects.visible_to(user)

    @extend_schema(responses=RaterProgressSerializer(many=True))
    def get(self, request: Request, pk: Any) -> Response:
        found = round_progress(self.get_object())
        return Response({"results": RaterProgressSerializer(found, many=True).data})


class RoundSubmission(ObjectView):
    """POST hands in the caller's own ratings of the round."""

    policy = Policy(read=(), write=WORKERS, about="rating_round", scope="scoring")
    serializer_class = RoundSerializer
    http_method_names = ["post", "options"]

    def queryset_for(self, user: Any) -> QuerySet[RatingRound]:
        return RatingRound.objects.visible_to(user)

    @extend_schema(request=None, responses=SUBMITTED)
    def post(self, request: Request, pk: Any) -> Response:
        return Response({"submitted": rounds.submit_round(self.get_object(), by=request.user)})


class RoundCarryOver(RoundSubmission):
    """POST proposes to the caller, in the cells she has not filled yet, what she said last."""

    @extend_schema(request=None, responses=CARRIED)
    def post(self, request: Request, pk: Any) -> Response:
        return Response({"carried": rounds.carry_over(self.get_object(), by=request.user)})


def _criteria(codes: list[str]) -> list[Criterion]:
    found = []
    for index, code in enumerate(codes):
        with named_as(criterion=f"criteria/{index}"):
            found.append(get_criterion(code))
    return found
