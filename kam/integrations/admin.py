"""Imports in the admin panel: to look at only. What changes them are the pages, the API and the commands."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kam.integrations.models import ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(admin.ModelAdmin):
    list_display = ("file_name", "kind", "source", "state", "created_by", "created_at", "committed_at")
    list_filter = ("state", "kind")
    search_fields = ("file_name", "source")
    list_select_related = ("created_by",)
    exclude = ("file", "error_file", "table")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
