"""What is to be expected of an account over the API: forecast, next orders, share of wallet, what others buy."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.amounts import amount_text
from accounts.arithmetic import CannotCompute, exact
from accounts.gaps import Gaps
from accounts.models import Offering
from accounts.windows import months_before
from goals.adoption import MONTHS, sold_by_month
from goals.anticipation import MOST_PEERS, OfferingUse, candidates, offering_use, rhythm, wallet
from goals.api.asking import (
    AMOUNT,
    PERIOD_PARAMETERS,
    PERIODS,
    SHARE,
    UNKNOWN,
    RefusalSerializer,
    account_of,
    amounts,
    days_of,
    period_serializer,
    periods_asked,
    refusal,
)
from goals.forecast import Accuracy, Backtest, Forecast, forecast
from goals.growth import account_growth
from goals.history import months_of, planned, plans_of, quantities_of
from goals.periods import Period
from goals.wallets import Wallet, wallet_on, wallets_of
from kam.lib import formatting
from kam.lib.api.views import ApiView
from kam.users.models import Organisation
from kam.users.policy import Policy

DAYS = serializers.FloatField(allow_null=True, help_text="days; null with too few orders")
MONTH = serializers.DateField(help_text="first day of a month")
RHYTHM = {
    "order_days": serializers.IntegerField(),
    "last_on": serializers.DateField(allow_null=True),
    "elapsed": serializers.IntegerField(allow_null=True, help_text="days since the last order"),
    "median": DAYS,
    "mad": DAYS,
    "expected_on": serializers.DateField(allow_null=True, help_text="last order + median gap"),
    "overdue_after": serializers.FloatField(allow_null=True, help_text="days: median + 3 · MAD"),
    "overdue": serializers.BooleanField(
        allow_null=True, help_text="null: unknown, with fewer than three gaps"
    ),
    "overdue_days": DAYS,
}
ACCURACY = inline_serializer(
    "ForecastAccuracy",
    {
        "mae": serializers.FloatField(help_text="mean error of a month, in the currency"),
        "mase": serializers.FloatField(allow_null=True),
        "smape": serializers.FloatField(help_text="0 to 2"),
    },
)
FORECAST: dict[str, Any] = {
    "months": inline_serializer(
        "RevenueMonth",
        {"month": MONTH, "revenue": AMOUNT, "before": UNKNOWN, "plan": UNKNOWN},
        many=True,
        help_text="full months, at most 48; before is the same month a year ago",
    ),
    "running": inline_serializer("RunningMonth", {"month": MONTH, "revenue": AMOUNT, "plan": UNKNOWN}),
    "forecast": inline_serializer(
        "ForecastMonth", {"month": MONTH, "value": AMOUNT, "low": AMOUNT, "high": AMOUNT}, many=True
    ),
    "confidence": serializers.FloatField(allow_null=True, help_text="part of cases that low to high spans"),
    "refusal": RefusalSerializer(allow_null=True, help_text="why no forecast is shown"),
    "backtest": inline_serializer(
        "ForecastBacktest",
        {
            "origins": serializers.IntegerField(),
            "passed": serializers.BooleanField(help_text="whether it beat “as a year ago” on the own past"),
            "candidate": ACCURACY,
            "naive": ACCURACY,
        },
        allow_null=True,
    ),
    "currency": serializers.CharField(),
}
OFFERINGS: dict[str, Any] = {
    "period": period_serializer("OfferingPeriod", {}),
    "compare": period_serializer("OfferingCompared", {}),
    "rhythm": inline_serializer("OrderRhythm", dict(RHYTHM), allow_null=True, help_text="of all orders"),
    "months": serializers.ListField(child=MONTH, help_text="the last 12 full months"),
    "offerings": inline_serializer(
        "OfferingUse",
        {
            "offering": serializers.UUIDField(),
            "code": serializers.CharField(),
            "name": serializers.CharField(),
            "revenue": AMOUNT,
            "compare": AMOUNT,
            "by_month": serializers.ListField(child=UNKNOWN, help_text="net revenue; null: none"),
            "rhythm": inline_serializer("OfferingRhythm", dict(RHYTHM), allow_null=True),
        },
        many=True,
    ),
    "currency": serializers.CharField(),
}
WALLET = {"on": serializers.DateField(), "value": AMOUNT, "source": serializers.CharField()}
SHARE_OF_WALLET: dict[str, Any] = {
    "period": period_serializer("WalletPeriod", {}),
    "compare": period_serializer("WalletCompared", {}),
    "revenue": AMOUNT,
    "wallet": inline_serializer(
        "Wallet", dict(WALLET), allow_null=True, help_text="the newest statement up to today"
    ),
    "statements": inline_serializer("WalletStatement", dict(WALLET), many=True),
    "share": SHARE,
    "refusal": RefusalSerializer(allow_null=True, help_text="why there is no share though a spend is known"),
    "units": AMOUNT,
    "compare_units": AMOUNT,
    "saturated": serializers.BooleanField(allow_null=True, help_text="null while the share is unknown"),
    "room": SHARE,
    "plays": serializers.ListField(
        child=serializers.CharField(), help_text="volume, size, new_offering, beta"
    ),
    "currency": serializers.CharField(),
}
PEERS: dict[str, Any] = {
    "refusal": RefusalSerializer(allow_null=True, help_text="why nothing is proposed"),
    "most_peers": serializers.IntegerField(),
    "results": inline_serializer(
        "PeerOffering",
        {
            "offering": serializers.UUIDField(),
            "code": serializers.CharField(),
            "name": serializers.CharField(),
            "peers": serializers.IntegerField(),
            "buyers": serializers.IntegerField(),
            "adoption": serializers.FloatField(help_text="buyers / peers"),
            "peer_median": AMOUNT,
            "expected": AMOUNT,
            "current": AMOUNT,
            "value": AMOUNT,
        },
        many=True,
    ),
    "currency": serializers.CharField(),
}


class ForecastView(ApiView):
    """An account's revenue by month beside its plan and the year before, and what the next three months bring.

    A forecast is shown only where it beats “as a year ago” on the account's own past; otherwise ``forecast`` is
    empty and ``refusal`` says why, with both errors in ``backtest``.
    """

    policy = Policy(about="account", scope="accounts")

    @extend_schema(responses=inline_serializer("AccountForecast", dict(FORECAST)))
    def get(self, request: Request, pk: Any) -> Response:
        account, today = account_of(request, pk), timezone.localdate()
        currency, this_month = Organisation.current().currency, today.replace(day=1)
        (months, running), plans = months_of(account, today), plans_of(account)
        known = dict(months)
        body: dict[str, Any] = {
            "months": [
                {
                    "month": month,
                    **amounts(revenue=net, before=_a_year_before(known, month), plan=_plan(plans, month)),
                }
                for month, net in months
            ],
            "running": {"month": this_month, **amounts(revenue=running, plan=_plan(plans, this_month))},
            "forecast": [],
            "confidence": None,
            "refusal": None,
            "backtest": None,
            "currency": currency,
        }
        try:
            found = forecast([net for _month, net in months])
        except CannotCompute as error:
            return Response(body | {"refusal": refusal(error)})
        return Response(body | _forecast(found, this_month, currency))


class OfferingsView(ApiView):
    """Which offerings an account buys: revenue of two periods, use by month, and when the next order is due.

    The next order is expected at the last one plus the median gap, overdue after median + 3 · MAD days.
    """

    policy = Policy(about="account", scope="accounts")
    parameters = PERIODS

    @extend_schema(
        parameters=PERIOD_PARAMETERS, responses=inline_serializer("AccountOfferings", dict(OFFERINGS))
    )
    def get(self, request: Request, pk: Any) -> Response:
        account, today = account_of(request, pk), timezone.localdate()
        period, compare = periods_asked(request, account)
        gaps = rhythm(account, today)
        end = today.replace(day=1)
        months = [months_before(end, back) for back in range(MONTHS, 0, -1)]
        sold = sold_by_month(account, months[0], end)
        by_code = {code: found for (_name, code), found in sold.items()}
        rows = [(row.offering, row) for row in offering_use(account, period, compare, gaps) if row.offering]
        return Response(
            {
                "period": days_of(period),
                "compare": days_of(compare),
                "rhythm": _rhythm(gaps.get(None)),
                "months": months,
                "offerings": [_use(offering, row, months, by_code) for offering, row in rows],
                "currency": Organisation.current().currency,
            }
        )


class WalletView(ApiView):
    """Our share of what the customer spends, and whether there is volume left to win.

    Saturated is an account whose units are still up though the share of wallet is at its ceiling (85 %).
    """

    policy = Policy(about="account", scope="accounts")
    parameters = PERIODS

    @extend_schema(
        parameters=PERIOD_PARAMETERS, responses=inline_serializer("ShareOfWallet", dict(SHARE_OF_WALLET))
    )
    def get(self, request: Request, pk: Any) -> Response:
        account = account_of(request, pk)
        period, compare = periods_asked(request, account)
        revenue = account_growth(account, period, compare).revenue
        before, now = quantities_of(account, period, compare)
        statements = wallets_of([account.pk]).get(account.pk, [])
        known = wallet_on(statements, timezone.localdate())
        body: dict[str, Any] = {
            "period": days_of(period),
            "compare": days_of(compare),
            **amounts(revenue=revenue, units=now, compare_units=before),
            "wallet": _wallet(known) if known else None,
            "statements": [_wallet(each) for each in statements],
            **dict.fromkeys(("share", "refusal", "saturated", "room")),
            "plays": [],
            "currency": Organisation.current().currency,
        }
        try:
            share, found = wallet(known, revenue, (before, now))
        except CannotCompute as error:
            return Response(body | {"refusal": refusal(error)})
        body |= {"share": share, "saturated": found.saturated, "room": found.room, "plays": found.plays}
        return Response(body)


class PeersView(ApiView):
    """What comparable accounts buy and this one does not: the same industry, half to twice the revenue.

    Proposed is what at least 40 % of them buy; with fewer than five of them nothing is.
    """

    policy = Policy(about="account", scope="accounts")

    @extend_schema(responses=inline_serializer("PeerOfferings", dict(PEERS)))
    def get(self, request: Request, pk: Any) -> Response:
        account = account_of(request, pk)
        body: dict[str, Any] = {"refusal": None, "most_peers": MOST_PEERS, "results": []}
        body["currency"] = Organisation.current().currency
        try:
            rows = candidates(account, timezone.localdate())
        except CannotCompute as error:
            return Response(body | {"refusal": refusal(error)})
        money = ("peer_median", "expected", "current", "value")
        body["results"] = [
            {
                "offering": row.offering.pk,
                "code": row.offering.code,
                "name": row.offering.name,
                **{name: getattr(row.found, name) for name in ("peers", "buyers", "adoption")},
                **amounts(**{name: exact(getattr(row.found, name)) for name in money}),
            }
            for row in rows
        ]
        return Response(body)


def _forecast(found: Forecast, first: date, currency: str) -> dict[str, Any]:
    tested = found.backtest
    shown = [
        {
            "month": months_before(first, -step),
            **amounts(value=exact(value), low=exact(low), high=exact(high)),
        }
        for step, (value, low, high) in enumerate(zip(found.values, found.low, found.high, strict=True))
    ]
    backtest: dict[str, Any] = {"origins": tested.origins, "passed": tested.passed}
    backtest |= {"candidate": _accuracy(tested.candidate), "naive": _accuracy(tested.naive)}
    body: dict[str, Any] = {"forecast": shown, "confidence": found.confidence, "backtest": backtest}
    return body if tested.passed else body | {"refusal": _not_better(tested, currency)}


def _not_better(tested: Backtest, currency: str) -> dict[str, str]:
    text = gettext(
        "No forecast is shown: on this account's own past it missed by %(ours)s a month, “as a year ago” by "
        "%(naive)s."
    )
    missed = {"ours": tested.candidate.mae, "naive": tested.naive.mae}
    words = {name: formatting.money_short(value, currency) for name, value in missed.items()}
    return {"code": "not_better_than_a_year_ago", "detail": text % words}


def _accuracy(found: Accuracy) -> dict[str, float | None]:
    return {"mae": found.mae, "mase": found.mase, "smape": found.smape}


def _a_year_before(known: Mapping[date, Decimal], month: date) -> Decimal | None:
    return known.get(months_before(month, 12))


def _plan(plans: Mapping[int, Decimal], month: date) -> Decimal | None:
    return planned(plans, Period(month, months_before(month, -1)))


def _use(
    offering: Offering, row: OfferingUse, months: list[date], sold: Mapping[str, Mapping[date, Decimal]]
) -> dict[str, Any]:
    used = sold.get(offering.code, {})
    return {
        "offering": offering.pk,
        "code": offering.code,
        "name": offering.name,
        **amounts(revenue=row.revenue, compare=row.before),
        "by_month": [amount_text(used.get(month)) for month in months],
        "rhythm": _rhythm(row.gaps),
    }


def _rhythm(gaps: Gaps | None) -> dict[str, Any] | None:
    return asdict(gaps) if gaps else None


def _wallet(found: Wallet) -> dict[str, Any]:
    return {"on": found.on, "source": found.source, **amounts(value=found.value)}
