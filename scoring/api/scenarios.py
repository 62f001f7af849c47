"""Scenarios over the API: save, rank, compare, propose, decide."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ListView, ObjectView, etag, expected_version
from kam.lib.errors import InvalidInput, named_as
from kam.users.policy import LEADERS, PLANNERS, Policy
from scoring.actions import scenarios
from scoring.actions.scenarios import Weighting
from scoring.api.lookups import model_by_id
from scoring.filters import ScenarioFilter
from scoring.models import Scenario, ScoringModel
from scoring.scenario_serializers import (
    ComparisonSerializer,
    DecisionOnScenario,
    RankingSerializer,
    ScenarioChange,
    ScenarioInput,
    ScenarioSerializer,
    comparison_body,
    ranking_body,
)
from scoring.scenarios import baseline_of, compare, outcome


class ScenarioList(ListView):
    """Scenarios, last changed first; POST saves one."""

    policy = Policy(write=PLANNERS, scope="scoring")
    serializer_class = ScenarioSerializer
    filterset_class = ScenarioFilter
    orderings = {"-updated": ("-updated_at",), "name": ("name",)}

    def queryset_for(self, user: Any) -> QuerySet[Scenario]:
        return Scenario.objects.visible_to(user).for_list()

    @extend_schema(request=ScenarioInput, responses={201: ScenarioSerializer})
    def post(self, request: Request) -> Response:
        given = ScenarioInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        model = _model(values.get("model"), request.user)
        weighting = Weighting(values["weights"], values.get("cut", model.cut_value))
        with named_as(cut_value="cut"):
            made = scenarios.save_scenario(
                values["name"], model, weighting, note=values["note"], by=request.user
            )
        scenario = self.get_queryset().get(pk=made.pk)
        return Response(self.represent(scenario), status=201, headers={"ETag": etag(scenario)})


class ScenarioDetail(ObjectView):
    """One scenario; PATCH changes it until it is decided, DELETE throws it away."""

    policy = Policy(write=PLANNERS, about="scenario", scope="scoring")
    serializer_class = ScenarioSerializer

    def queryset_for(self, user: Any) -> QuerySet[Scenario]:
        return Scenario.objects.visible_to(user).for_list()

    @extend_schema(request=ScenarioChange, responses=ScenarioSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        scenario = self.get_object()
        given = ScenarioChange(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        weighting = Weighting(values.get("weights", scenario.weights), values.get("cut", scenario.cut_value))
        version = expected_version(request)
        with named_as(cut_value="cut"):
            scenarios.update_scenario(
                scenario,
                weighting,
                name=values.get("name"),
                note=values.get("note"),
                by=request.user,
                expected_version=version,
            )
        changed = self.get_object()
        return Response(self.represent(changed), headers={"ETag": etag(changed)})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        scenarios.delete_scenario(self.get_object(), by=request.user)
        return Response(status=204)


class ScenarioRanking(ObjectView):
    """The ranking under a scenario, over the newest run of its baseline, as far as the caller sees accounts."""

    policy = Policy(about="scenario", scope="scoring")
    serializer_class = ScenarioSerializer
    http_method_names = ["get", "options"]

    def queryset_for(self, user: Any) -> QuerySet[Scenario]:
        return Scenario.objects.visible_to(user).for_list()

    @extend_schema(responses=RankingSerializer)
    def get(self, request: Request, pk: Any) -> Response:
        return Response(ranking_body(outcome(self.get_object(), request.user)))


class ScenarioComparison(ScenarioRanking):
    """A scenario (right) beside another one or the present baseline (left)."""

    parameters = frozenset({"with"})

    @extend_schema(
        parameters=[OpenApiParameter("with", str, description="a scenario's id; default: the baseline")],
        responses=ComparisonSerializer,
    )
    def get(self, request: Request, pk: Any) -> Response:
        scenario = self.get_object()
        left = self._left(request.query_params.get("with", ""), scenario)
        return Response(comparison_body(compare(left, scenario, request.user)))

    def _left(self, asked: str, scenario: Scenario) -> Scenario | ScoringModel:
        if asked in ("", "baseline"):
            return baseline_of(scenario)
        try:
            return get_object_or_404(self.get_queryset(), pk=UUID(asked))  # type: ignore[no-any-return]  # the answer of this resource is its own
        except ValueError as error:
            text = gettext_noop("with is the id of a scenario, or “baseline”.")
            raise InvalidInput("bad_with", text, field="with") from error


class _Verb(ObjectView):
    """A verb on a scenario."""

    policy = Policy(read=(), write=LEADERS, about="scenario", scope="scoring")
    serializer_class = ScenarioSerializer
    http_method_names = ["post", "options"]

    def queryset_for(self, user: Any) -> QuerySet[Scenario]:
        return Scenario.objects.visible_to(user).for_list()

    def answer(self) -> Response:
        scenario = self.get_object()
        return Response(self.represent(scenario), headers={"ETag": etag(scenario)})

    def reason(self, request: Request) -> str:
        given = DecisionOnScenario(data=request.data)
        given.is_valid(raise_exception=True)
        return str(given.validated_data["reason"])


class ScenarioProposal(_Verb):
    """Asks leadership to make the scenario the baseline; 409 when the baseline has changed since."""

    policy = Policy(read=(), write=PLANNERS, about="scenario", scope="scoring")

    @extend_schema(request=None, responses=ScenarioSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        scenarios.propose_scenario(self.get_object(), by=request.user)
        return self.answer()


class ScenarioRebase(ScenarioProposal):
    """Carries a scenario over to the present baseline."""

    @extend_schema(request=None, responses=ScenarioSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        scenarios.rebase_scenario(self.get_object(), by=request.user)
        return self.answer()


class ScenarioApproval(_Verb):
    """Makes a proposed scenario the next version of its model, in use, and starts its run."""

    @extend_schema(request=DecisionOnScenario, responses=ScenarioSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        scenarios.approve_scenario(self.get_object(), by=request.user, reason=self.reason(request))
        return self.answer()


class ScenarioRefusal(_Verb):
    """Declines a proposed scenario with a reason."""

    @extend_schema(request=DecisionOnScenario, responses=ScenarioSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        scenarios.decline_scenario(self.get_object(), by=request.user, reason=self.reason(request))
        return self.answer()


def _model(pk: Any, user: Any) -> ScoringModel:
    if pk is not None:
        return model_by_id(pk, user)
    model = ScoringModel.objects.active().order_by("name").first()
    if model is None:
        raise InvalidInput("no_model", gettext_noop("No model is in use. Name one."), field="model")
    return model  # type: ignore[no-any-return]  # the answer of this resource is its own
