"""Concentration over the API."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.amounts import amount_text
from accounts.windows import parse_period
from kam.lib.api.views import ApiView
from kam.users.models import Organisation
from kam.users.policy import Policy
from reports.queries.portfolio import Holder, Portfolio, Question, holders, portfolio

SHARE = serializers.FloatField(allow_null=True, help_text="0 to 1")
COUNT = serializers.IntegerField(allow_null=True)
AMOUNT = serializers.DecimalField(max_digits=18, decimal_places=4)
DAY = {"type": "string", "format": "date"}
FIELDS: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "from": serializers.DateField(allow_null=True),
    "to": serializers.DateField(allow_null=True, help_text="not part of the period"),
    "basis": serializers.ChoiceField(choices=["gross", "net"]),
    "level": serializers.ChoiceField(choices=["account", "parent"]),
    "currency": serializers.CharField(),
    "accounts": serializers.IntegerField(),
    "total": AMOUNT,
    "top20_count": serializers.IntegerField(help_text="a fifth of the accounts, rounded up"),
    "top20_share": SHARE,
    "top10_share": SHARE,
    "largest_share": SHARE,
    "gini": SHARE,
    "hhi": serializers.FloatField(allow_null=True, help_text="0 to 10,000"),
    "effective_number": serializers.FloatField(allow_null=True),
    "accounts_for_50": COUNT,
    "accounts_for_80": COUNT,
    "accounts_for_95": COUNT,
    "top": inline_serializer(
        "ConcentrationTop",
        {
            "id": serializers.UUIDField(allow_null=True),
            "external_id": serializers.CharField(),
            "name": serializers.CharField(),
            "revenue": AMOUNT,
        },
        many=True,
    ),
}


class ConcentrationView(ApiView):
    """How much of the revenue hangs on how few of the accounts you may see."""

    policy = Policy(scope="accounts")
    parameters = frozenset({"from", "to", "basis", "level"})

    @extend_schema(
        parameters=[
            OpenApiParameter("from", DAY, description="first day; default: from the beginning"),
            OpenApiParameter("to", DAY, description="the day after the last one; default: everything"),
            OpenApiParameter("basis", enum=["net", "gross"], description="net of reversals is the default"),
            OpenApiParameter("level", enum=["account", "parent"], description="parent: whole groups"),
        ],
        responses=inline_serializer("Concentration", dict(FIELDS)),
    )
    def get(self, request: Request) -> Response:
        wanted = request.query_params
        start, end = parse_period(wanted.get("from", ""), wanted.get("to", ""))
        question = Question(start, end, wanted.get("basis", "net"), wanted.get("level", "account"))
        found = portfolio(request.user, question)
        return Response(body(found, holders(request.user, found), Organisation.current().currency))


def body(found: Portfolio, top: list[Holder], currency: str) -> dict[str, Any]:
    """Return a portfolio as JSON holds it: amounts as decimal strings, shares and indices unrounded."""
    asked = found.question
    rows = [
        {
            "id": row.account_id,
            "external_id": row.external_id,
            "name": row.name,
            "revenue": amount_text(row.revenue),
        }
        for row in top
    ]
    return {
        "from": asked.start,
        "to": asked.end,
        "basis": asked.basis,
        "level": asked.level,
        "currency": currency,
        **asdict(found.concentration()),
        "total": amount_text(found.total),
        "top": rows,
    }
