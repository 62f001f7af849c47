"""Accounts, people, offerings, timeline and tasks as JSON: ``…Serializer`` shows, ``…Input`` checks."""

from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.relations import MANY_RELATION_KWARGS

from accounts.actions.accounts import EDITABLE
from accounts.actions.sites import EDITABLE as SITE_FIELDS
from accounts.merging.chain import standing
from accounts.models import (
    Account,
    AccountReference,
    AccountTeamMember,
    Activity,
    Contact,
    ContactEmail,
    ContactPhone,
    Engagement,
    Offering,
    OwnSite,
    Task,
    Verb,
    Visibility,
)
from accounts.uuids import as_uuid
from kam.lib.api.bodies import Body, RelatedList
from kam.users.models import AccountFunction, Team, User


class VisibleRelated(serializers.PrimaryKeyRelatedField[Any]):
    """The id of a row that the caller sees; any other id does not exist for her."""

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> RelatedList:
        of_list = {name: kwargs[name] for name in kwargs if name in MANY_RELATION_KWARGS}
        return RelatedList(child_relation=cls(*args, **kwargs), **of_list)

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        request = self.context.get("request")
        return (
            queryset
            if request is None or queryset is None
            else queryset.model.objects.visible_to(request.user)
        )

    def to_internal_value(self, data: Any) -> Any:
        """The id of an account that was merged stands for the one it lives on in."""
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError:
            queryset, key = self.get_queryset(), as_uuid(data)
            if queryset is None or queryset.model is not Account or key is None:
                raise
            stays = standing(key, self.context["request"].user) if "request" in self.context else None
            if stays is None:
                raise
            return stays


class InputSerializer(Body, serializers.ModelSerializer[Any]):
    """Checks input against what the caller sees, and refuses fields that do not exist."""

    serializer_related_field = VisibleRelated


class WholeRow(Body, serializers.ModelSerializer[Any]):
    """A row inside another object: it is whole, also where the object is changed in part."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        fields = self.fields.items()
        missing = {name: field.error_messages["required"] for name, field in fields if field.required}
        missing = {name: text for name, text in missing.items() if name not in attrs}
        if missing:
            raise serializers.ValidationError(missing, code="required")
        return attrs


class ReferenceSerializer(WholeRow):
    class Meta:
        model = AccountReference
        fields = ["source", "external_id"]
        validators: list[Any] = []

    def to_representation(self, instance: AccountReference) -> dict[str, str]:
        # Every account of a list has some, and the library's walk over two fields is dear.
        return {"source": instance.source, "external_id": instance.external_id}


class AccountNameSerializer(serializers.ModelSerializer[Account]):
    """An account in one line, for ``expand``."""

    class Meta:
        model = Account
        fields = ["id", "name", "brand_name", "domain", "status", "key_since"]
        read_only_fields = fields


class TeamSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ["id", "name"]
        read_only_fields = fields


class AccountSerializer(serializers.ModelSerializer[Account]):
    """An account; people, team and parent as ids unless they are expanded."""

    external_ids = ReferenceSerializer(source="references", many=True, read_only=True)
    is_key = serializers.BooleanField(read_only=True)
    formerly = serializers.CharField(
        source="former_name",
        read_only=True,
        default=None,
        allow_null=True,
        help_text="what the words of `q` found: the name of an account that was merged into this one",
    )

    class Meta:
        model = Account
        fields = [
            "id",
            *EDITABLE,
            "ultimate_parent",
            "key_since",
            "is_key",
            "formerly",
            "external_ids",
            "version",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        # Copies, as the library makes of declared fields: to find out anew what thirty columns are takes a twentieth
        # of the time of a list.
        return deepcopy(_account_fields())


@cache
def _account_fields() -> dict[str, Any]:
    return serializers.ModelSerializer.get_fields(AccountSerializer())


class AccountInput(InputSerializer):
    """What may be written; everything but the name may be left out."""

    external_ids = ReferenceSerializer(many=True, required=False)

    class Meta:
        model = Account
        fields = [*EDITABLE, "external_ids"]
        extra_kwargs = {name: {"max_length": 2000} for name in ("domain", "vat_id", "currency")}

    def parsed(self) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the fields, and the (source, external id) pairs."""
        values = dict(self.validated_data)
        pairs = [(row["source"], row["external_id"]) for row in values.pop("external_ids", [])]
        return values, pairs


class BulkInput(Body):
    """Up to 500 rows with the fields of an account; each is checked by itself."""

    mode = serializers.ChoiceField(choices=["create", "update", "upsert"], default="upsert")
    match = serializers.ChoiceField(choices=["external_id", "domain", "vat_id"], default="external_id")
    atomic = serializers.BooleanField(default=False)
    dry_run = serializers.BooleanField(default=False)
    rows = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=500)


class TeamMemberSerializer(serializers.ModelSerializer[AccountTeamMember]):
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = AccountTeamMember
        fields = ["user", "name", "function"]
        read_only_fields = fields


class TeamMemberInput(Body):
    user = VisibleRelated(queryset=User.objects.all())
    function = serializers.ChoiceField(choices=AccountFunction.choices)


class TeamInput(Body):
    """The whole team: who is not named leaves it."""

    members = TeamMemberInput(many=True)


class EmailSerializer(WholeRow):
    class Meta:
        model = ContactEmail
        fields = ["address", "is_primary"]


class PhoneSerializer(WholeRow):
    class Meta:
        model = ContactPhone
        fields = ["number", "kind"]


CONTACT_FIELDS = ["first_name", "last_name", "job_title", "department", "language", "note", "left_on"]


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A person with all addresses; the first e-mail is the preferred one."""

    emails = EmailSerializer(many=True, read_only=True)
    phones = PhoneSerializer(many=True, read_only=True)

    class Meta:
        model = Contact
        fields = ["id", "account", *CONTACT_FIELDS, "emails", "phones", "version", "created_at", "updated_at"]
        read_only_fields = fields


class ContactChange(InputSerializer):
    """A change of a person, who stays at the account."""

    emails = EmailSerializer(many=True, required=False)
    phones = PhoneSerializer(many=True, required=False)

    class Meta:
        model = Contact
        fields = [*CONTACT_FIELDS, "emails", "phones"]

    def values(self) -> dict[str, Any]:
        """Return the fields as the action takes them: the preferred e-mail first, phones as pairs."""
        values = {name: value for name, value in self.validated_data.items() if name != "account"}
        if "emails" in values:
            preferred_first = sorted(values["emails"], key=lambda row: not row.get("is_primary", False))
            values["emails"] = [row["address"] for row in preferred_first]
        if "phones" in values:
            values["phones"] = [(row["number"], row.get("kind", "work")) for row in values["phones"]]
        return values


class ContactInput(ContactChange):
    """A new person at an account."""

    class Meta(ContactChange.Meta):
        fields = ["account", *ContactChange.Meta.fields]


class OfferingSerializer(serializers.ModelSerializer[Offering]):
    class Meta:
        model = Offering
        fields = ["id", "code", "name", "parent", "kind", "is_active", "version", "created_at", "updated_at"]
        read_only_fields = fields


class OfferingInput(InputSerializer):
    name = serializers.CharField(max_length=200, required=False)

    class Meta:
        model = Offering
        fields = ["code", "name", "parent", "kind", "is_active"]
        extra_kwargs = {"code": {"validators": [], "max_length": 60}}


class OwnSiteSerializer(serializers.ModelSerializer[OwnSite]):
    """One of the company's own sites."""

    class Meta:
        model = OwnSite
        fields = [
            *("id", "name", "street", "postal_code", "city", "country", "latitude", "longitude"),
            *("opened_on", "closed_on", "version", "created_at", "updated_at"),
        ]
        read_only_fields = fields


class OwnSiteInput(InputSerializer):
    class Meta:
        model = OwnSite
        fields = list(SITE_FIELDS)
        extra_kwargs = {"name": {"validators": [], "max_length": 120}}


class ActivitySerializer(serializers.ModelSerializer[Activity]):
    """An entry of the timeline; ``details`` holds before and after of a change."""

    actor_name = serializers.CharField(source="actor.name", read_only=True, default=None)

    class Meta:
        model = Activity
        fields = [
            "id",
            "account",
            "verb",
            "actor",
            "actor_name",
            "occurred_at",
            "subject_type",
            "subject_id",
            "subject_label",
            "contact",
            "body",
            "minutes",
            "details",
            "visibility",
            "created_at",
        ]
        read_only_fields = fields


class MomentField(serializers.DateTimeField):
    """A moment that lies within the calendar in UTC too."""

    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            return super().enforce_timezone(value).astimezone(UTC)
        except OverflowError:
            self.fail("overflow")


class ActivityInput(Body):
    account = VisibleRelated(queryset=Account.objects.all())
    verb = serializers.ChoiceField(choices=[*Verb.choices, *Engagement.choices], default=Verb.NOTE)
    body = serializers.CharField(max_length=20_000)
    people = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="who took part in an engagement"
    )
    brought = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="what an engagement brought"
    )
    contact = VisibleRelated(queryset=Contact.objects.all(), required=False, allow_null=True)
    minutes = serializers.IntegerField(min_value=1, max_value=1440, required=False, allow_null=True)
    occurred_at = MomentField(required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.INTERNAL)


class TaskSerializer(serializers.ModelSerializer[Task]):
    class Meta:
        model = Task
        fields = [
            "id",
            "account",
            "title",
            "due_on",
            "assignee",
            "reason",
            "done_when",
            "done_at",
            "done_by",
            "version",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class TaskChange(InputSerializer):
    class Meta:
        model = Task
        fields = ["title", "due_on", "assignee", "reason", "done_when"]


class TaskInput(TaskChange):
    class Meta(TaskChange.Meta):
        fields = ["account", *TaskChange.Meta.fields]
