"""Goals over the API."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Activity
from accounts.permissions import caller
from accounts.serializers import AccountNameSerializer, ActivitySerializer, VisibleRelated
from accounts.windows import parse_day
from goals.actions import goals as actions
from goals.actions.check_ins import CheckIn, check_in
from goals.actions.metrics import metric_for_fact
from goals.filters import GoalFilters
from goals.models import Goal
from goals.serializers import (
    CheckInInput,
    EarlierTargetSerializer,
    GoalChange,
    GoalInput,
    GoalSerializer,
    MilestoneSerializer,
    ProgressSerializer,
)
from goals.status import goal_status
from kam.lib.api.bodies import Body
from kam.lib.api.views import ListView, ObjectView, ResourceView, etag, expected_version
from kam.lib.errors import named_as
from kam.users.policy import MANAGERS, WORKERS, Policy
from kam.users.serializers import UserSerializer


class StatusSerializer(ProgressSerializer):
    """Where a goal stands today, for ``expand``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, source="*", **kwargs)

    def to_representation(self, instance: Goal) -> Any:
        return super().to_representation(asdict(goal_status(instance, timezone.localdate())))


class GoalResource(ResourceView):
    """Goals; ``expand=status`` adds where each stands today."""

    serializer_class = GoalSerializer
    expandable = {
        "status": (StatusSerializer, "with_status_now"),
        "account": (AccountNameSerializer, "with_account"),
        "owner": (UserSerializer, "with_owner"),
    }

    def queryset_for(self, user: Any) -> QuerySet[Goal]:
        return Goal.objects.visible_to(user)

    def represent(self, row: Any) -> Any:
        return GoalSerializer(row, context=self.get_serializer_context()).data

    def answer(self, goal: Goal, status: int = 200) -> Response:
        return Response(self.represent(goal), status=status, headers={"ETag": etag(goal)})


class GoalList(GoalResource, ListView):
    """Goals of the accounts the caller sees; ``expand=status`` adds where each stands today."""

    policy = Policy(write=MANAGERS, scope="goals")
    filterset_class = GoalFilters
    orderings = {"due": ("due_on",), "-created": ("-id",), "created": ("id",), "-updated": ("-updated_at",)}

    @extend_schema(request=GoalInput, responses={201: GoalSerializer})
    @transaction.atomic  # a refused goal leaves no metric behind that was made for it
    def post(self, request: Request) -> Response:
        """Set a goal."""
        data = GoalInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values, fact, _reason = data.parsed()
        account = values.pop("account")
        if fact:
            values["metric"] = metric_for_fact(account, by=caller(request), **fact)
        return self.answer(actions.create_goal(account, values=values, by=caller(request)), 201)


class GoalDetail(GoalResource, ObjectView):
    """One goal."""

    policy = Policy(write=MANAGERS, about="goal", scope="goals")

    @extend_schema(request=GoalChange, responses=GoalSerializer)
    @transaction.atomic  # a refused change leaves no metric behind that was made for it
    def patch(self, request: Request, pk: Any) -> Response:
        """Change a goal; a moved target or due day keeps the earlier one, with the reason."""
        goal = self.get_object()
        data = GoalChange(goal, request.data, partial=True, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values, fact, reason = data.parsed()
        if fact:
            fact = {"basis": "net", "window": "12m"} | fact
            values["metric"] = metric_for_fact(goal.account, by=caller(request), **fact)
        version = expected_version(request)
        return self.answer(
            actions.update_goal(
                goal, values=values, by=caller(request), reason=reason, expected_version=version
            )
        )


class GoalProgress(GoalResource, ObjectView):
    """How far a goal is, and whether that is fast enough."""

    policy = Policy(about="goal", scope="goals")
    parameters = frozenset({"as_of"})
    http_method_names = ["get", "options"]

    @extend_schema(
        parameters=[
            OpenApiParameter("as_of", {"type": "string", "format": "date"}, description="default: today")
        ],
        responses=ProgressSerializer,
    )
    def get(self, request: Request, pk: Any) -> Response:
        text = request.query_params.get("as_of")
        day = parse_day(text, "as_of") if text else timezone.localdate()
        goal = self.get_object()
        return Response(ProgressSerializer(asdict(goal_status(goal, day))).data)


class GoalHistory(GoalResource, ObjectView):
    """A goal's milestones and its earlier targets."""

    policy = Policy(about="goal", scope="goals")
    http_method_names = ["get", "options"]

    def get(self, request: Request, pk: Any) -> Response:
        goal = self.get_object()
        targets = EarlierTargetSerializer(goal.earlier_targets.all(), many=True).data
        steps = MilestoneSerializer(goal.milestones.all(), many=True).data
        return Response({"milestones": steps, "earlier_targets": targets})


class WorkInput(Body):
    activity = VisibleRelated(queryset=Activity.objects.all(), help_text="a logged entry of the timeline")


class GoalWork(GoalResource, ObjectView):
    """What was logged for a goal, the latest first; POST says so of an entry, a second time it moves."""

    policy = Policy(write=WORKERS, about="goal", scope="goals")
    http_method_names = ["get", "post", "options"]

    @extend_schema(responses=ActivitySerializer(many=True))
    def get(self, request: Request, pk: Any) -> Response:
        entries = Activity.objects.filter(goal_link__goal=self.get_object()).select_related("actor")
        shown = ActivitySerializer(entries.order_by("-occurred_at", "-id")[:100], many=True)
        return Response({"results": shown.data})

    @extend_schema(request=WorkInput, responses=GoalSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        goal = self.get_object()
        data = WorkInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        actions.link_activity(goal, data.validated_data["activity"], by=caller(request))
        return self.answer(self.get_object())


class GoalCheckIn(GoalResource, ObjectView):
    """A check-in: the value or judgement, the confidence, the cause and the status in words."""

    policy = Policy(read=(), write=WORKERS, about="goal", scope="goals")
    http_method_names = ["post", "options"]

    @extend_schema(request=CheckInInput, responses=GoalSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        goal = self.get_object()
        data = CheckInInput(data=request.data)
        data.is_valid(raise_exception=True)
        with named_as(measured_on="on"):
            check_in(goal, CheckIn(**data.validated_data), by=caller(request))
        return self.answer(self.get_object())


class ClosingInput(Body):
    outcome = serializers.ChoiceField(choices=["achieved", "missed", "dropped"])
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class GoalVerb(GoalResource, ObjectView):
    """A verb on one goal."""

    policy = Policy(read=(), write=MANAGERS, about="goal", scope="goals")
    http_method_names = ["post", "options"]


class GoalClose(GoalVerb):
    @extend_schema(request=ClosingInput, responses=GoalSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        """Close the goal as achieved, missed or dropped."""
        goal, version = self.get_object(), expected_version(request)
        data = ClosingInput(data=request.data)
        data.is_valid(raise_exception=True)
        return self.answer(
            actions.close_goal(goal, by=caller(request), expected_version=version, **data.validated_data)
        )


class GoalReopen(GoalVerb):
    @extend_schema(request=None, responses=GoalSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        """Take the closing back."""
        goal, version = self.get_object(), expected_version(request)
        return self.answer(actions.reopen_goal(goal, by=caller(request), expected_version=version))
