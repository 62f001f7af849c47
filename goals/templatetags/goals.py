"""How values of metrics are written: ``{% load goals %}``."""

from typing import Any

from django import template

from goals.values import value_text
from goals.visible import shown_to_customer
from kam.lib import formatting

register = template.Library()


@register.simple_tag(takes_context=True)
def metric_value(context: dict[str, Any], value: Any, metric: Any) -> str:
    """Return a value in its metric's unit: money, percent of a share, days, or the number with its unit."""
    organisation = context.get("organisation")
    organisation = organisation() if callable(organisation) else organisation
    return value_text(value, metric, getattr(organisation, "currency", "EUR"))


@register.filter
def is_shown(row: Any) -> bool:
    """Say whether the customer may see an entry of the plan."""
    return shown_to_customer(row)


@register.filter
def on_track_share(progress: float | None) -> float:
    """Return a progress as the share of a track that ends at 125 % of the way."""
    return max(0.0, min(1.0, (progress or 0.0) / 1.25))


@register.filter
def signed_points(difference: float | None) -> str:
    """Return a difference of shares as a signed number of points."""
    return formatting.number(None if difference is None else difference * 100, 0, signed=True)
