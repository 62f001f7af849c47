"""The form of one of our sites."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.arithmetic import CannotCompute
from accounts.forms import DATE, KeptForm
from accounts.geo import read_place
from accounts.models import OwnSite

NAMES = ("name", "street", "postal_code", "city", "country", "place", "opened_on", "closed_on")
PLAIN = [name for name in NAMES if name != "place"]


class SiteForm(KeptForm):
    """A site with its address; the coordinates are pasted as a map gives them."""

    def __init__(self, data: Any = None, *, site: OwnSite | None = None) -> None:
        made: dict[str, Any] = dict(forms.fields_for_model(OwnSite, fields=PLAIN))
        made["place"] = forms.CharField(
            label=_("Coordinates"),
            max_length=60,
            help_text=_("Latitude and longitude, as a map copies them: 53.5511, 9.9937"),
        )
        for name in ("opened_on", "closed_on"):
            made[name].widget = forms.DateInput(format="%Y-%m-%d", attrs=DATE)
        made["opened_on"].help_text = _("Before that it counts for no distance.")
        made["closed_on"].help_text = _("From then on it counts for none.")
        initial: dict[str, Any] = {}
        if site is not None:
            initial = {name: getattr(site, name) for name in (*PLAIN, "version")}
            initial["place"] = f"{site.latitude.normalize():f}, {site.longitude.normalize():f}"
        super().__init__(data, initial, {name: made[name] for name in NAMES})

    def clean_place(self) -> str:
        try:
            read_place(self.cleaned_data["place"])
        except CannotCompute as error:
            raise forms.ValidationError(gettext(error.message) % error.params) from error
        return str(self.cleaned_data["place"])

    def values(self) -> dict[str, Any]:
        return _apart({name: self.cleaned_data[name] for name in NAMES})

    def changed(self) -> dict[str, Any]:
        """Return what differs from what the form was filled with."""
        return _apart(self.changes())

    def refuse(self, error: Any) -> None:
        """Coordinates are one field here and two in the action."""
        name = "place" if error.field in ("latitude", "longitude") else error.field
        self.add_error(name if name in self.fields else None, str(error))


def _apart(values: dict[str, Any]) -> dict[str, Any]:
    if "place" in values:
        values["latitude"], values["longitude"] = read_place(values.pop("place"))
    return values
