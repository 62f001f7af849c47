"""Retention of the portfolio and growth of an account over the API."""

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.amounts import amount_text
from accounts.models import Account
from accounts.windows import parse_day
from goals.api.asking import AMOUNT, DAY, SHARE, UNKNOWN
from goals.cohorts import CohortQuestion, portfolio_retention
from goals.constant_rates import AS_BOOKED, RATES
from goals.growth import account_growth
from goals.growth_page import is_partly_known
from goals.history import first_order_of, months_of, planned, plans_of
from goals.periods import Period
from kam.lib.api.views import ApiView
from kam.lib.errors import InvalidInput
from kam.users.models import Organisation
from kam.users.policy import Policy

RETENTION: dict[str, Any] = {
    "base_accounts": serializers.IntegerField(),
    "base_revenue": AMOUNT,
    "nrr": SHARE,
    "grr": SHARE,
    "logo_retention": SHARE,
    "growth": SHARE,
    "retained_accounts": serializers.IntegerField(),
    "current_revenue": AMOUNT,
    "churned": AMOUNT,
    "contraction": AMOUNT,
    "expansion": AMOUNT,
    "new": AMOUNT,
    "netting": serializers.CharField(help_text="what is netted against what: account or parent"),
    "rates": serializers.CharField(help_text="how foreign amounts were converted: as_booked or constant"),
    "currency": serializers.CharField(),
}
GROWTH: dict[str, Any] = {
    "revenue": AMOUNT,
    "compare": AMOUNT,
    "orders_effect": AMOUNT,
    "size_effect": AMOUNT,
    "change": AMOUNT,
    "orders": serializers.IntegerField(),
    "compare_orders": serializers.IntegerField(),
    "average_size": UNKNOWN,
    "compare_average_size": UNKNOWN,
    "plan": serializers.DecimalField(
        max_digits=18,
        decimal_places=4,
        allow_null=True,
        help_text="of the period's months, a twelfth of the year each; null while a year has no plan",
    ),
    "partial": serializers.BooleanField(
        help_text="whether a period has days of which no sales can be known: after today, or before the first"
    ),
    "first_order_on": serializers.DateField(allow_null=True),
    "currency": serializers.CharField(),
}
BASIS = OpenApiParameter("basis", enum=["net", "gross"], description="net of reversals is the default")


def day_parameter(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, DAY, required=True, description="half open: the last day is not part")


class RetentionView(ApiView):
    """What became of the customers of a base period: NRR, GRR and logo retention of a fixed cohort."""

    policy = Policy(scope="accounts")
    parameters = frozenset({"base_from", "base_to", "from", "to", "basis", "level", "rates"})

    @extend_schema(
        parameters=[
            *map(day_parameter, ("base_from", "base_to", "from", "to")),
            BASIS,
            OpenApiParameter(
                "level", enum=["account", "parent"], description="single accounts or whole groups"
            ),
            OpenApiParameter(
                "rates",
                enum=list(RATES),
                description="foreign amounts at the rate of their day (the default), or those of the second period "
                "at the rates of the first; 422 for sales on days without a rate",
            ),
        ],
        responses=inline_serializer("Retention", dict(RETENTION)),
    )
    def get(self, request: Request) -> Response:
        wanted = request.query_params
        question = CohortQuestion(
            base=_period(request, "base_from", "base_to"),
            current=_period(request, "from", "to"),
            basis=wanted.get("basis", "net"),
            level=wanted.get("level", "account"),
            rates=wanted.get("rates", AS_BOOKED),
        )
        found = portfolio_retention(question, request.user)
        body = {name: getattr(found, name) for name in RETENTION if hasattr(found, name)}
        amounts = {name: amount_text(body[name]) for name, field in RETENTION.items() if field is AMOUNT}
        stated = {"netting": question.level, "rates": question.rates}
        return Response(body | amounts | stated | {"currency": Organisation.current().currency})


class GrowthView(ApiView):
    """Why an account's revenue changed: more orders, or larger ones. The effects add up to the change."""

    policy = Policy(about="account", scope="accounts")
    parameters = frozenset({"from", "to", "compare_from", "compare_to", "basis"})

    @extend_schema(
        parameters=[*map(day_parameter, ("from", "to", "compare_from", "compare_to")), BASIS],
        responses=inline_serializer("AccountGrowth", dict(GROWTH)),
    )
    def get(self, request: Request, pk: Any) -> Response:
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        period, compare = _period(request, "from", "to"), _period(request, "compare_from", "compare_to")
        found = account_growth(account, period, compare, request.query_params.get("basis", "net"))
        amounts: dict[str, Decimal | None] = {
            "revenue": found.revenue,
            "compare": found.compare,
            "orders_effect": found.effects.orders_effect,
            "size_effect": found.effects.size_effect,
            "change": found.effects.change,
        }
        sizes = (found.effects.size_after, found.effects.size_before)
        amounts |= dict(zip(("average_size", "compare_average_size"), sizes, strict=True))
        amounts["plan"] = planned(plans_of(account), period)
        body: dict[str, Any] = {name: amount_text(value) for name, value in amounts.items()}
        body |= {"orders": found.orders, "compare_orders": found.compare_orders}
        today = timezone.localdate()
        body["partial"] = is_partly_known(months_of(account, today)[0], period, compare, today)
        body["first_order_on"] = first_order_of(account)
        return Response(body | {"currency": Organisation.current().currency})


def _period(request: Request, first: str, after: str) -> Period:
    days = []
    for name in (first, after):
        if not request.query_params.get(name):
            raise InvalidInput(
                "missing_day", gettext_noop("The day “%(name)s” is missing."), {"name": name}, name
            )
        days.append(parse_day(request.query_params[name], name))
    return Period(*days)
