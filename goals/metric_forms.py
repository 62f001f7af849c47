"""Typing in what several metrics of an account say: one day, one field each."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from goals.forms import DayField, NumberField
from goals.measurable import MEASURABLE
from goals.models import Metric

ENDS = ("band_low", "band_high")


class BandForm(forms.Form):
    """The band a metric is to stay in; an empty end is open, and shares are typed as percent."""

    band_low = NumberField(label=pgettext_lazy("of a band", "From"), required=False)
    band_high = NumberField(label=pgettext_lazy("of a band", "To"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, metric: Metric) -> None:
        self.factor = 100 if metric.fact and MEASURABLE[metric.fact].unit == "percent" else 1
        typed = {name: self._typed(getattr(metric, name)) for name in ENDS}
        super().__init__(data, initial=typed | {"version": metric.version})

    def values(self) -> dict[str, Decimal | None]:
        """Return the ends of the band in the metric's values."""
        typed = {name: self.cleaned_data[name] for name in ENDS}
        return {name: None if end is None else end / self.factor for name, end in typed.items()}

    def _typed(self, end: Decimal | None) -> Decimal | None:
        """Return an end without the zeros that the column fills up with."""
        return None if end is None else (end * self.factor).normalize() + 0


class ValuesForm(forms.Form):
    """The values of a day; what is left empty is not said. The first field has the keyboard."""

    on = DayField(label=pgettext_lazy("of a value", "Day"), initial=timezone.localdate)

    def __init__(self, *args: Any, metrics: Iterable[Metric], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.metrics = {str(metric.pk): metric for metric in metrics}
        for key, metric in self.metrics.items():
            label = f"{metric.name} ({metric.unit})" if metric.unit else metric.name
            self.fields[key] = NumberField(label=label, required=False)

    @property
    def value_fields(self) -> list[BoundField]:
        return [self[key] for key in self.metrics]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.values():
            self.add_error(None, _("Type in at least one value."))
        return data

    def values(self) -> dict[Metric, Decimal]:
        """Return what was typed in, by metric."""
        typed = {metric: self.cleaned_data.get(key) for key, metric in self.metrics.items()}
        return {metric: value for metric, value in typed.items() if value is not None}
