"""What the endpoints about growth ask and answer alike: periods of an account, refusals, amounts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from accounts.amounts import amount_text
from accounts.arithmetic import CannotCompute
from accounts.models import Account
from goals.growth import check_periods
from goals.growth_page import asked_periods, refusal_text
from goals.periods import Period
from kam.lib.errors import InvalidInput

DAY = {"type": "string", "format": "date"}
SHARE = serializers.FloatField(allow_null=True, help_text="a share: 1 is everything")
AMOUNT = serializers.DecimalField(max_digits=18, decimal_places=4)
UNKNOWN = serializers.DecimalField(
    max_digits=18, decimal_places=4, allow_null=True, help_text="null while it is not known"
)
PAIRS = (("from", "to"), ("compare_from", "compare_to"))
PERIODS = frozenset({"from", "to", "compare_from", "compare_to", "period"})
PERIOD_PARAMETERS = [
    OpenApiParameter("from", DAY, description="first day; default: the last 12 full months"),
    OpenApiParameter("to", DAY, description="the day after the last one"),
    OpenApiParameter("compare_from", DAY, description="default: the same days a year before"),
    OpenApiParameter("compare_to", DAY, description="the day after the last one"),
    OpenApiParameter(
        "period",
        {"type": "string", "format": "uuid"},
        description="a period of the account instead of days; it stands against the one before it",
    ),
]


class RefusalSerializer(serializers.Serializer[Any]):
    """Why there is no result, in the caller's language; ``code`` never changes."""

    code = serializers.CharField()
    detail = serializers.CharField()


def refusal(error: CannotCompute) -> dict[str, str]:
    """Return a refusal as JSON."""
    return {"code": error.code, "detail": refusal_text(error)}


def account_of(request: Request, pk: Any) -> Account:
    """Return an account that the caller sees; 404 otherwise."""
    found: Account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    return found


def periods_asked(request: Request, account: Account) -> tuple[Period, Period]:
    """Return the two periods that the growth page of the account would show for the same question.

    Raises InvalidInput for half a period, a period without days, one of another account, and both at once.
    """
    query = request.query_params.dict()
    for pair in PAIRS:
        both_or_neither(query, pair)
    own = list(account.periods.all())
    if named := query.get("period"):
        if any(query.get(name) for pair in PAIRS for name in pair):
            message = gettext_noop("Give a period or its days, not both.")
            raise InvalidInput("period_and_days", message, field="period")
        if all(str(each.pk) != named for each in own):
            message = gettext_noop("There is no such period.")
            raise InvalidInput("unknown_period", message, field="period")
    period, compare = asked_periods(query, timezone.localdate(), own)
    check_periods(period, compare)
    return period, compare


def both_or_neither(query: Mapping[str, str], pair: tuple[str, str]) -> None:
    """Raise InvalidInput where only one day of a period is given."""
    missing = [name for name in pair if not query.get(name)]
    if len(missing) == 1:
        name = missing[0]
        raise InvalidInput(
            "missing_day", gettext_noop("The day “%(name)s” is missing."), {"name": name}, name
        )


def days_of(period: Period) -> dict[str, Any]:
    """Return a half-open period as JSON."""
    return {"from": period.start, "to": period.end}


def period_serializer(name: str, fields: Mapping[str, Any]) -> Any:
    """Return the serializer of what was in a period, beside its days."""
    days = {"from": serializers.DateField(), "to": serializers.DateField(help_text="not part of the period")}
    return inline_serializer(name, {**days, **fields})


def amounts(**values: Decimal | None) -> dict[str, str | None]:
    """Return amounts as the API writes them."""
    return {name: amount_text(value) for name, value in values.items()}
