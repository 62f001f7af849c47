"""The facts of one account over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.amounts import amount_text
from accounts.facts import FACTS, AccountFacts, account_facts
from accounts.models import Account
from accounts.windows import parse_day
from kam.lib.api.views import ApiView
from kam.users.models import Organisation
from kam.users.policy import Policy

AMOUNT = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
FIELDS: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "account": serializers.UUIDField(),
    "as_of": serializers.DateField(),
    "window": serializers.CharField(),
    "basis": serializers.ChoiceField(choices=["gross", "net"]),
    "currency": serializers.CharField(),
    "from": serializers.DateField(allow_null=True, help_text="first day of the window"),
    "to": serializers.DateField(help_text="the day after the window"),
    "revenue": serializers.DecimalField(max_digits=18, decimal_places=4),
    "orders": serializers.IntegerField(),
    "lines": serializers.IntegerField(),
    "average_transaction_size": AMOUNT,
    "median_transaction_size": AMOUNT,
    "first_order_on": serializers.DateField(allow_null=True),
    "last_order_on": serializers.DateField(allow_null=True),
    "tenure_days": serializers.IntegerField(allow_null=True),
    "recency_days": serializers.IntegerField(allow_null=True),
    "growth": serializers.FloatField(allow_null=True, help_text="a share: 0.1 is ten percent"),
    "distinct_offerings": serializers.IntegerField(),
    "median_gap_days": serializers.FloatField(allow_null=True),
    "mad_gap_days": serializers.FloatField(allow_null=True),
    "next_order_expected_on": serializers.DateField(allow_null=True),
    "overdue": serializers.BooleanField(allow_null=True),
}


class AccountFactsView(ApiView):
    """What an account bought, as of a day and within a window that ends with it."""

    policy = Policy(about="account", scope="accounts")
    parameters = frozenset({"as_of", "window", "basis"})

    @extend_schema(
        parameters=[
            OpenApiParameter("as_of", {"type": "string", "format": "date"}, description="default: today"),
            OpenApiParameter("window", description="all (default), 12m, 6m, 3m or a number of days: 90d"),
            OpenApiParameter("basis", enum=["net", "gross"], description="net of reversals is the default"),
        ],
        responses=inline_serializer("AccountFacts", dict(FIELDS)),
    )
    def get(self, request: Request, pk: Any) -> Response:
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        wanted = request.query_params
        as_of = parse_day(wanted["as_of"], "as_of") if "as_of" in wanted else timezone.localdate()
        found = account_facts(
            account, as_of=as_of, window=wanted.get("window", "all"), basis=wanted.get("basis", "net")
        )
        return Response({"account": account.pk, "currency": Organisation.current().currency} | body(found))


def body(facts: AccountFacts) -> dict[str, Any]:
    """Return facts as JSON holds them: amounts as decimal strings, days in ISO form, shares unrounded."""
    amounts = {
        code: amount_text(getattr(facts, code)) for code, fact in FACTS.items() if fact.unit == "money"
    }
    window = {"from": facts.span.start, "to": facts.span.end}
    return {name: getattr(facts, name) for name in FIELDS if hasattr(facts, name)} | window | amounts
