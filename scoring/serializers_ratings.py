"""Tables of ratings as JSON."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kam.lib.api.bodies import Body
from scoring.actions.rating_imports import changes_of, problem_text
from scoring.models import RatingImport
from scoring.rating_file import MOST_ROWS


class RatingRowInput(Body):
    """A row as a table has it, all texts: a rating is 1 to 10, or n/a; an empty one leaves its cell as it is."""

    account = serializers.CharField(max_length=200, help_text="id, external id, legal name or brand")
    criterion = serializers.CharField(max_length=80, help_text="code or name")
    rating = serializers.CharField(max_length=20, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True)
    evidence = serializers.CharField(required=False, allow_blank=True)
    rated_on = serializers.CharField(max_length=20, required=False, allow_blank=True)


class RatingImportInput(Body):
    """A file, or rows; and the open round they are for."""

    file = serializers.FileField(required=False)
    rows = serializers.ListField(
        child=RatingRowInput(), required=False, allow_empty=False, max_length=MOST_ROWS
    )
    round = serializers.UUIDField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("rows" in attrs):
            raise serializers.ValidationError({"file": _("Send either a file or rows.")})
        return attrs


class RatingProblemSerializer(serializers.Serializer[Any]):
    """Why a row cannot be used."""

    row = serializers.IntegerField()
    field = serializers.CharField(help_text="column of the table; empty: the whole row")  # type: ignore[assignment]  # a column, not DRF's attribute
    code = serializers.CharField()
    detail = serializers.CharField(help_text="in the caller's language")


class RatingCountsSerializer(serializers.Serializer[Any]):
    """What the table changes, or would change; once it is taken over, what it changed."""

    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class KeptRatingSerializer(serializers.Serializer[Any]):
    account = serializers.CharField(help_text="its name")
    criterion = serializers.UUIDField()


class RatingImportSerializer(serializers.ModelSerializer[RatingImport]):
    """One table of the caller's own ratings."""

    counts = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()
    kept = KeptRatingSerializer(many=True, read_only=True)

    class Meta:
        model = RatingImport
        fields = [
            *("id", "round", "file_name", "state", "counts", "problems", "kept", "version"),
            *("created_at", "committed_at", "undone_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(RatingCountsSerializer)
    def get_counts(self, batch: RatingImport) -> dict[str, int]:
        if batch.state == RatingImport.State.CHECKED:
            found = Counter(change.outcome for change in changes_of(batch))
        else:
            found = Counter("new" if entry["before"] is None else "changed" for entry in batch.done)
            found["unchanged"] = len(batch.rows) - len(batch.done)
        return {outcome: found[outcome] for outcome in ("new", "changed", "unchanged")}

    @extend_schema_field(RatingProblemSerializer(many=True))
    def get_problems(self, batch: RatingImport) -> list[dict[str, Any]]:
        names = ("row", "field", "code")
        return [{n: each[n] for n in names} | {"detail": problem_text(each)} for each in batch.problems]
