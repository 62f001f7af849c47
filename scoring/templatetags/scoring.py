"""Pure formatting for the pages of this room: ``{% load scoring %}``."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from kam.lib import formatting

register = template.Library()


@register.simple_tag
def fact_value(value: float, unit: str, currency: str = "EUR") -> str:
    """Return a fact as people read it: money, days, kilometres, a share, or a number."""
    if unit == "money":
        return formatting.money(value, currency or "EUR")
    if unit == "days":
        days = round(value)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": formatting.number(days)}
    if unit == "km":
        return f"{formatting.number(value, 0)}{formatting.NBSP}km"
    return formatting.percent(value, 1) if unit == "percent" else formatting.number(value)


@register.simple_tag
def rating_value(rating: Any) -> str:
    """Return a rating as people read it; "–" for none."""
    if rating is None:
        return formatting.MISSING
    return gettext("n/a") if rating.value is None else formatting.number(rating.value, 1)


@register.simple_tag
def account_url(pk: Any) -> str:
    """Return the address of an account's page, or nothing while that page is not there."""
    try:
        return reverse("accounts:detail", kwargs={"pk": pk})
    except NoReverseMatch:
        return "#"
