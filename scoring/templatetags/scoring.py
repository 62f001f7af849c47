"""Pure formatting for the pages of this room: ``{% load scoring %}``."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import ngettext

from kam.lib import formatting

register = template.Library()


@register.simple_tag
def fact_value(value: float, unit: str, currency: str = "EUR") -> str:
    """Return a fact as people read it: money, days, a share, or a number."""
    if unit == "money":
        return formatting.money(value, currency or "EUR")
    if unit == "days":
        days = round(value)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": formatting.number(days)}
    return formatting.percent(value, 1) if unit == "percent" else formatting.number(value)


@register.simple_tag
def account_url(pk: Any) -> str:
    """Return the address of an account's page, or nothing while that page is not there."""
    try:
        return reverse("accounts:detail", kwargs={"pk": pk})
    except NoReverseMatch:
        return "#"
