"""Activities and tasks over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import next_steps as actions
from accounts.actions.activities import log_activity
from accounts.filters import ActivityFilters, TaskFilters
from accounts.models import Activity, Task
from accounts.permissions import caller
from accounts.serializers import (
    AccountNameSerializer,
    ActivityInput,
    ActivitySerializer,
    TaskChange,
    TaskInput,
    TaskSerializer,
)
from kam.lib.api.views import ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.policy import WORKERS, Policy
from kam.users.serializers import UserSerializer


class ActivityList(ListView):
    """The timeline of the accounts the caller sees, newest first; entries are added, never edited."""

    policy = Policy(write=WORKERS, scope="accounts")
    serializer_class = ActivitySerializer
    filterset_class = ActivityFilters
    expandable = {"account": (AccountNameSerializer, "with_account")}
    orderings = {"-occurred": ("-occurred_at",), "-created": ("-id",), "created": ("id",)}

    def queryset_for(self, user: Any) -> QuerySet[Activity]:
        return Activity.objects.visible_to(user).select_related("actor")

    @extend_schema(request=ActivityInput, responses={201: ActivitySerializer})
    def post(self, request: Request) -> Response:
        """Log a note, call, meeting, mail or visit."""
        data = ActivityInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        activity = log_activity(values.pop("account"), values=values, by=caller(request))
        return Response(ActivitySerializer(activity).data, status=201)


class TaskResource(ResourceView):
    serializer_class = TaskSerializer
    expandable = {
        "account": (AccountNameSerializer, "with_account"),
        "assignee": (UserSerializer, "with_people"),
    }

    def queryset_for(self, user: Any) -> QuerySet[Task]:
        return Task.objects.visible_to(user)

    def represent(self, row: Any) -> Any:
        return TaskSerializer(row, context=self.get_serializer_context()).data

    def answer(self, task: Task, status: int = 200) -> Response:
        return Response(self.represent(task), status=status, headers={"ETag": etag(task)})


class TaskList(TaskResource, ListView):
    """Next steps at the accounts the caller sees."""

    policy = Policy(write=WORKERS, scope="accounts")
    filterset_class = TaskFilters
    orderings = {"-created": ("-id",), "created": ("id",), "-updated": ("-updated_at",)}

    @extend_schema(request=TaskInput, responses={201: TaskSerializer})
    def post(self, request: Request) -> Response:
        """Plan a next step."""
        data = TaskInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        return self.answer(actions.create_task(values.pop("account"), values=values, by=caller(request)), 201)


class TaskDetail(TaskResource, ObjectView):
    """One task."""

    policy = Policy(write=WORKERS, about="task", scope="accounts")

    @extend_schema(request=TaskChange, responses=TaskSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        """Change title, date, person or reason."""
        task = self.get_object()
        data = TaskChange(task, request.data, partial=True, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values, version = dict(data.validated_data), expected_version(request)
        return self.answer(
            actions.update_task(task, values=values, by=caller(request), expected_version=version)
        )


class TaskVerb(TaskResource, ObjectView):
    """A verb on one task."""

    policy = Policy(read=(), write=WORKERS, about="task", scope="accounts")
    http_method_names = ["post", "options"]


class TaskComplete(TaskVerb):
    @extend_schema(request=None, responses=TaskSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        """Tick the task off; doing it twice changes nothing."""
        task, version = self.get_object(), expected_version(request)
        return self.answer(actions.complete_task(task, by=caller(request), expected_version=version))


class TaskReopen(TaskVerb):
    @extend_schema(request=None, responses=TaskSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        """Take the completion back."""
        task, version = self.get_object(), expected_version(request)
        return self.answer(actions.reopen_task(task, by=caller(request), expected_version=version))
