"""What an account leaves us, and why its revenue moved, over the API."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from goals.api.asking import (
    AMOUNT,
    PERIOD_PARAMETERS,
    PERIODS,
    SHARE,
    UNKNOWN,
    account_of,
    amounts,
    days_of,
    period_serializer,
    periods_asked,
)
from goals.contributions import AccountResult, account_result
from goals.costs import leakage_of
from goals.currencies import currencies
from goals.decomposition import Effects
from goals.growth import offering_bridge
from goals.models import CostRates
from goals.periods import Period
from goals.profitability import Leakage
from goals.serializers import CostRatesSerializer
from kam.lib.api.views import ApiView
from kam.users.models import Organisation
from kam.users.policy import Policy

LEAKAGE = {
    "granted": AMOUNT,
    "allowed": AMOUNT,
    "leaked": AMOUNT,
    "granted_rate": SHARE,
    "leaked_rate": SHARE,
}
RESULT = {
    "costed": serializers.BooleanField(help_text="whether a sales line of the period states its cost"),
    "list_revenue": AMOUNT,
    "discounts": AMOUNT,
    "discount_rate": SHARE,
    "net_revenue": AMOUNT,
    "cost_of_goods": UNKNOWN,
    "gross_margin": UNKNOWN,
    "gross_rate": SHARE,
    "minutes": serializers.IntegerField(help_text="logged in the period"),
    "cost_to_serve": AMOUNT,
    "other_costs": AMOUNT,
    "contribution": UNKNOWN,
    "contribution_rate": SHARE,
    "leakage": inline_serializer(
        "DiscountLeakage",
        dict(LEAKAGE),
        help_text="of lines with a discount, net of reversals: granted is the discounts above",
    ),
}
RATE = serializers.DecimalField(max_digits=9, decimal_places=2)
CONTRIBUTION = {
    "period": period_serializer("PeriodContribution", RESULT),
    "compare": period_serializer("ComparedContribution", RESULT),
    "fell_while_revenue_rose": serializers.BooleanField(),
    "hourly_rate": RATE,
    "allowed_discount": serializers.DecimalField(max_digits=5, decimal_places=2, help_text="percent"),
    "currency": serializers.CharField(),
}
STEPS = dict.fromkeys(("change", "price", "volume", "mix", "new", "lost"), AMOUNT)
BRIDGE = {
    "period": period_serializer("BridgePeriod", {}),
    "compare": period_serializer("BridgeCompared", {}),
    "before": AMOUNT,
    **STEPS,
    "exchange_rates": AMOUNT,
    "after": AMOUNT,
    "offerings": inline_serializer(
        "OfferingEffects",
        {
            "offering": serializers.UUIDField(allow_null=True, help_text="null: lines without an offering"),
            "name": serializers.CharField(),
            **STEPS,
        },
        many=True,
    ),
    "currencies_without_rate": serializers.ListField(
        child=serializers.CharField(), help_text="their lines count as booked"
    ),
    "currency": serializers.CharField(),
}


class ContributionView(ApiView):
    """What is left of an account's revenue, step by step, and what discounts went beyond the policy.

    List revenue − discounts = net revenue − cost of goods = gross margin − cost to serve − other costs =
    contribution. Cost to serve is logged time at the hourly rate; other costs are imported by year and count by days.
    """

    policy = Policy(about="account", scope="accounts")
    parameters = PERIODS

    @extend_schema(
        parameters=PERIOD_PARAMETERS, responses=inline_serializer("AccountContribution", dict(CONTRIBUTION))
    )
    def get(self, request: Request, pk: Any) -> Response:
        account = account_of(request, pk)
        period, compare = periods_asked(request, account)
        now, before = account_result(account, period), account_result(account, compare)
        return Response(
            {
                "period": _result(account, period, now),
                "compare": _result(account, compare, before),
                "fell_while_revenue_rose": now.fell_while_rising(before),
                **CostRatesSerializer(CostRates.current()).data,
                "currency": Organisation.current().currency,
            }
        )


class BridgeView(ApiView):
    """From one revenue to another by price, volume, mix, new and lost offerings: it adds up to the cent.

    before + change + exchange_rates = after, and change is the sum of its five effects, for each offering and
    for all. Price = q₁·(p₁ − p₀), volume = q₀·p₀·(Q₁/Q₀ − 1), mix is the rest of offerings sold in both periods.
    """

    policy = Policy(about="account", scope="accounts")
    parameters = PERIODS

    @extend_schema(parameters=PERIOD_PARAMETERS, responses=inline_serializer("AccountBridge", dict(BRIDGE)))
    def get(self, request: Request, pk: Any) -> Response:
        account, currency = account_of(request, pk), Organisation.current().currency
        period, compare = periods_asked(request, account)
        moved = currencies(account, period, compare, currency)
        bridge, names = offering_bridge(account, period, compare, moved.effects)
        rows = sorted(bridge.offerings.items(), key=lambda row: (-abs(row[1].change), row[0]))
        return Response(
            {
                "period": days_of(period),
                "compare": days_of(compare),
                **amounts(before=bridge.before, **_steps(bridge.total)),
                **amounts(exchange_rates=bridge.currency, after=bridge.after),
                "offerings": [
                    {"offering": key or None, "name": names[key], **amounts(**_steps(effects))}
                    for key, effects in rows
                ],
                "currencies_without_rate": moved.unknown,
                "currency": currency,
            }
        )


def _result(account: Account, period: Period, found: AccountResult) -> dict[str, Any]:
    """Return the books of a period; what needs the cost of goods is null while no line states it."""
    books, left = found.books, found.contribution
    known = {"cost_of_goods": books.cost_of_goods, "gross_margin": left.gross_margin}
    known |= {"contribution": left.contribution}
    return {
        **days_of(period),
        "costed": found.costed,
        **amounts(list_revenue=books.list_revenue, discounts=books.discounts, net_revenue=left.net_revenue),
        **amounts(cost_to_serve=books.cost_to_serve, other_costs=books.other_costs),
        **amounts(**{name: value if found.costed else None for name, value in known.items()}),
        "discount_rate": left.discount_rate,
        "gross_rate": left.gross_rate if found.costed else None,
        "contribution_rate": left.contribution_rate if found.costed else None,
        "minutes": found.minutes,
        "leakage": _leakage(leakage_of(account, period)),
    }


def _leakage(found: Leakage) -> dict[str, Any]:
    rates = {"granted_rate": found.granted_rate, "leaked_rate": found.leaked_rate}
    return amounts(granted=found.granted, allowed=found.allowed, leaked=found.leaked) | rates


def _steps(effects: Effects) -> dict[str, Decimal]:
    return {each.name: getattr(effects, each.name) for each in fields(effects)}
