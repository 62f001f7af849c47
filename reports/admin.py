"""Reports in the admin panel: leaders look at them; they are ordered and worded in the reports room."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reports.models import Report


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the stubs' generic is not subscriptable here
    list_display = (
        "__str__",
        "template",
        "audience",
        "language",
        "as_of",
        "created_by",
        "built_at",
        "approved_at",
    )
    list_filter = ("template", "audience", "language")
    search_fields = ("title", "account__name")
    date_hierarchy = "as_of"
    list_select_related = ("account", "created_by")
    fields = readonly_fields = (
        "title", "account", "template", "audience", "language", "as_of", "snapshot_digest", "previous", "pdf",
        "created_by", "built_at", "approved_by", "approved_at", "approval_note",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
