"""Who earns and who costs in the portfolio, and whether key account management pays, over the API."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.amounts import UNIT
from accounts.arithmetic import CannotCompute, exact
from accounts.windows import months_before, parse_day
from goals.api.asking import (
    AMOUNT,
    DAY,
    SHARE,
    UNKNOWN,
    RefusalSerializer,
    amounts,
    both_or_neither,
    days_of,
    period_serializer,
    refusal,
)
from goals.comparison import Comparison
from goals.ledgers import ledgers_of
from goals.pays import QUARTERS, key_accounts_compared, last_quarters
from goals.periods import Period
from goals.portfolio_growth import Mover, movers_of
from goals.profitability import WhaleCurve, whale_curve
from kam.lib.api.views import ApiView
from kam.lib.errors import InvalidInput
from kam.users.models import Organisation
from kam.users.policy import Policy

# The curve is given at this many places, its beginning and its end among them.
PLACES = 100
MOVER = inline_serializer(
    "Mover",
    {
        "account": serializers.UUIDField(),
        "name": serializers.CharField(),
        "revenue_before": AMOUNT,
        "revenue": AMOUNT,
        "revenue_change": AMOUNT,
        "contribution_before": AMOUNT,
        "contribution": AMOUNT,
        "contribution_change": AMOUNT,
    },
    many=True,
)
WHALE = inline_serializer(
    "WhaleCurve",
    {
        "peak": serializers.FloatField(help_text="what the profitable accounts earn, as a part of the total"),
        "peak_accounts": serializers.IntegerField(),
        "destroyed": serializers.FloatField(help_text="what the others take back, as a part of the total"),
        "points": inline_serializer(
            "WhalePoint",
            {"accounts": serializers.IntegerField(), "share": serializers.FloatField()},
            many=True,
        ),
    },
    allow_null=True,
)
CONTRIBUTION: dict[str, Any] = {
    "period": period_serializer("ContributionPeriod", {}),
    "base": period_serializer("ContributionBase", {}),
    "accounts": serializers.IntegerField(help_text="that bought in the period"),
    "costed": serializers.IntegerField(help_text="of them, those with a sales line that states its cost"),
    "revenue": AMOUNT,
    "contribution": serializers.DecimalField(
        max_digits=18, decimal_places=4, help_text="of the accounts whose cost is known"
    ),
    "whale_curve": WHALE,
    "refusal": RefusalSerializer(allow_null=True, help_text="why there is no curve"),
    "fell_while_revenue_rose": MOVER,
    "grew_most": MOVER,
    "shrank_most": MOVER,
    "currency": serializers.CharField(),
}
PAYS: dict[str, Any] = {
    "from": serializers.DateField(),
    "to": serializers.DateField(help_text="not part of the period"),
    "quarters": serializers.IntegerField(),
    "refusal": RefusalSerializer(
        allow_null=True, help_text="why there is no answer; everything else is null then"
    ),
    "pairs": inline_serializer(
        "MatchedPair",
        {"key_account": serializers.UUIDField(), "other": serializers.UUIDField()},
        many=True,
        allow_null=True,
    ),
    "unmatched": serializers.ListField(
        child=serializers.UUIDField(), allow_null=True, help_text="key accounts without a twin"
    ),
    "key_mean": UNKNOWN,
    "other_mean": UNKNOWN,
    "difference": UNKNOWN,
    "low": UNKNOWN,
    "high": UNKNOWN,
    "confidence": SHARE,
    "conclusive": serializers.BooleanField(allow_null=True, help_text="whether the interval leaves out zero"),
    "currency": serializers.CharField(),
}
MONEY = ("key_mean", "other_mean", "difference", "low", "high")


class PortfolioContribution(ApiView):
    """Who earns and who costs: the whale curve, and whose contribution fell while the revenue rose.

    Contribution is net revenue less cost of goods, logged time at the hourly rate and imported costs. Lists name
    the largest: five accounts that grew or shrank, ten whose contribution fell.
    """

    policy = Policy(scope="accounts")
    parameters = frozenset({"base_from", "base_to", "from", "to"})

    @extend_schema(
        parameters=[
            OpenApiParameter("from", DAY, description="first of a month; default: the last 12 full months"),
            OpenApiParameter("to", DAY, description="first of a month; the day itself is not part"),
            OpenApiParameter(
                "base_from", DAY, description="first of a month; default: the same a year before"
            ),
            OpenApiParameter("base_to", DAY, description="first of a month; the day itself is not part"),
        ],
        responses=inline_serializer("PortfolioContribution", dict(CONTRIBUTION)),
    )
    def get(self, request: Request) -> Response:
        base, period = _asked(request.query_params.dict())
        found = ledgers_of((base, period), request.user)
        known = found.contribution[found.costed[:, 1], 1]
        curve, refused = _curve(known.tolist())
        fell, grew, shrank = map(_movers, movers_of(found))
        return Response(
            {
                "period": days_of(period),
                "base": days_of(base),
                "accounts": int(found.sold[:, 1].sum()),
                "costed": int(found.costed[:, 1].sum()),
                **amounts(
                    revenue=int(found.revenue[:, 1].sum()) * UNIT, contribution=int(known.sum()) * UNIT
                ),
                "whale_curve": curve,
                "refusal": refused,
                "fell_while_revenue_rose": fell,
                "grew_most": grew,
                "shrank_most": shrank,
                "currency": Organisation.current().currency,
            }
        )


class ProgrammeEffect(ApiView):
    """Does key account management pay? Key accounts beside matched others over the last eight full quarters.

    Compared is the change of the mean quarterly contribution from the first four quarters to the last four.
    Accounts that were key when the eight quarters began are matched by industry, size and earlier growth. With
    fewer than ten pairs there is no answer but the reason.
    """

    policy = Policy(scope="accounts")

    @extend_schema(responses=inline_serializer("ProgrammeEffect", dict(PAYS)))
    def get(self, request: Request) -> Response:
        today = timezone.localdate()
        quarters = last_quarters(today, QUARTERS)
        body: dict[str, Any] = dict.fromkeys(PAYS)
        body |= {"from": quarters[0].start, "to": quarters[-1].end, "quarters": QUARTERS}
        body |= {"currency": Organisation.current().currency}
        try:
            body |= _comparison(key_accounts_compared(request.user, today))
        except CannotCompute as error:
            body["refusal"] = refusal(error)
        return Response(body)


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "pairs": [{"key_account": key, "other": other} for key, other in found.pairs],
        "unmatched": found.unmatched,
        **amounts(**{name: exact(getattr(found, name)) for name in MONEY}),
        "confidence": found.confidence,
        "conclusive": found.conclusive,
    }


def _asked(query: dict[str, str]) -> tuple[Period, Period]:
    """Return base and period: the last 12 full months against the 12 before, unless the query says otherwise."""
    end = timezone.localdate().replace(day=1)
    period = _period(query, ("from", "to"), Period(months_before(end, 12), end))
    a_year_before = Period(months_before(period.start, 12), months_before(period.end, 12))
    return _period(query, ("base_from", "base_to"), a_year_before), period


def _period(query: dict[str, str], pair: tuple[str, str], default: Period) -> Period:
    both_or_neither(query, pair)
    if not query.get(pair[0]):
        return default
    period = Period(*(parse_day(query[name], name) for name in pair))
    for name, day in zip(pair, (period.start, period.end), strict=True):
        if day.day != 1:
            message = gettext_noop(
                "Contributions of a portfolio are kept by month: give the first of a month."
            )
            raise InvalidInput("not_a_month", message, field=name)
    if period.end <= period.start:
        message = gettext_noop("The period begins before it ends; the last day itself is not part of it.")
        raise InvalidInput("bad_period", message, field=pair[1])
    return period


def _curve(contributions: Sequence[int]) -> tuple[dict[str, Any] | None, dict[str, str] | None]:
    try:
        curve = whale_curve(contributions)
    except CannotCompute as error:
        return None, refusal(error)
    return {
        "peak": curve.peak,
        "peak_accounts": curve.peak_accounts,
        "destroyed": curve.destroyed,
        "points": _points(curve),
    }, None


def _points(curve: WhaleCurve) -> list[dict[str, Any]]:
    count = len(curve.cumulated)
    places = sorted({max(1, round(count * step / PLACES)) for step in range(1, PLACES + 1)})
    return [{"accounts": place, "share": curve.cumulated[place - 1]} for place in places]


def _movers(rows: Sequence[Mover]) -> list[dict[str, Any]]:
    return [
        {
            "account": row.account.pk,
            "name": row.account.display_name,
            **amounts(
                revenue_before=row.movement.revenue_before,
                revenue=row.movement.revenue_after,
                revenue_change=row.movement.revenue_change,
                contribution_before=row.movement.contribution_before,
                contribution=row.movement.contribution_after,
                contribution_change=row.movement.contribution_change,
            ),
        }
        for row in rows
    ]
