"""Work without a goal, and goals nobody has said anything about, over the API."""

from dataclasses import asdict
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.filters import AccountIdFilter, PersonFilter
from accounts.models import Account, Activity
from accounts.permissions import caller
from accounts.serializers import ActivitySerializer, VisibleRelated
from goals.actions.goals import unlink_activity
from goals.check_in_queue import check_in_queue
from goals.serializers import GoalSerializer, ProgressSerializer
from goals.work import work_without_goal
from kam.lib.api.views import ApiView, ListView
from kam.users.policy import WORKERS, Policy


class WorkFilters(filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    actor = PersonFilter(field_name="actor")

    class Meta:
        model = Activity
        fields: list[str] = []


class WorkWithoutGoal(ListView):
    """What people logged in the last 30 days for no goal, at accounts that have an open one, the latest first.

    POST /api/v1/goals/{id}/work/ says for which goal an entry was done.
    """

    policy = Policy(scope="goals")
    serializer_class = ActivitySerializer
    filterset_class = WorkFilters
    orderings = {"-occurred": ("-occurred_at",)}

    def queryset_for(self, user: Any) -> QuerySet[Activity]:
        return work_without_goal(user).select_related("actor")


class ActivityGoal(ApiView):
    """The goal that an entry of the timeline was done for; DELETE says that it was done for none."""

    policy = Policy(write=WORKERS, about="logged", scope="goals")

    @extend_schema(
        responses=inline_serializer("ActivityGoal", {"goal": serializers.UUIDField(allow_null=True)})
    )
    def get(self, request: Request, pk: Any) -> Response:
        link = getattr(self._logged(request, pk), "goal_link", None)
        return Response({"goal": link and link.goal_id})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        unlink_activity(self._logged(request, pk), by=caller(request))
        return Response(status=204)

    def _logged(self, request: Request, pk: Any) -> Activity:
        mine = Activity.objects.visible_to(request.user).logged()  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
        found: Activity = get_object_or_404(mine.select_related("goal_link"), pk=pk, account__isnull=False)
        return found


class QueueQuestion(serializers.Serializer[Any]):
    account = VisibleRelated(queryset=Account.objects.all(), required=False)


class CheckInQueue(ApiView):
    """Open goals nobody has checked in for a week, what wants attention first: yours, or those of an account."""

    policy = Policy(read=WORKERS, scope="goals")
    parameters = frozenset({"account"})

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "account", {"type": "string", "format": "uuid"}, description="all goals of an account"
            )
        ],
        responses=inline_serializer(
            "CheckInQueue",
            {
                "results": inline_serializer(
                    "GoalToCheckIn", {"goal": GoalSerializer(), "status": ProgressSerializer()}, many=True
                )
            },
        ),
    )
    def get(self, request: Request) -> Response:
        asked = QueueQuestion(data=request.query_params.dict(), context={"request": request})
        asked.is_valid(raise_exception=True)
        account = asked.validated_data.get("account")
        query = {"account": str(account.pk)} if account else {}
        rows = check_in_queue(request.user, query, timezone.localdate()).rows
        return Response(
            {
                "results": [
                    {
                        "goal": GoalSerializer(row.goal).data,
                        "status": ProgressSerializer(asdict(row.status)).data,
                    }
                    for row in rows
                ]
            }
        )
