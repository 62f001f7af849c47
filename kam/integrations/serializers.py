"""Jobs as JSON."""

from typing import Any

from rest_framework import serializers

from kam.integrations.models import Job


class JobSerializer(serializers.ModelSerializer[Job]):
    """State, progress and outcome; texts in the caller's language."""

    kind = serializers.CharField(read_only=True)
    message = serializers.CharField(source="message_text", read_only=True)
    result = serializers.DictField(source="told_result", allow_null=True, read_only=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "state",
            "progress",
            "message",
            "result",
            "error",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields

    def get_error(self, job: Job) -> dict[str, Any] | None:
        return {"code": job.error["code"], "detail": job.error_text} if job.error else None
