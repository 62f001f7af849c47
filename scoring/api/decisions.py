"""Proposals and decisions over the API."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ListView, ObjectView
from kam.lib.errors import InvalidInput
from kam.users.policy import LEADERS, PLANNERS, Policy
from scoring.actions import decisions
from scoring.api.lookups import account_by
from scoring.filters import DecisionFilter
from scoring.models import Decision, ScoreRun
from scoring.serializers import ApprovalInput, DecisionSerializer, ProposalInput, ReasonInput


class DecisionList(ListView):
    """Decisions on accounts the caller may see. POST proposes a run's accounts above the line, or one account."""

    policy = Policy(write=PLANNERS, scope="scoring")
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter
    orderings = {"-created": ("-created_at",)}

    def queryset_for(self, user: Any) -> QuerySet[Decision]:
        return Decision.objects.visible_to(user).with_conversation()  # type: ignore[no-any-return, attr-defined]  # the stubs know OfAccountQuerySet

    @extend_schema(request=ProposalInput, responses={201: DecisionSerializer(many=True)})
    def post(self, request: Request) -> Response:
        given = ProposalInput(data=request.data)
        given.is_valid(raise_exception=True)
        proposed = _proposed(given.validated_data, request.user)
        mine = Decision.objects.visible_to(request.user).filter(pk__in=[decision.pk for decision in proposed])
        return Response(self.get_serializer(mine, many=True).data, status=201)


class DecisionDetail(ObjectView):
    """One decision."""

    policy = Policy(about="decision", scope="scoring")
    serializer_class = DecisionSerializer

    def queryset_for(self, user: Any) -> QuerySet[Decision]:
        return Decision.objects.visible_to(user).with_conversation()  # type: ignore[no-any-return, attr-defined]  # the stubs know OfAccountQuerySet


class DecisionVerb(ObjectView):
    """A leader's verb on a decision."""

    policy = Policy(read=(), write=LEADERS, about="decision", scope="scoring")
    serializer_class = DecisionSerializer
    http_method_names = ["post", "options"]

    def queryset_for(self, user: Any) -> QuerySet[Decision]:
        return Decision.objects.visible_to(user).select_related("account").with_conversation()  # type: ignore[no-any-return]  # see above


class DecisionApproval(DecisionVerb):
    """Makes the account a key account; expectations of both sides must be recorded."""

    @extend_schema(request=ApprovalInput, responses=DecisionSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        decision = self.get_object()
        given = ApprovalInput(data=request.data)
        given.is_valid(raise_exception=True)
        decision = decisions.approve_decision(decision, by=request.user, **given.validated_data)
        return Response(self.represent(decision))


class ReasonedVerb(DecisionVerb):
    """A leader's verb that needs no more than a reason."""

    act: Callable[..., Decision]

    @extend_schema(request=ReasonInput, responses=DecisionSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        decision = self.get_object()
        given = ReasonInput(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(self.represent(self.act(decision, by=request.user, **given.validated_data)))


class DecisionRefusal(ReasonedVerb):
    """Declines a proposal with a reason."""

    act = staticmethod(decisions.decline_decision)


class DecisionEnd(ReasonedVerb):
    """Ends an account's key status with a reason."""

    act = staticmethod(decisions.end_decision)


def _proposed(values: dict[str, Any], user: Any) -> list[Decision]:
    run = None
    if values.get("run"):
        run = ScoreRun.objects.visible_to(user).select_related("model").filter(pk=values["run"]).first()
        if run is None:
            raise InvalidInput("unknown_run", gettext_noop("There is no such score run."), field="run")
    if values.get("account"):
        account = account_by(values, user)
        return [decisions.propose_account(account, by=user, run=run, reason=values["reason"])]
    if run is None:
        raise InvalidInput("nothing_named", gettext_noop("Name a score run or an account."), field="run")
    return decisions.propose_from_run(run, by=user)
