"""The filters of reports, for page and API."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from accounts.filters import AccountIdFilter
from reports.models import Report


class ReportFilters(filters.FilterSet):
    """What reports can be filtered by."""

    account = AccountIdFilter(label=_("Account"), field_name="account")
    template = filters.ChoiceFilter(label=_("Report"), choices=Report.Template.choices)
    audience = filters.ChoiceFilter(label=_("For whom"), choices=Report.Audience.choices)

    class Meta:
        model = Report
        fields = ["account", "template", "audience"]
