"""What the company sets once for everybody over the API: cost rates, limits of beta programmes."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import caller
from accounts.serializers import InputSerializer
from goals.actions.beta import set_limits
from goals.actions.rates import set_rates
from goals.models import BetaLimits, CostRates
from goals.serializers import BetaLimitsSerializer, CostRatesSerializer
from kam.lib.api.views import ApiView
from kam.users.policy import LEADERS, Policy


class CostRatesInput(InputSerializer):
    class Meta:
        model = CostRates
        fields = ["hourly_rate", "allowed_discount"]
        extra_kwargs = {name: {"required": True} for name in fields}


class BetaLimitsInput(InputSerializer):
    class Meta:
        model = BetaLimits
        fields = ["at_once", "per_year"]
        extra_kwargs = {name: {"required": True} for name in fields}


class CostRatesView(ApiView):
    """The rates that turn hours and discounts into money."""

    policy = Policy(write=LEADERS, scope="goals")

    @extend_schema(responses=CostRatesSerializer)
    def get(self, request: Request) -> Response:
        return Response(CostRatesSerializer(CostRates.current()).data)

    @extend_schema(request=CostRatesInput, responses=CostRatesSerializer)
    def put(self, request: Request) -> Response:
        """Set both rates."""
        data = CostRatesInput(data=request.data)
        data.is_valid(raise_exception=True)
        return Response(CostRatesSerializer(set_rates(by=caller(request), **data.validated_data)).data)


class BetaLimitsView(ApiView):
    """In how many beta programmes an account may be asked."""

    policy = Policy(write=LEADERS, scope="goals")

    @extend_schema(responses=BetaLimitsSerializer)
    def get(self, request: Request) -> Response:
        return Response(BetaLimitsSerializer(BetaLimits.current()).data)

    @extend_schema(request=BetaLimitsInput, responses=BetaLimitsSerializer)
    def put(self, request: Request) -> Response:
        """Set both limits."""
        data = BetaLimitsInput(data=request.data)
        data.is_valid(raise_exception=True)
        return Response(BetaLimitsSerializer(set_limits(by=caller(request), **data.validated_data)).data)
