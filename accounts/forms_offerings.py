"""The form of an offering."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import KeptForm, with_choices
from accounts.models import Offering

STATES = (("True", _("On sale")), ("False", _("Off sale")))
NAMES = ("code", "name", "parent", "kind", "is_active")


class OfferingForm(KeptForm):
    """An offering in a group, or a group."""

    def __init__(self, data: Any = None, *, offering: Offering | None = None, group: str = "") -> None:
        made: dict[str, Any] = dict(forms.fields_for_model(Offering, fields=["code", "name", "kind"]))
        self.groups = {str(row.pk): row for row in Offering.objects.groups().order_by("name")}
        if offering:
            self.groups.pop(str(offering.pk), None)
        choices = [("", _("None: this is a group, or stands alone")), *self.groups.items()]
        made["parent"] = forms.ChoiceField(label=_("Group"), choices=choices, required=False)
        made["code"].help_text = _("As in your orders: imports find the offering by it.")
        made["name"].required = False
        made["is_active"] = forms.TypedChoiceField(label=_("Status"), choices=STATES, coerce="True".__eq__)
        initial: dict[str, Any] = {"is_active": "True", "kind": "goods", "parent": group}
        if offering:
            initial = {name: getattr(offering, name) for name in (*NAMES, "version")}
            initial |= {"parent": str(offering.parent_id or ""), "is_active": str(offering.is_active)}
        if data is not None and offering:
            data = with_choices(data)
        super().__init__(data, initial, {name: made[name] for name in NAMES})

    def values(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in NAMES}
        return self._with_group({name: value for name, value in given.items() if value not in ("", None)})

    def changed(self) -> dict[str, Any]:
        """Return what differs from what the form was filled with."""
        return self._with_group(self.changes())

    def _with_group(self, values: dict[str, Any]) -> dict[str, Any]:
        if "parent" in values:
            values["parent"] = self.groups.get(values["parent"])
        return values
