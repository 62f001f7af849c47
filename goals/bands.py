"""The band a metric is to stay in: whether a value lies outside, and the band in words."""

from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from goals.models import Metric
from goals.values import value_text

Side = Literal["", "below", "above"]


def outside(metric: Metric, value: Decimal | None) -> Side:
    """Say on which side of its band a value lies; both ends belong to the band, an open end has no limit."""
    if value is None:
        return ""
    if metric.band_low is not None and value < metric.band_low:
        return "below"
    return "above" if metric.band_high is not None and value > metric.band_high else ""


def band_text(metric: Metric, currency: str) -> str:
    """Return the band in the metric's unit; "" where it has none."""
    low, high = (value_text(end, metric, currency) for end in (metric.band_low, metric.band_high))
    if metric.band_low is not None and metric.band_high is not None:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if metric.band_low is not None:
        return _("at least %(low)s") % {"low": low}
    return _("at most %(high)s") % {"high": high} if metric.band_high is not None else ""


def outside_text(metric: Metric, value: Decimal | None, currency: str) -> str:
    """Return the sentence that says that a value lies outside the band; "" where it does not."""
    side = outside(metric, value)
    if not side:
        return ""
    words = {"value": value_text(value, metric, currency), "band": band_text(metric, currency)}
    if side == "below":
        return _("%(value)s lies below the band (%(band)s).") % words
    return _("%(value)s lies above the band (%(band)s).") % words
