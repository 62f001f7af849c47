"""Score runs and their rankings over the API."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ListView, ObjectView
from kam.lib.errors import DomainError
from kam.users.policy import PLANNERS, Policy
from scoring.actions import runs
from scoring.api.lookups import model_by_id
from scoring.explain import items_of
from scoring.filters import RunFilter, ScoreFilter
from scoring.models import Score, ScoreRun
from scoring.serializers import RunInput, RunSerializer, ScoreSerializer, StartedSerializer


class RunList(ListView):
    """Score runs, newest first; POST starts one."""

    policy = Policy(write=PLANNERS, scope="scoring")
    serializer_class = RunSerializer
    filterset_class = RunFilter
    orderings = {"-created": ("-created_at",), "-as_of": ("-as_of", "-created_at")}

    def queryset_for(self, user: Any) -> QuerySet[ScoreRun]:
        return ScoreRun.objects.visible_to(user).for_list()

    @extend_schema(request=RunInput, responses={202: StartedSerializer})
    def post(self, request: Request) -> Response:
        given = RunInput(data=request.data)
        given.is_valid(raise_exception=True)
        model = model_by_id(given.validated_data["model"], request.user)
        run = runs.create_run(model, as_of=given.validated_data.get("as_of"), by=request.user)
        return accepted(run.pk, run.job_id)


class RunDetail(ObjectView):
    """One score run with the weights and bounds it used."""

    policy = Policy(about="score_run", scope="scoring")
    serializer_class = RunSerializer

    def queryset_for(self, user: Any) -> QuerySet[ScoreRun]:
        return ScoreRun.objects.visible_to(user).for_list()


class RunScores(ListView):
    """The ranking of a run as far as the caller may see the accounts, in rank order."""

    policy = Policy(about="score_run", scope="scoring")
    serializer_class = ScoreSerializer
    filterset_class = ScoreFilter
    orderings = {"position": ("position",)}
    unique_column = "account_id"
    run: ScoreRun

    def queryset_for(self, user: Any) -> QuerySet[Score]:
        return Score.objects.visible_to(user).of_run(getattr(self, "run", None)).for_api()

    def get(self, request: Request, pk: Any) -> Response:  # type: ignore[override]  # the run's id is in the path
        self.run = run_by_id(pk, request.user)
        if self.run.finished_at is None:
            raise not_finished()
        return super().get(request)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if hasattr(self, "run"):
            context |= {"run": self.run, "items": items_of(self.run)}
        return context


def accepted(pk: Any, job: Any) -> Response:
    """Answer that a job has been started for a resource."""
    location = reverse("api:job", kwargs={"pk": job})
    return Response({"id": str(pk), "job": str(job)}, status=202, headers={"Location": location})


def run_by_id(pk: Any, user: Any) -> ScoreRun:
    """Return a run or raise 404."""
    return get_object_or_404(ScoreRun.objects.visible_to(user).for_list(), pk=pk)


def not_finished() -> DomainError:
    return DomainError("run_not_finished", "The score run is not finished yet.")
