"""Jobs, imports and keys in the admin panel: to look at, and keys to revoke."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kam.integrations import actions
from kam.integrations.models import ApiKey, ImportBatch, Job
from kam.lib.admin import ReadOnlyAdmin


class VisibleAdmin(ReadOnlyAdmin):
    """Of the rows that the system writes, those that the reader may see."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model._default_manager.visible_to(request.user)  # type: ignore[no-any-return]  # every model here has this manager


@admin.register(Job)
class JobAdmin(VisibleAdmin):
    list_display = ["kind", "state", "progress", "created_by", "created", "finished_at"]
    list_filter = ["state", "kind"]
    date_hierarchy = "created_at"
    readonly_fields = ["said", "failure"]
    fields = [
        *("kind", "key", "payload", "state", "progress", "said", "failure", "result", "cursor"),
        *("attempts", "max_attempts", "run_at", "sent_at", "lease_until", "cancel_requested"),
        *("started_at", "finished_at", "created_by"),
    ]

    @admin.display(description=_("message"))
    def said(self, job: Job) -> str:
        return job.message_text

    @admin.display(description=_("error"))
    def failure(self, job: Job) -> str:
        return job.error_text


@admin.register(ImportBatch)
class ImportBatchAdmin(VisibleAdmin):
    list_display = ["file_name", "kind", "state", "source", "created_by", "created"]
    list_filter = ["state", "kind", "source"]


@admin.register(ApiKey)
class ApiKeyAdmin(VisibleAdmin):
    list_display = ["name", "owner", "prefix", "expires_at", "revoked_at", "last_used_at"]
    list_filter = ["owner"]
    fields = ["name", "owner", "prefix", "scopes", "expires_at", "revoked_at", "last_used_at"]
    actions = ["revoke"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff)

    @admin.action(description=_("Revoke the chosen keys"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            actions.revoke_api_key(key, by=request.user)
