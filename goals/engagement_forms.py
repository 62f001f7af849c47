"""Input for what was done together beyond buying and selling."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Engagement, Visibility
from goals.forms import SHORT_TEXT, DayField


class EngagementForm(forms.Form):
    """What it was, when, with whom, and what it brought."""

    verb = forms.ChoiceField(label=_("Kind"), choices=Engagement.choices)
    on = DayField(label=_("When"))
    body = forms.CharField(label=_("What happened?"), widget=SHORT_TEXT, max_length=2000)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"), required=False)
    people = forms.CharField(label=_("Who else took part"), max_length=500, required=False)
    brought = forms.CharField(label=_("What it brought"), max_length=500, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, required=False)
    shareable = forms.BooleanField(label=_("May be shown to the customer"), required=False)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = account.contacts.current()  # type: ignore[attr-defined]  # a choice field
        self.fields["on"].initial = timezone.localdate()

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        day: date = values.pop("on")
        values["occurred_at"] = min(timezone.make_aware(datetime.combine(day, time(12))), timezone.now())
        if day > timezone.localdate():
            values["occurred_at"] = timezone.make_aware(datetime.combine(day, time(12)))
        values["visibility"] = Visibility.SHAREABLE if values.pop("shareable") else Visibility.INTERNAL
        return values
