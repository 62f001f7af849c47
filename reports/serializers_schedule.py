"""Scheduled reports as JSON."""

from rest_framework import serializers

from accounts.serializers import InputSerializer
from kam.lib.api.bodies import Body
from reports.models import Report, ReportSchedule


class ScheduleSerializer(serializers.ModelSerializer[ReportSchedule]):
    # A plain text: contacts name the same languages and "unknown", and one enumeration cannot describe both.
    language = serializers.CharField(read_only=True, help_text="de or en")

    class Meta:
        model = ReportSchedule
        fields = [
            "id", "account", "template", "rhythm", "language", "start_on", "next_on", "recipients", "is_active",
            "created_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class ScheduleInput(InputSerializer):
    """What comes how often, for which colleagues; without an account it is the leadership portfolio."""

    language = serializers.RegexField("^(de|en)$", default="de", help_text="de or en")
    template = serializers.ChoiceField(choices=Report.Template.choices, default=Report.Template.PROGRESS)
    rhythm = serializers.ChoiceField(choices=ReportSchedule.Rhythm.choices)

    class Meta:
        model = ReportSchedule
        fields = ["account", "template", "rhythm", "language", "start_on", "recipients"]


class ScheduleChange(Body):
    is_active = serializers.BooleanField()
