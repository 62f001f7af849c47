"""The filters of accounts and what belongs to them: one set for pages, API and exports."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.merging.chain import lives_on_as
from accounts.models import (
    Account,
    AccountStatus,
    Activity,
    Contact,
    Engagement,
    Offering,
    OfferingKind,
    Task,
    Verb,
)
from kam.lib.api.filters import MomentFilter


class PersonFilter(filters.CharFilter):
    """A user's id, or ``me``, or ``none``."""

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not value:
            return queryset
        if value == "none":
            return queryset.filter(**{f"{self.field_name}__isnull": True})
        if value == "me":
            value = getattr(getattr(self.parent, "request", None), "user", None)
            return queryset.filter(**{self.field_name: value}) if value else queryset.none()
        return queryset.filter(**{self.field_name: UUID(value)})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, validators=[_is_person], **kwargs)


def _is_person(text: str) -> None:
    if text in ("me", "none"):
        return
    try:
        UUID(text)
    except ValueError as error:
        raise forms.ValidationError(_("A user's id, “me” or “none”."), code="bad_person") from error


class AccountIdField(forms.UUIDField):
    """The id of an account; that of a merged one stands for the account it lives on in."""

    def clean(self, value: Any) -> UUID | None:
        key = super().clean(value)
        return lives_on_as(key) if key else None


class AccountIdFilter(filters.UUIDFilter):
    field_class = AccountIdField


class AccountFilters(filters.FilterSet):
    """What accounts can be filtered by."""

    q = filters.CharFilter(label=_("Search"), max_length=200, method="by_words")
    status = filters.ChoiceFilter(label=_("Status"), choices=AccountStatus.choices)
    key = filters.BooleanFilter(label=_("Key account"), method="by_key")
    owner = PersonFilter(label=_("Account manager"), field_name="owner")
    kam = PersonFilter(label=_("Key account manager"), field_name="kam")
    team = filters.UUIDFilter(label=_("Team"), field_name="team")
    parent = AccountIdFilter(label=_("Parent company"), field_name="parent")
    group = AccountIdFilter(label=_("Group, with subsidiaries"), method="by_group")
    industry = filters.CharFilter(label=_("Industry"), max_length=80)
    country = filters.CharFilter(label=_("Country"), max_length=60)
    external_id = filters.CharFilter(label=_("External id"), max_length=120, method="by_external_id")
    source = filters.CharFilter(label=_("Source"), max_length=60, method="by_source")
    domain = filters.CharFilter(label=_("Web domain"), max_length=120)
    vat_id = filters.CharFilter(label=_("VAT id"), max_length=20)
    updated_since = MomentFilter(label=_("Changed since"), field_name="updated_at", lookup_expr="gte")
    created_since = MomentFilter(label=_("Created since"), field_name="created_at", lookup_expr="gte")

    class Meta:
        model = Account
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_key(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(key_since__isnull=not value)

    def by_group(self, queryset: Any, name: str, value: UUID) -> Any:
        return queryset.in_group_of(value)

    def by_external_id(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.known_as(value, source=self.data.get("source", ""))

    def by_source(self, queryset: Any, name: str, value: str) -> Any:
        return queryset if self.data.get("external_id") else queryset.known_to(value)


class ContactFilters(filters.FilterSet):
    q = filters.CharFilter(max_length=200, method="by_words")
    account = AccountIdFilter(field_name="account")
    current = filters.BooleanFilter(field_name="left_on", lookup_expr="isnull")
    email = filters.CharFilter(max_length=254, method="by_email")
    language = filters.ChoiceFilter(choices=[("de", "de"), ("en", "en")])
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Contact
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_email(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(emails__address=value.lower())


class OfferingFilters(filters.FilterSet):
    q = filters.CharFilter(max_length=200, method="by_words")
    code = filters.CharFilter(max_length=60)
    parent = filters.UUIDFilter(field_name="parent")
    kind = filters.ChoiceFilter(choices=OfferingKind.choices)
    is_active = filters.BooleanFilter()
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Offering
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)


class ActivityFilters(filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    verb = filters.CharFilter(max_length=40)
    kind = filters.ChoiceFilter(
        choices=[
            *Verb.choices,
            *Engagement.choices,
            ("engagement", _("Engagement")),
            ("logged", _("Logged by people")),
            ("changes", _("Changes")),
        ],
        method="by_kind",
    )
    actor = PersonFilter(field_name="actor")
    contact = filters.UUIDFilter(field_name="contact")
    since = MomentFilter(field_name="occurred_at", lookup_expr="gte")

    class Meta:
        model = Activity
        fields: list[str] = []

    def by_kind(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_kind(value)


class TaskFilters(filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    assignee = PersonFilter(field_name="assignee")
    done = filters.BooleanFilter(method="by_done")
    due_until = filters.DateFilter(field_name="due_on", lookup_expr="lte")
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Task
        fields: list[str] = []

    def by_done(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(done_at__isnull=not value)
