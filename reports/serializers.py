"""Reports as JSON."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import AccountNameSerializer, InputSerializer
from kam.lib.api.bodies import Body
from reports.models import Report

__all__ = ["AccountNameSerializer", "ReportInput", "ReportSerializer", "ReportSummarySerializer"]


class ReportSummarySerializer(serializers.ModelSerializer[Report]):
    """A report without its figures."""

    digest = serializers.CharField(source="snapshot_digest", read_only=True)
    is_built = serializers.BooleanField(read_only=True)
    is_approved = serializers.BooleanField(read_only=True)
    # A plain text: contacts name the same languages and "unknown", and one enumeration cannot describe both.
    language = serializers.CharField(read_only=True, help_text="de or en")
    sections = serializers.ListField(child=serializers.CharField(), read_only=True)
    skipped = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Report
        fields = [
            "id", "account", "template", "sections", "skipped", "audience", "language", "as_of", "title", "digest",
            "is_built", "previous", "job", "created_by", "created_at", "built_at", "is_approved", "approved_at",
            "approved_by", "approval_note",
        ]  # fmt: skip
        read_only_fields = fields


class ReportSerializer(ReportSummarySerializer):
    """A report with its frozen figures, and what was taken out of them (part, field, count)."""

    snapshot = serializers.JSONField(read_only=True, allow_null=True)
    hidden = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta(ReportSummarySerializer.Meta):
        fields = [*ReportSummarySerializer.Meta.fields, "snapshot", "hidden"]
        read_only_fields = fields


class ReportInput(InputSerializer):
    """What to report on; ``as_of`` is today, ``language`` German unless they say otherwise."""

    as_of = serializers.DateField(required=False)
    language = serializers.RegexField("^(de|en)$", default="de", help_text="de or en")
    template = serializers.ChoiceField(choices=Report.Template.choices, default=Report.Template.PROGRESS)
    sections = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        max_length=30,
        help_text="some of the template's sections; without it, all of them",
    )
    audience = serializers.ChoiceField(choices=Report.Audience.choices, default=Report.Audience.INTERNAL)

    class Meta:
        model = Report
        fields = ["account", "template", "sections", "audience", "as_of", "language"]


class ReportApprovalInput(Body):
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class StartedReportSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    job = serializers.UUIDField()


class SkipInput(Body):
    section = serializers.CharField(max_length=20, help_text="the section that could not be built")
    reason = serializers.CharField(max_length=200, help_text="stands in the report")
