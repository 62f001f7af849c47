"""Exchange rates over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.rates import add_rates
from accounts.models import CurrencyRate
from accounts.permissions import caller
from accounts.serializers_rates import CurrencyRateInput, CurrencyRateSerializer
from kam.lib.api.views import ListView
from kam.users.policy import LEADERS, Policy


class CurrencyRateList(ListView):
    """What one unit of a currency is worth in the reporting currency; POST gives a rate, the same again is nothing."""

    policy = Policy(write=LEADERS, scope="accounts")
    serializer_class = CurrencyRateSerializer
    orderings = {"-valid_from": ("-valid_from",), "valid_from": ("valid_from",)}

    def queryset_for(self, user: Any) -> QuerySet[CurrencyRate]:
        return CurrencyRate.objects.visible_to(user)

    @extend_schema(
        request=CurrencyRateInput, responses={200: CurrencyRateSerializer, 201: CurrencyRateSerializer}
    )
    def post(self, request: Request) -> Response:
        """Give a rate: 201 when it is new or different."""
        data = CurrencyRateInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        row = (given["currency"], given["valid_from"], given["rate"])
        made = add_rates([row], by=caller(request))
        standing = CurrencyRate.objects.get(
            currency=given["currency"].strip().upper(), valid_from=given["valid_from"]
        )
        return Response(CurrencyRateSerializer(standing).data, status=201 if made else 200)
