"""What is done with a row of a plan or a goal over the API: keep a promise, accept an expectation, tick a step."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import caller
from goals.actions.goals import add_milestone, tick_milestone
from goals.actions.plans import accept_expectation, close_promise
from goals.api.plans import EntryView
from goals.models import Expectation, Goal, Milestone, Promise
from goals.serializers import VALUE, MilestoneSerializer
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView, etag
from kam.users.policy import MANAGERS, WORKERS, Policy


class PromiseStateInput(Body):
    state = serializers.ChoiceField(choices=Promise.State.choices, help_text="open takes the answer back")


class AcceptanceInput(Body):
    who = serializers.CharField(max_length=120, help_text="who accepted it")


class MilestoneInput(Body):
    """A step on the way; with a value it bends the planned line of a quantitative goal."""

    title = serializers.CharField(max_length=200)
    due_on = serializers.DateField()
    value = serializers.DecimalField(**VALUE, required=False, allow_null=True)


class TickInput(Body):
    done = serializers.BooleanField()


class PromiseState(EntryView):
    """Whether a promise was kept or broken."""

    policy = Policy(read=(), write=WORKERS, about="promise", scope="goals")

    @extend_schema(request=PromiseStateInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, pk: Any) -> Response:
        row = get_object_or_404(Promise.objects.visible_to(request.user).select_related("account"), pk=pk)
        data = PromiseStateInput(data=request.data)
        data.is_valid(raise_exception=True)
        closed = close_promise(row, by=caller(request), **data.validated_data)
        return Response(self.represent(closed), headers={"ETag": etag(closed)})


class ExpectationAcceptance(EntryView):
    """Who accepted an expectation; accepted stays accepted until its text changes."""

    policy = Policy(read=(), write=MANAGERS, about="expectation", scope="goals")

    @extend_schema(request=AcceptanceInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, pk: Any) -> Response:
        row = get_object_or_404(Expectation.objects.visible_to(request.user).select_related("account"), pk=pk)
        data = AcceptanceInput(data=request.data)
        data.is_valid(raise_exception=True)
        accepted = accept_expectation(row, by=caller(request), **data.validated_data)
        return Response(self.represent(accepted), headers={"ETag": etag(accepted)})


class GoalMilestones(ApiView):
    """The steps on the way to a goal; they are read with its history."""

    policy = Policy(read=(), write=MANAGERS, about="goal", scope="goals")

    @extend_schema(request=MilestoneInput, responses={201: MilestoneSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Add a step."""
        goal = get_object_or_404(Goal.objects.visible_to(request.user).select_related("account"), pk=pk)
        data = MilestoneInput(data=request.data)
        data.is_valid(raise_exception=True)
        step = add_milestone(goal, values=dict(data.validated_data), by=caller(request))
        return Response(MilestoneSerializer(step).data, status=201)


class MilestoneTick(ApiView):
    """Tick a step off, or take the tick back; as it already is, it stays."""

    policy = Policy(read=(), write=WORKERS, about="milestone", scope="goals")

    @extend_schema(request=TickInput, responses=MilestoneSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        mine = Milestone.objects.visible_to(request.user).select_related("goal__account")
        step = get_object_or_404(mine, pk=pk)
        data = TickInput(data=request.data)
        data.is_valid(raise_exception=True)
        ticked = tick_milestone(step, done=data.validated_data["done"], by=caller(request))
        return Response(MilestoneSerializer(ticked).data)
