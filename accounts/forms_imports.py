"""Input of the import wizard: the file, then what its columns mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.imports.fields import BY_KIND
from kam.integrations.models import ImportBatch
from kam.lib.errors import DomainError

DATE_ORDERS = [
    ("", _("as the file proves")),
    ("dmy", _("day, month, year")),
    ("mdy", _("month, day, year")),
    ("ymd", _("year, month, day")),
]
DECIMALS = [("", _("as the file proves")), (",", _("comma: 1.234,56")), (".", _("point: 1,234.56"))]
MODES = [("both", _("create and update")), ("create", _("only create")), ("update", _("only update"))]
MATCHES = [
    ("external_id", _("account id")),
    ("domain", _("web domain")),
    ("vat_id", _("VAT id")),
    ("name_city", _("name and city")),
]
RULES = {
    "sales": (
        "date_order", "decimal", "reversal_prefix", "exclude_codes", "exclude_zero_price", "exclude_duplicates",
    ),
    "accounts": ("mode", "match", "decimal", "clear_empty"),
}  # fmt: skip
# What the engine asks by the names of its options is asked here by the choice that the reader sees.
ASKED = {
    "ambiguous_dates": _(
        "“%(value)s” can be read as day/month or as month/day. Choose the order that this file uses."
    ),
    "ambiguous_numbers": _(
        "“%(value)s” can be a thousand or a fraction. Choose the sign that stands before decimals in this file."
    ),
}


class UploadForm(forms.Form):
    """Step one: which file, and what is in it."""

    kind = forms.ChoiceField(
        label=_("What is in the file?"),
        choices=ImportBatch.Kind.choices,
        widget=forms.RadioSelect,
        initial="sales",
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("CSV or XLSX, also packed with gzip; encoding and separators are recognised."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.gz,.xlsx"}),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=60,
        required=False,
        help_text=_("The system that the file comes from. Customer numbers are kept apart by source."),
    )


class ColumnsForm(forms.Form):
    """Step two: a column for each field, how values are written, and what stays out."""

    date_order = forms.ChoiceField(label=_("Dates are written"), choices=DATE_ORDERS, required=False)
    decimal = forms.ChoiceField(label=_("Decimal sign"), choices=DECIMALS, required=False)
    reversal_prefix = forms.CharField(
        label=_("Cancellations begin with"),
        max_length=10,
        required=False,
        help_text=_(
            "A prefix of the order number, for example C. Negative quantities are recognised anyway."
        ),
    )
    exclude_codes = forms.CharField(
        label=_("Codes that are no goods"),
        required=False,
        max_length=2000,
        help_text=_(
            "Separated by commas, for example POST, BANK CHARGES. Their rows stay out and are counted."
        ),
    )
    exclude_zero_price = forms.BooleanField(label=_("Leave out lines without a price"), required=False)
    exclude_duplicates = forms.BooleanField(label=_("Leave out exact repetitions"), required=False)
    mode = forms.ChoiceField(label=_("Accounts of the file"), choices=MODES, required=False)
    match = forms.ChoiceField(label=_("Recognise accounts by"), choices=MATCHES, required=False)
    clear_empty = forms.BooleanField(label=_("Empty cells clear the value"), required=False)
    source = forms.CharField(label=_("Source"), max_length=60)
    save_as = forms.CharField(
        label=_("Keep as a profile"),
        max_length=80,
        required=False,
        help_text=_("A name, and the next file with this header is mapped at once."),
    )

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        self.batch = batch
        options = batch.options | {"exclude_codes": ", ".join(batch.options.get("exclude_codes", []))}
        kwargs["initial"] = options | {"source": batch.source}
        super().__init__(*args, **kwargs)
        for name in {*RULES["sales"], *RULES["accounts"]} - {*RULES[batch.kind]}:
            del self.fields[name]
        columns = [("", _("– not in the file –")), *((name, name) for name in batch.table["header"])]
        for known in BY_KIND[batch.kind]:
            self.fields[f"map_{known.code}"] = forms.ChoiceField(
                label=known.label,
                choices=columns,
                required=known.required,
                initial=batch.mapping.get(known.code, ""),
                help_text=known.help,
            )

    def columns(self) -> list[forms.BoundField]:
        """The fields that choose a column."""
        return [self[name] for name in self.fields if name.startswith("map_")]

    def rules(self) -> list[forms.BoundField]:
        """The fields that say how values are written and what stays out."""
        return [self[name] for name in RULES[self.batch.kind]]

    def mapping(self) -> dict[str, str]:
        chosen = ((known.code, self.cleaned_data[f"map_{known.code}"]) for known in BY_KIND[self.batch.kind])
        return {code: name for code, name in chosen if name}

    def options(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in RULES[self.batch.kind]}
        if "exclude_codes" in found:
            found["exclude_codes"] = [c.strip() for c in found["exclude_codes"].split(",") if c.strip()]
        return {name: value for name, value in found.items() if value != ""}

    def show(self, error: DomainError) -> None:
        """Put an error of the engine beside the field it is about: «mapping.amount», «options.date_order»."""
        name = error.field.replace("mapping.", "map_").replace("options.", "")
        text = str(ASKED[error.code]) % error.params if error.code in ASKED else str(error)
        self.add_error(name if name in self.fields else None, text)
