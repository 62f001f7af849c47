"""Input of estimates: one statement, or a file of them."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scoring.models import AccountEstimate


class EstimateForm(forms.Form):
    """What is said about one account, by whom it is known, and how sure that is."""

    kind = forms.ChoiceField(
        label=_("What do you know?"), choices=AccountEstimate.Kind.choices, widget=forms.RadioSelect
    )
    value = forms.DecimalField(
        label=_("Value"),
        max_digits=18,
        decimal_places=4,
        localize=True,
        help_text=_(
            "An amount a year in the reporting currency, the rating of ourselves, or days; who pays early has a minus."
        ),
    )
    rival_value = forms.DecimalField(
        label=_("Best competitor"),
        max_digits=6,
        decimal_places=2,
        required=False,
        localize=True,
        help_text=_("Only for relative strength: the same rating for the best competitor."),
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Who said so, or which document says so.")
    )
    confidence = forms.ChoiceField(label=_("Confidence"), choices=AccountEstimate.Confidence.choices)
    stated_on = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        initial=timezone.localdate,
    )
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000
    )


class EstimateFileForm(forms.Form):
    """A table with one statement a row."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX with the columns account, kind, value, source, confidence; and where known "
            "best competitor (rival_value), stated_on, note."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.gz,.xlsx"}),
    )
