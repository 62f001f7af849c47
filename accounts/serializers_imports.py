"""Imports as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.imports.fields import BY_KIND
from accounts.imports.pages import candidates
from accounts.imports.problems import reason_text, told_result
from kam.integrations.models import ImportBatch
from kam.lib.api.bodies import Body

FIELDS = "{field: column}. " + " ".join(
    f"Fields of {kind}: {', '.join(known.code for known in fields)}." for kind, fields in BY_KIND.items()
)


class Ambiguous(serializers.Serializer[Any]):
    """A row that fits several accounts."""

    row = serializers.IntegerField()
    accounts = serializers.ListField(child=serializers.UUIDField())


class ImportSerializer(serializers.ModelSerializer[ImportBatch]):
    """An import: what it is, how far it is, what came of it."""

    job = serializers.UUIDField(source="job_id", allow_null=True, read_only=True)
    counts = serializers.DictField(read_only=True)
    mapping = serializers.DictField(child=serializers.CharField(), read_only=True)
    options = serializers.DictField(read_only=True)
    header = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()
    ambiguous = serializers.SerializerMethodField()
    has_error_file = serializers.SerializerMethodField()
    kept = serializers.SerializerMethodField()

    class Meta:
        model = ImportBatch
        fields = [
            "id", "kind", "state", "source", "file_name", "header", "mapping", "options", "counts", "reasons",
            "ambiguous", "has_error_file", "kept", "job", "created_at", "committed_at", "undone_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_header(self, batch: ImportBatch) -> list[str]:
        return list(batch.table.get("header", []))

    def get_reasons(self, batch: ImportBatch) -> list[dict[str, Any]]:
        return [reason | {"message": reason_text(reason)} for reason in batch.reasons]

    @extend_schema_field(Ambiguous(many=True))
    def get_ambiguous(self, batch: ImportBatch) -> list[dict[str, Any]]:
        return [{"row": row, "accounts": ids} for row, ids in candidates(batch).items()]

    def get_kept(self, batch: ImportBatch) -> dict[str, Any]:
        return told_result(batch.kept)

    def get_has_error_file(self, batch: ImportBatch) -> bool:
        return bool(batch.error_file)


class MatchesInput(Body):
    """Row numbers with the id of the account that is meant, «new» for a new one, or nothing to leave it out."""

    choices = serializers.DictField(child=serializers.CharField(max_length=36, allow_blank=True))


class ImportInput(Body):
    """The parts of an upload."""

    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.ChoiceField(choices=ImportBatch.Kind.choices, default=ImportBatch.Kind.SALES)
    mapping = serializers.DictField(
        child=serializers.CharField(max_length=200), required=False, default=dict, help_text=FIELDS
    )
    options = serializers.DictField(required=False, default=dict)
    dry_run = serializers.BooleanField(required=False, default=False)

    def get_fields(self) -> dict[str, Any]:
        # «source» cannot be declared above: serializers have an attribute of that name.
        return super().get_fields() | {"source": serializers.CharField(max_length=60, required=False)}
