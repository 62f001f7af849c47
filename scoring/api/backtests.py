"""Back-tests over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ListView, ObjectView
from kam.users.policy import PLANNERS, Policy
from scoring.actions import backtests
from scoring.api.lookups import model_by_id
from scoring.api.runs import accepted
from scoring.models import Backtest
from scoring.serializers import BacktestInput, BacktestSerializer, StartedSerializer


class BacktestList(ListView):
    """Back-tests, newest first; POST starts one."""

    policy = Policy(write=PLANNERS, scope="scoring")
    serializer_class = BacktestSerializer
    orderings = {"-created": ("-created_at",)}

    def queryset_for(self, user: Any) -> QuerySet[Backtest]:
        return Backtest.objects.visible_to(user).select_related("job")

    @extend_schema(request=BacktestInput, responses={202: StartedSerializer})
    def post(self, request: Request) -> Response:
        given = BacktestInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        model = model_by_id(values.pop("model"), request.user)
        test = backtests.create_backtest(model, by=request.user, **values)
        return accepted(test.pk, test.job_id)


class BacktestDetail(ObjectView):
    """One back-test with its result."""

    policy = Policy(about="backtest", scope="scoring")
    serializer_class = BacktestSerializer

    def queryset_for(self, user: Any) -> QuerySet[Backtest]:
        return Backtest.objects.visible_to(user).select_related("job")
