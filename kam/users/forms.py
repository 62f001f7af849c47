"""Input for the first visit and a person's own settings."""

import zoneinfo
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from kam.users.models import Organisation, Role, User

CURRENCIES = [(code, code) for code in ("EUR", "CHF", "GBP", "USD", "SEK", "DKK", "NOK", "PLN", "CZK")]


class FirstVisitForm(forms.Form):
    """Names the company and its first leader."""

    organisation = forms.CharField(
        label=_("Company"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    currency = forms.ChoiceField(label=_("Reporting currency"), choices=CURRENCIES)
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(
            password, User(email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", ""))
        )
        return password


class ProfileForm(forms.ModelForm):
    """Name, language, time zone, theme and keys of a person's own."""

    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme", "single_keys"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(
            zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/")
        )
        self.fields["time_zone"].choices = [("", _("As the installation")), *((zone, zone) for zone in zones)]  # type: ignore[attr-defined]  # a choice field


class NewPersonForm(forms.Form):
    """A colleague who is to sign in."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.KAM)
    password = forms.CharField(
        label=_("First password"),
        strip=False,
        help_text=_("At least 12 characters. Ask for it to be changed after the first sign-in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody with this address exists already."), code="email_taken")
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class PersonForm(forms.Form):
    """Role and access of a colleague."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class OrganisationForm(forms.ModelForm):
    """The company's name, reporting currency and fiscal year."""

    currency = forms.ChoiceField(
        label=_("Reporting currency"),
        choices=CURRENCIES,
        help_text=_("Every amount is kept in it; it is chosen before the first amount comes in."),
    )

    fiscal_year_start = forms.TypedChoiceField(
        label=_("Fiscal year begins in"),
        coerce=int,
        choices=[(number, name) for number, name in MONTHS.items()],
    )

    class Meta:
        model = Organisation
        fields = ["name", "currency", "fiscal_year_start"]


class TeamForm(forms.Form):
    """A team and its members."""

    name = forms.CharField(label=_("Team"), max_length=80)
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=User.objects.active().order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
