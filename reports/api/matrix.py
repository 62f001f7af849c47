"""The portfolio matrix over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView
from kam.lib.errors import InvalidInput
from kam.users.policy import Policy
from reports.queries.matrix import FIELDS, SHOWS, X_AXES, Y_AXES, Asked, Matrix, Place, portfolio_matrix
from scoring.models import ScoreRun

UUID = {"type": "string", "format": "uuid"}
POSITION = serializers.FloatField(allow_null=True)
PLACE: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "account": serializers.UUIDField(),
    "name": serializers.CharField(),
    "group": serializers.ChoiceField(choices=["key", "candidate", "other"]),
    "x": POSITION,
    "y": POSITION,
    "field": serializers.ChoiceField(choices=list(FIELDS), allow_null=True),
    "field_before": serializers.CharField(allow_null=True, help_text="the field of then"),
    "revenue": serializers.FloatField(help_text="net, the last 12 months"),
    "score": serializers.FloatField(),
    "headroom": POSITION,
    "headroom_kind": serializers.CharField(allow_null=True),
    "headroom_source": serializers.CharField(allow_null=True),
    "headroom_confidence": serializers.CharField(allow_null=True),
    "share_of_wallet": POSITION,
    "strength": POSITION,
    "stage": POSITION,
}
ANSWER: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "run": serializers.UUIDField(),
    "compare": serializers.UUIDField(allow_null=True),
    "x": serializers.ChoiceField(choices=list(X_AXES)),
    "y": serializers.ChoiceField(choices=list(Y_AXES)),
    "split_x": serializers.FloatField(),
    "split_y": serializers.FloatField(),
    "hidden": serializers.IntegerField(help_text="accounts beyond the first 100"),
    "accounts": inline_serializer("MatrixPlace", PLACE, many=True),
}


class MatrixView(ApiView):
    """Attractiveness or headroom against strength, stage or share of wallet, for accounts you may see."""

    policy = Policy(scope="accounts")
    parameters = frozenset({"x", "y", "show", "run", "compare"})

    @extend_schema(
        parameters=[
            OpenApiParameter("y", enum=list(Y_AXES), description="default: score"),
            OpenApiParameter("x", enum=list(X_AXES), description="default: what is known of most accounts"),
            OpenApiParameter("show", enum=list(SHOWS), description="default: relevant"),
            OpenApiParameter("run", UUID, description="default: the run people look at"),
            OpenApiParameter("compare", UUID, description="an earlier run of the same model"),
        ],
        responses=inline_serializer("PortfolioMatrix", ANSWER),
    )
    def get(self, request: Request) -> Response:
        wanted = request.query_params
        run = _run(wanted.get("run", ""))
        compare = _run(wanted["compare"]) if wanted.get("compare") else None
        asked = Asked(
            wanted.get("y") or "score", wanted.get("x", ""), wanted.get("show") or "relevant", compare
        )
        return Response(body(portfolio_matrix(request.user, run, asked, timezone.localdate())))


def _run(asked: str) -> ScoreRun:
    if not asked:
        run = ScoreRun.objects.latest()
        if run is None:
            raise InvalidInput("no_run", gettext_noop("There is no finished score run yet."), field="run")
        return run  # type: ignore[no-any-return]  # the queryset's rows are untyped
    field = serializers.UUIDField()
    return get_object_or_404(
        ScoreRun.objects.finished().select_related("model"), pk=field.to_internal_value(asked)
    )


def body(matrix: Matrix) -> dict[str, Any]:
    """Return a matrix as JSON holds it; accounts without a place come last."""
    return {
        "run": matrix.run.pk,
        "compare": matrix.compare.pk if matrix.compare else None,
        "x": matrix.x,
        "y": matrix.y,
        "split_x": matrix.split[0],
        "split_y": matrix.split[1],
        "hidden": matrix.hidden,
        "accounts": [_place(place) for place in (*matrix.placed, *matrix.unplaced)],
    }


def _place(place: Place) -> dict[str, Any]:
    room, basis = place.standing.room, place.standing.basis
    return {
        "account": place.account.pk,
        "name": place.account.display_name,
        "group": place.group,
        "x": place.x,
        "y": place.y,
        "field": place.field,
        "field_before": place.field_before,
        "revenue": place.standing.revenue,
        "score": place.score,
        "headroom": room.amount if room else None,
        "headroom_kind": room.kind if room else None,
        "headroom_source": basis.source if basis else None,
        "headroom_confidence": basis.confidence if basis else None,
        "share_of_wallet": room.share if room else None,
        "strength": place.standing.strength,
        "stage": place.standing.stage,
    }
