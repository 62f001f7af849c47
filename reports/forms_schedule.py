"""The form of a scheduled report."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kam.users.models import User
from reports.forms import ReportForm
from reports.models import ReportSchedule


class ScheduleForm(ReportForm):
    """Which internal report, about whom, how often, in which language, for which colleagues."""

    rhythm = forms.ChoiceField(label=_("How often"), choices=ReportSchedule.Rhythm.choices)
    start_on = forms.DateField(
        label=_("First on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The report looks back to the day before. The 1st covers whole months."),
    )
    recipients = forms.ModelMultipleChoiceField(
        label=_("Who gets it"),
        queryset=User.objects.filter(is_active=True).order_by("name"),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    field_order = ("template", "account", "rhythm", "start_on", "language", "recipients")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        del self.fields["audience"], self.fields["as_of"]
        first = timezone.localdate().replace(day=28) + timedelta(days=4)
        self.fields["start_on"].initial = first.replace(day=1)
        cast(Any, self.fields["recipients"]).initial = [user.pk]
