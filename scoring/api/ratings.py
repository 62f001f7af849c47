"""Ratings by people over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ListView, ObjectView, expected_version
from kam.users.policy import WORKERS, Policy
from scoring.actions import ratings
from scoring.actions.ratings import Judgement
from scoring.api.lookups import account_by, each_row, round_by_id
from scoring.api.models import get_criterion
from scoring.filters import RatingFilter
from scoring.models import Rating
from scoring.serializers import RatingInput, RatingSerializer, RatingsInput


class RatingList(ListView):
    """Ratings of accounts the caller may see; in a round only her own until it is submitted.

    POST writes one cell of the caller's: again is an update.
    """

    policy = Policy(write=WORKERS, scope="scoring")
    serializer_class = RatingSerializer
    filterset_class = RatingFilter
    orderings = {"-rated_on": ("-rated_on",)}

    def queryset_for(self, user: Any) -> QuerySet[Rating]:
        return Rating.objects.readable_by(user).select_related("criterion")

    @extend_schema(request=RatingInput, responses={200: RatingSerializer, 201: RatingSerializer})
    def post(self, request: Request) -> Response:
        given = RatingInput(data=request.data)
        given.is_valid(raise_exception=True)
        account, criterion, judgement = cell_of(given.validated_data, request.user)
        version = expected_version(request)
        rating = ratings.rate(account, criterion, judgement, by=request.user, expected_version=version)
        return Response(self.get_serializer(rating).data, status=201 if rating.version == 1 else 200)


class RatingBulk(ListView):
    """POST writes up to 1,000 cells of the caller's, all or nothing; with a ``round`` as drafts of that round."""

    policy = Policy(read=(), write=WORKERS, scope="scoring")
    serializer_class = RatingSerializer
    http_method_names = ["post", "options"]

    def queryset_for(self, user: Any) -> QuerySet[Rating]:
        return Rating.objects.readable_by(user)

    @extend_schema(request=RatingsInput, responses=RatingSerializer(many=True))
    def post(self, request: Request) -> Response:
        given = RatingsInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        cells = each_row("ratings", values["ratings"], lambda row: cell_of(row, request.user))
        round = round_by_id(values["round"], request.user) if values.get("round") else None
        saved = ratings.rate_many(cells, by=request.user, round=round)
        return Response(self.get_serializer(saved, many=True).data)


class RatingDetail(ObjectView):
    """One rating; DELETE takes the caller's own back."""

    policy = Policy(write=WORKERS, about="rating", scope="scoring")
    serializer_class = RatingSerializer

    def queryset_for(self, user: Any) -> QuerySet[Rating]:
        return Rating.objects.readable_by(user).select_related("criterion", "account", "round")

    def delete(self, request: Request, pk: Any) -> Response:
        ratings.clear_rating(self.get_object(), by=request.user, expected_version=expected_version(request))
        return Response(status=204)


def cell_of(values: dict[str, Any], user: Any) -> tuple[Any, Any, Judgement]:
    """Return account, criterion and judgement of a posted cell; raises InvalidInput for what does not exist."""
    judgement = Judgement(
        value=values.get("value"),
        not_applicable=values["not_applicable"],
        note=values["note"],
        evidence_url=values["evidence_url"],
        rated_on=values.get("rated_on"),
    )
    return account_by(values, user), get_criterion(values["criterion"]), judgement
