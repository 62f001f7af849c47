"""The list of opportunities with what they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Sum

from goals.filters import OpportunityFilters
from goals.models import Opportunity

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class OpportunityListing:
    """One page of opportunities; ``kinds`` are (label, count, value) of everything the filters leave."""

    page: Page[Opportunity]
    kinds: list[tuple[str, int, Decimal]]
    count: int
    value: Decimal
    filters: OpportunityFilters
    today: date


def opportunity_listing(user: Any, query: Mapping[str, str], request: Any, today: date) -> OpportunityListing:
    """Return the opportunities that ``user`` sees, filtered by the query; open ones unless it says otherwise."""
    asked = {"open": "true"} | {name: query[name] for name in query}
    filters = OpportunityFilters(asked, queryset=Opportunity.objects.visible_to(user), request=request)
    found = filters.qs if filters.is_valid() else Opportunity.objects.none()
    sums = {
        row["kind"]: (row["n"], row["total"] or Decimal(0))
        for row in found.order_by().values("kind").annotate(n=Count("pk"), total=Sum("value"))
    }
    kinds = [(str(kind.label), *sums[kind.value]) for kind in Opportunity.Kind if kind.value in sums]
    rows = found.with_rows()
    return OpportunityListing(
        page=Paginator(rows, PER_PAGE).get_page(query.get("page")),
        kinds=kinds,
        count=sum(number for _label, number, _value in kinds),
        value=sum((value for _label, _number, value in kinds), Decimal(0)),
        filters=filters,
        today=today,
    )
