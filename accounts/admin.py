"""Accounts, contacts and offerings in the admin panel: plain forms that call the same actions as everything else."""

from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest

from accounts.actions import accounts, contacts, offerings, sites
from accounts.models import Account, AccountMerge, Contact, CurrencyRate, Offering, OwnSite
from accounts.permissions import caller
from kam.lib.admin import ChosenRows, ReadOnlyAdmin, RowSelect
from kam.lib.errors import DomainError

M = TypeVar("M", bound=models.Model)


class ActionForm(forms.ModelForm):
    """Writes through the action while it is validated, so that a refusal stands at its field.

    The admin has opened a transaction around the request; an invalid form leaves nothing behind.
    """

    request: HttpRequest

    def _post_clean(self) -> None:
        """Leave the row as it is: the action compares it with the values and writes what differs."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            values = {name: data[name] for name in self._meta.fields or () if name in data}
            try:
                with transaction.atomic():
                    self.instance = self.write(values)
            except DomainError as error:
                raise ValidationError(
                    {error.field if error.field in self.fields else "__all__": str(error)}
                ) from error
        return data

    def write(self, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def save(self, commit: bool = True) -> Any:
        return self.instance

    def save_m2m(self) -> None:
        """Nothing: the action has written everything."""


class AccountAdminForm(ActionForm):
    class Meta:
        model = Account
        fields = list(accounts.EDITABLE)

    def write(self, values: dict[str, Any]) -> Account:
        by = caller(self.request)
        if self.instance._state.adding:
            return accounts.create_account(values=values, by=by)
        return accounts.update_account(self.instance, values=values, by=by)


class ContactAdminForm(ActionForm):
    class Meta:
        model = Contact
        fields = ["account", *contacts.PLAIN]

    def write(self, values: dict[str, Any]) -> Contact:
        account, by = values.pop("account", None), caller(self.request)
        if self.instance._state.adding:
            return contacts.create_contact(account, values=values, by=by)
        return contacts.update_contact(self.instance, values=values, by=by)


class OfferingAdminForm(ActionForm):
    class Meta:
        model = Offering
        fields = list(offerings.EDITABLE)

    def write(self, values: dict[str, Any]) -> Offering:
        by = caller(self.request)
        if self.instance._state.adding:
            return offerings.create_offering(values=values, by=by)
        return offerings.update_offering(self.instance, values=values, by=by)


class SiteAdminForm(ActionForm):
    class Meta:
        model = OwnSite
        fields = list(sites.EDITABLE)

    def write(self, values: dict[str, Any]) -> OwnSite:
        by = caller(self.request)
        if self.instance._state.adding:
            return sites.create_site(values=values, by=by)
        return sites.update_site(self.instance, values=values, by=by)


class ActionAdmin(ChosenRows, admin.ModelAdmin):
    """Calls actions in place of saving; deleting many at once stays with the pages, which explain refusals."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = RowSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the form has called the action."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Account)
class AccountAdmin(ActionAdmin):
    form = AccountAdminForm
    list_display = ["name", "city", "status", "owner", "kam", "key_since"]
    list_filter = ["status", ("key_since", admin.EmptyFieldListFilter)]
    list_select_related = ["owner", "kam"]
    search_fields = ["search_text"]
    autocomplete_fields = ["parent"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search as everywhere else: folded, without legal forms."""
        return queryset.search(search_term), False


@admin.register(Contact)
class ContactAdmin(ActionAdmin):
    form = ContactAdminForm
    list_display = ["__str__", "account", "job_title", "left_on"]
    list_select_related = ["account"]
    search_fields = ["search_text"]
    autocomplete_fields = ["account"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["account"] if obj else []

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.search(search_term), False


@admin.register(Offering)
class OfferingAdmin(ActionAdmin):
    form = OfferingAdminForm
    list_display = ["code", "name", "parent", "kind", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["parent"]
    search_fields = ["search_text"]
    autocomplete_fields = ["parent"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.search(search_term), False


@admin.register(CurrencyRate)
class CurrencyRateAdmin(ReadOnlyAdmin):
    list_display = ("currency", "valid_from", "rate", "created_by")
    list_filter = ("currency",)
    list_select_related = ("created_by",)


@admin.register(OwnSite)
class OwnSiteAdmin(ActionAdmin):
    form = SiteAdminForm
    list_display = ["name", "city", "country", "latitude", "longitude", "opened_on", "closed_on"]
    search_fields = ["name", "city"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_model(self, request: HttpRequest, obj: OwnSite) -> None:
        sites.delete_site(obj, by=caller(request))


@admin.register(AccountMerge)
class AccountMergeAdmin(ReadOnlyAdmin):
    """What became one; it is made and taken apart on its pages and over the API."""

    list_display = ("source", "target", "state", "created_by", "merged_at", "undone_at")
    list_filter = ("state",)
    search_fields = ("source__search_text", "target__search_text")
    list_select_related = ("source", "target", "created_by")
    fields = (
        "source",
        "target",
        "state",
        "fields",
        "counts",
        "kept",
        "created_by",
        "merged_at",
        "undone_by",
        "undone_at",
    )
