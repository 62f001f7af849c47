"""Merges as JSON."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.merging.fields import FIELDS, SIDES
from accounts.merging.pages import told
from accounts.merging.preview import Preview
from accounts.models import Account, AccountMerge
from accounts.serializers import VisibleRelated
from kam.lib.api.bodies import Body

MOST_SOURCES = 10


class MergeSerializer(serializers.ModelSerializer[AccountMerge]):
    kept = serializers.SerializerMethodField(help_text="what an undo could not take back, in words")
    counts = serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="relation: rows moved, rows that collided",
    )

    class Meta:
        model = AccountMerge
        fields = [
            *("id", "target", "source", "state", "fields", "counts", "kept", "job"),
            *("created_by", "created_at", "merged_at", "undone_by", "undone_at"),
        ]
        read_only_fields = fields

    def get_kept(self, merge: AccountMerge) -> list[str]:
        return told(merge.kept)


class MergeInput(Body):
    target = VisibleRelated(queryset=Account.objects.all(), help_text="the account that stays")
    sources = VisibleRelated(
        queryset=Account.objects.all(),
        many=True,
        allow_empty=False,
        help_text="those that are merged into it",
    )
    choices = serializers.DictField(
        child=serializers.ChoiceField(choices=SIDES),
        required=False,
        help_text=f"whose value wins where both have one; target without a choice. Fields: {', '.join(FIELDS)}",
    )
    dry_run = serializers.BooleanField(default=False)

    def validate_sources(self, sources: list[Account]) -> list[Account]:
        if len(sources) > MOST_SOURCES:
            message = _("At most %(most)s accounts are merged at a time.") % {"most": MOST_SOURCES}
            raise serializers.ValidationError(message, code="max_length")
        return list(dict.fromkeys(sources))


class PreviewSerializer(serializers.Serializer[Preview]):
    target = serializers.UUIDField(source="target.pk")
    merged = serializers.UUIDField(source="source.pk", help_text="the account that would be merged")
    possible = serializers.SerializerMethodField()
    refusal = serializers.SerializerMethodField(help_text="code and sentence, or null")
    warnings = serializers.ListField(child=serializers.CharField())
    choices = serializers.SerializerMethodField(help_text="field: target, source, and whose value wins")
    counts = serializers.SerializerMethodField(
        help_text="per relation: rows here and there, how many collide"
    )

    def get_possible(self, preview: Preview) -> bool:
        return preview.refusal is None

    def get_refusal(self, preview: Preview) -> dict[str, str] | None:
        error = preview.refusal
        return {"code": error.code, "detail": str(error)} if error else None

    def get_choices(self, preview: Preview) -> dict[str, dict[str, Any]]:
        return {
            choice.name: {
                "target": _plain(choice.target),
                "source": _plain(choice.source),
                "winner": choice.winner,
            }
            for choice in preview.fields
        }

    def get_counts(self, preview: Preview) -> list[dict[str, Any]]:
        names = ("key", "label", "how", "target", "source", "collide", "words")
        return [{name: getattr(row, name) for name in names} for row in preview.counts]


class TwinInput(Body):
    """What somebody knows of two accounts that look alike."""

    account = VisibleRelated(queryset=Account.objects.all(), help_text="the other one")
    same_company = serializers.ChoiceField(
        choices=["no", "unknown"], help_text="no: nothing hints at it any more; unknown: takes that back"
    )


class MergeAnswer(serializers.Serializer[Any]):
    """What a POST answers: previews of a dry run, or the merges."""

    dry_run = serializers.BooleanField()
    previews = PreviewSerializer(many=True, required=False)
    merges = MergeSerializer(many=True, required=False)


def _plain(value: Any) -> str | None:
    return None if value in ("", None) else str(getattr(value, "pk", value))
