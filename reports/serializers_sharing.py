"""Share links as JSON; the address stands in the answer that makes it and nowhere else."""

from typing import Any

from rest_framework import serializers

from kam.lib.api.bodies import Body
from reports.models import ShareLink, ShareOpening
from reports.models.share import DEFAULT_DAYS


class ShareOpeningSerializer(serializers.ModelSerializer[ShareOpening]):
    class Meta:
        model = ShareOpening
        fields = ["kind", "agent", "is_machine", "opened_at"]
        read_only_fields = fields


class ShareLinkSerializer(serializers.ModelSerializer[ShareLink]):
    """``opened`` counts people; mail scanners and other programs stand in ``openings`` alone."""

    has_password = serializers.BooleanField(read_only=True)
    opened = serializers.IntegerField(read_only=True)
    last_opened_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = ShareLink
        fields = [
            "id", "report", "recipient", "has_password", "expires_at", "revoked_at", "created_by", "created_at",
            "opened", "last_opened_at",
        ]  # fmt: skip
        read_only_fields = fields


class OpenedShareLinkSerializer(ShareLinkSerializer):
    openings = serializers.SerializerMethodField()

    class Meta(ShareLinkSerializer.Meta):
        fields = [*ShareLinkSerializer.Meta.fields, "openings"]
        read_only_fields = fields

    def get_openings(self, link: ShareLink) -> list[dict[str, Any]]:
        """The last fifty, newest first."""
        return list(ShareOpeningSerializer(link.openings.all()[:50], many=True).data)


class NewShareLinkSerializer(ShareLinkSerializer):
    url = serializers.URLField(read_only=True, help_text="shown once; only its hash is kept")

    class Meta(ShareLinkSerializer.Meta):
        fields = [*ShareLinkSerializer.Meta.fields, "url"]
        read_only_fields = fields


class ShareLinkInput(Body):
    recipient = serializers.CharField(max_length=120)
    days = serializers.IntegerField(default=DEFAULT_DAYS)
    password = serializers.CharField(
        max_length=128, required=False, default="", allow_blank=True, trim_whitespace=False, write_only=True
    )
