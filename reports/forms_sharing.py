"""The form of a share link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models.share import DEFAULT_DAYS, MAX_DAYS, SHORTEST_PASSWORD


class ShareLinkForm(forms.Form):
    """For whom, for how long, with which password."""

    recipient = forms.CharField(
        label=_("For whom"), max_length=120, help_text=_("Name of the person or the department")
    )
    days = forms.IntegerField(
        label=_("Valid for (days)"), min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        min_length=SHORTEST_PASSWORD,
        max_length=128,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("At least eight characters. It is not shown again."),
    )
