"""Forms of the reports room."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.lib import formatting
from kam.lib.errors import InvalidInput
from kam.users.models import User
from reports.finding import find_account, shortest_text
from reports.models import Report
from reports.permissions import can_report_on_portfolio
from reports.templates import TEMPLATES

OFFERED = 100


class ReportForm(forms.Form):
    """A new report: about whom, for whom, as of when, in which language."""

    template = forms.ChoiceField(
        label=_("Report"), choices=Report.Template.choices, initial=Report.Template.PROGRESS
    )
    account = forms.CharField(
        label=_("Account"),
        required=False,
        max_length=200,
        help_text=_("Exact name, external id or id. Not needed for the leadership portfolio."),
        widget=forms.TextInput(attrs={"list": "report-accounts", "autocomplete": "off"}),
    )
    audience = forms.ChoiceField(
        label=_("For whom"), choices=Report.Audience.choices, initial=Report.Audience.INTERNAL
    )
    as_of = forms.DateField(
        label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("de", "Deutsch"), ("en", "English")])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        # The page of sections posts its boxes and says so; other forms mean all sections of the template.
        boxes = self.data.getlist("sections") if "boxes" in self.data else None  # type: ignore[attr-defined]  # the data of a form is a QueryDict
        self.sections: list[str] | None = boxes
        self.fields["as_of"].initial = timezone.localdate()
        self.fields["language"].initial = formatting.language()
        if not can_report_on_portfolio(user):
            field = cast(forms.ChoiceField, self.fields["template"])
            field.choices = [
                choice for choice in Report.Template.choices if TEMPLATES[choice[0]].about_account
            ]
            self.fields["account"].required = True
            self.fields["account"].help_text = _("Exact name, external id or id.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["sections"] = self.sections
        if values.get("template") == Report.Template.PORTFOLIO:
            values["account"] = None
        elif text := values.get("account"):
            try:
                values["account"] = self._found(text)
            except InvalidInput as error:
                self.add_error("account", str(error))
        elif "account" not in self.errors:
            self.add_error("account", _("Name the account that the report is about."))
        return values

    def _found(self, text: str) -> Account:
        """Return the account that was meant, whose name then stands in the field where links pass the id."""
        accounts = Account.objects.visible_to(self.user)
        account = find_account(text, accounts)
        typed = cast(Any, self.data).copy()
        typed["account"] = shortest_text(account, accounts)
        self.data = typed
        return account

    def suggestions(self) -> list[str]:
        """The names that the account field offers: the key accounts first."""
        accounts = Account.objects.visible_to(self.user).active()
        by_importance = accounts.order_by("key_since", "sort_key", "id")
        return [account.display_name for account in by_importance.only("name", "brand_name")[:OFFERED]]
