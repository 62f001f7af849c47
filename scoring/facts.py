"""What a rule can rate: the facts from sales, how near we are, and what is stated of an account's payments."""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
from django.db.models import FloatField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.distances import service_distances
from accounts.facts import FACTS, FactDefinition, FactsTable, facts_table
from accounts.models import Account
from kam.lib.models import KeyText, plain_rows
from scoring.models import AccountEstimate
from scoring.rules import Floats

_OWN = (
    FactDefinition(
        "service_distance",
        _("Distance to our nearest site"),
        "km",
        _(
            "Kilometres along the great circle to the nearest of our sites that is open on the day of reckoning."
        ),
        higher_is_better=False,
        uses_window=False,
    ),
    FactDefinition(
        "days_beyond_terms",
        _("Days beyond terms"),
        "days",
        _("The newest statement up to the day of reckoning; below zero the customer pays early."),
        higher_is_better=False,
        uses_window=False,
    ),
)
# Known of an account whether it ever ordered or not.
OWN: dict[str, FactDefinition] = {fact.code: fact for fact in _OWN}
RATEABLE: dict[str, FactDefinition] = FACTS | OWN


def rateable_table(
    codes: Iterable[str], *, as_of: date, window: str = "all", basis: str = "net"
) -> FactsTable:
    """Return facts of all accounts with orders up to ``as_of``, like ``facts_table``, for any rateable fact."""
    wanted = list(codes)
    plain = [code for code in wanted if code in FACTS]
    table = facts_table(plain, as_of=as_of, window=window, basis=basis)
    for code in wanted:
        if code in OWN:
            table.values[code] = in_order(own_values(code, as_of), table.keys)
    return table


def own_values(code: str, as_of: date, accounts: QuerySet[Account] | None = None) -> dict[str, float]:
    """Return one of the facts that need no order, by account id as KeyText; who is missing is not in it."""
    if code == "service_distance":
        return service_distances(as_of, accounts)
    said = AccountEstimate.objects.newest(as_of).filter(kind=AccountEstimate.Kind.DAYS_BEYOND_TERMS)
    if accounts is not None:
        said = said.filter(account__in=accounts.order_by().values("pk"))
    value = Cast("value", FloatField())
    rows = said.select_related(None).order_by().annotate(days=value).values_list(KeyText("account"), "days")
    return dict(plain_rows(rows))


def in_order(values: Mapping[str, float], keys: Iterable[str]) -> Floats:
    """Put values by account in the order of ``keys``, NaN where there is none."""
    return np.array([values.get(key, np.nan) for key in keys], dtype=np.float64)
