"""Ranks over runs and comparisons of two scores over the API."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.merging.chain import live_ids
from kam.lib.api.views import ApiView
from kam.lib.errors import DomainError
from kam.users.models import Organisation
from kam.users.policy import Policy
from scoring.comparison import compare, points, score_in
from scoring.explain import Part, items_of
from scoring.history import history
from scoring.models import Score, ScoreRun
from scoring.robustness import tie_between

ID = {"type": "string", "format": "uuid"}
SIDE = inline_serializer(
    "ComparedPart",
    {
        "rating": serializers.FloatField(allow_null=True),
        "weight": serializers.FloatField(),
        "fact": serializers.FloatField(allow_null=True),
        "points": serializers.FloatField(help_text="the lowest rating where one is missing"),
    },
)
COMPARISON = inline_serializer(
    "ScoreComparison",
    {
        "before": inline_serializer(
            "ComparedScore",
            {
                "run": serializers.UUIDField(),
                "account": serializers.UUIDField(),
                "total": serializers.FloatField(),
            },
        ),
        "after": inline_serializer(
            "ComparedScoreAfter",
            {
                "run": serializers.UUIDField(),
                "account": serializers.UUIDField(),
                "total": serializers.FloatField(),
            },
        ),
        "difference": serializers.FloatField(),
        "tie": inline_serializer(
            "ScoreTie",
            {
                "criterion": serializers.CharField(),
                "relative": serializers.FloatField(help_text="-0.2: a fifth less, the others as they are"),
                "weight": serializers.FloatField(help_text="its share then"),
            },
            allow_null=True,
            help_text="between two accounts: the smallest change of one weight at which they tie",
        ),
        "steps": inline_serializer(
            "ComparisonStep",
            {
                "criterion": serializers.CharField(),
                "name": serializers.CharField(),
                "difference": serializers.FloatField(),
                "before": SIDE,
                "after": SIDE,
                "changes": serializers.ListField(child=serializers.CharField()),
            },
            many=True,
        ),
    },
)
HISTORY = inline_serializer(
    "RankHistory",
    {
        "runs": inline_serializer(
            "HistoryRun", {"id": serializers.UUIDField(), "as_of": serializers.DateField()}, many=True
        ),
        "accounts": inline_serializer(
            "HistoryLine",
            {
                "account": serializers.UUIDField(),
                "name": serializers.CharField(),
                "ranks": serializers.ListField(child=serializers.IntegerField(allow_null=True)),
            },
            many=True,
        ),
    },
)


class RankHistory(ApiView):
    """Ranks over the last twelve runs of the run's model: its first twenty accounts, or the named ones too."""

    policy = Policy(about="score_run", scope="scoring")
    parameters = repeatable = frozenset({"account"})

    @extend_schema(
        parameters=[
            OpenApiParameter("account", OpenApiTypes.UUID, many=True, description="at most ten to add")
        ],
        responses=HISTORY,
    )
    def get(self, request: Request, pk: Any) -> Response:
        run = get_object_or_404(ScoreRun.objects.visible_to(request.user).select_related("model"), pk=pk)
        named = [_id(text) for text in request.query_params.getlist("account")]
        ends = live_ids(named)
        found = history(request.user, run, [ends.get(key, key) for key in named])
        rows = [
            {"account": line.account.pk, "name": line.account.display_name, "ranks": line.ranks}
            for line in found.lines
        ]
        runs = [{"id": each.pk, "as_of": each.as_of} for each in found.runs]
        return Response({"runs": runs, "accounts": rows})


class ScoreComparison(ApiView):
    """Why a total differs: from an earlier run (``since``) or from another account of this run (``with``)."""

    policy = Policy(about="ranked_account", scope="scoring")
    parameters = frozenset({"since", "with"})

    @extend_schema(
        parameters=[
            OpenApiParameter("since", ID, description="an earlier run; default: the one before"),
            OpenApiParameter("with", ID, description="another account of this run"),
        ],
        responses=COMPARISON,
    )
    def get(self, request: Request, pk: Any, account: Any) -> Response:
        runs = ScoreRun.objects.visible_to(request.user).select_related("model")
        run = get_object_or_404(runs, pk=pk)
        after = score_in(run, account, request.user)
        wanted = request.query_params
        if wanted.get("with"):
            before = score_in(run, _id(wanted["with"]), request.user)
        else:
            since = get_object_or_404(runs, pk=_id(wanted["since"])) if wanted.get("since") else run.previous
            before = score_in(since, account, request.user) if since else None
        if after is None:
            raise Http404
        if before is None:
            raise DomainError("nothing_to_compare", gettext_noop("There is no score to compare with."))
        return Response(_body(before, after))


def _body(before: Any, after: Any) -> dict[str, Any]:
    found = compare(before, after, Organisation.current().currency)
    sides = {
        name: {"run": score.run_id, "account": score.account_id, "total": score.total}
        for name, score in (("before", before), ("after", after))
    }
    steps = [
        {
            "criterion": step.code,
            "name": step.name,
            "difference": step.difference,
            "before": _side(step.before),
            "after": _side(step.after),
            "changes": step.words,
        }
        for step in found.steps
    ]
    return {**sides, "difference": found.difference, "tie": _tie(before, after), "steps": steps}


def _tie(before: Score, after: Score) -> dict[str, Any] | None:
    change = tie_between(after, before, after.run) if before.account_id != after.account_id else None
    if change is None:
        return None
    code = items_of(after.run)[change.criterion].criterion.code
    return {"criterion": code, "relative": change.relative, "weight": change.weight}


def _side(part: Part | None) -> dict[str, Any] | None:
    if part is None:
        return None
    return {"rating": part.rating, "weight": part.weight, "fact": part.fact, "points": points(part)}


def _id(text: str) -> UUID:
    return serializers.UUIDField().to_internal_value(text)
