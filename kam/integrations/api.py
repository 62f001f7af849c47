"""Jobs over the API."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from kam.integrations import jobs
from kam.integrations.models import Job
from kam.integrations.serializers import JobSerializer
from kam.lib.api.views import ListView, ObjectView
from kam.users.policy import EVERYONE, Policy


class JobList(ListView):
    """The caller's background jobs, newest first."""

    policy = Policy(scope="jobs")
    serializer_class = JobSerializer
    orderings = {"-created": ("-created_at",)}

    def queryset_for(self, user: Any) -> QuerySet[Job]:
        return Job.objects.visible_to(user)


class JobDetail(ObjectView):
    """One job: ask until ``state`` is succeeded, failed or cancelled."""

    policy = Policy(about="job", scope="jobs")
    serializer_class = JobSerializer

    def queryset_for(self, user: Any) -> QuerySet[Job]:
        return Job.objects.visible_to(user)


class JobCancel(ObjectView):
    """Asks a job to stop."""

    policy = Policy(read=(), write=EVERYONE, about="job", scope="jobs")
    serializer_class = JobSerializer
    http_method_names = ["post", "options"]

    def queryset_for(self, user: Any) -> QuerySet[Job]:
        return Job.objects.cancellable_by(user)

    def post(self, request: Request, pk: Any) -> Response:
        return Response(self.get_serializer(jobs.cancel(self.get_object(), by=request.user)).data)
