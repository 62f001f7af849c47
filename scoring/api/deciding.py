"""Around decisions: capacities, blind lists and their overlap, reviews, who no longer qualifies."""

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView, ListView
from kam.lib.errors import InvalidInput
from kam.users.models import User
from kam.users.policy import LEADERS, Policy
from scoring.actions import blind, reviews
from scoring.actions.capacity import Load, load_of, loads, set_capacity
from scoring.actions.decisions import line_of
from scoring.api.decisions import ReasonedVerb
from scoring.models import BlindList, ScoreRun

LOAD_FIELDS: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "kam": serializers.UUIDField(),
    "name": serializers.CharField(),
    "count": serializers.IntegerField(help_text="key accounts now"),
    "most": serializers.IntegerField(allow_null=True, help_text="null: no limit"),
}
LOAD = inline_serializer("KamCapacity", LOAD_FIELDS)
LOADS = type(LOAD)(many=True)
OVERLAP = inline_serializer(
    "BlindOverlap",
    {
        "list": serializers.UUIDField(),
        "person": serializers.UUIDField(),
        "both": serializers.IntegerField(),
        "only_named": serializers.IntegerField(),
        "only_ranked": serializers.IntegerField(),
        "share": serializers.FloatField(allow_null=True, help_text="of all named or ranked, 0 to 1"),
    },
    many=True,
)
EXCEPTION = inline_serializer(
    "DecisionException",
    {
        "account": serializers.UUIDField(),
        "decision": serializers.UUIDField(allow_null=True),
        "rank": serializers.IntegerField(),
        "total": serializers.FloatField(),
        "exit": serializers.FloatField(allow_null=True, help_text="rank or total at which an account leaves"),
    },
    many=True,
)


class CapacityInput(Body):
    """Who looks after how many at most; null takes the limit away."""

    kam = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    most = serializers.IntegerField(min_value=0, max_value=500, allow_null=True)


class BlindListSerializer(serializers.ModelSerializer[BlindList]):
    """Whom a person named before the ranking."""

    class Meta:
        model = BlindList
        fields = ["id", "person", "accounts", "handed_in_at", "created_at"]
        read_only_fields = fields


class BlindListInput(Body):
    accounts = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=200)


class CapacityList(ApiView):
    """Who looks after how many key accounts. POST sets how many at most."""

    policy = Policy(write=LEADERS, scope="scoring")

    @extend_schema(responses=LOADS)
    def get(self, request: Request) -> Response:
        return Response([_load(load) for load in loads()])

    @extend_schema(request=CapacityInput, responses=LOAD)
    def post(self, request: Request) -> Response:
        given = CapacityInput(data=request.data)
        given.is_valid(raise_exception=True)
        kam = given.validated_data["kam"]
        set_capacity(kam, given.validated_data["most"], by=request.user)
        return Response(_load(load_of(kam)))


class BlindLists(ListView):
    """Lists that were handed in, and the caller's own open one. POST names accounts and hands the list in."""

    policy = Policy(write=LEADERS, scope="scoring")
    serializer_class = BlindListSerializer
    orderings = {"-created": ("-created_at",)}

    def queryset_for(self, user: Any) -> QuerySet[BlindList]:
        lists = BlindList.objects.visible_to(user).prefetch_related("accounts")
        return lists.filter(Q(handed_in_at__isnull=False) | Q(person=user.pk))

    @extend_schema(request=BlindListInput, responses={201: BlindListSerializer})
    def post(self, request: Request) -> Response:
        given = BlindListInput(data=request.data)
        given.is_valid(raise_exception=True)
        ids = set(given.validated_data["accounts"])
        accounts = list(Account.objects.visible_to(request.user).filter(pk__in=ids))
        if len(accounts) < len(ids):
            raise InvalidInput(
                "unknown_account",
                gettext_noop("There is no such account, or more than one."),
                field="accounts",
            )
        made = blind.state_blind(request.user, accounts)
        return Response(self.get_serializer(made).data, status=201)


class BlindOverlap(ApiView):
    """How far lists named before a run agree with those above its line."""

    policy = Policy(about="score_run", scope="scoring")

    @extend_schema(responses=OVERLAP)
    def get(self, request: Request, pk: Any) -> Response:
        run = get_object_or_404(ScoreRun.objects.visible_to(request.user).select_related("model"), pk=pk)
        rows = [
            {
                "list": found.blind.pk,
                "person": found.blind.person_id,
                "both": found.overlap.both,
                "only_named": found.overlap.only_first,
                "only_ranked": found.overlap.only_second,
                "share": found.overlap.share,
            }
            for found in blind.compared(run, request.user)
        ]
        return Response(rows)


class ExceptionList(ApiView):
    """Key accounts beyond the exit line of the run people look at."""

    policy = Policy(scope="scoring")

    @extend_schema(responses=EXCEPTION)
    def get(self, request: Request) -> Response:
        run = ScoreRun.objects.latest()
        line = line_of(run.model) if run else None
        rows = [
            {
                "account": score.account_id,
                "decision": decision.pk if decision else None,
                "rank": score.rank,
                "total": score.total,
                "exit": line.exit if line else None,
            }
            for score, decision in reviews.exceptions(request.user)
        ]
        return Response(rows)


class DecisionReview(ReasonedVerb):
    """Keeps a key account for another year, with a reason."""

    act = staticmethod(reviews.keep_decision)


def _load(load: Load) -> dict[str, Any]:
    return {"kam": load.kam.pk, "name": load.kam.name, "count": load.count, "most": load.most}
