"""People and teams in the admin panel; writes go through the actions of this room."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from kam.lib.admin import ChosenRows
from kam.lib.errors import DomainError
from kam.users import actions
from kam.users.models import Team, User


@admin.register(User)
class UserAdmin(ChosenRows, admin.ModelAdmin):
    """Role and access of a person; she is created on the people page, with her first password."""

    list_display = ["name", "email", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active", "teams"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "role", "is_active", "language", "time_zone", "last_login"]
    readonly_fields = ["name", "email", "language", "time_zone", "last_login"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People who left lose their access; what they wrote keeps their name."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        person = User.objects.get(pk=obj.pk)
        try:
            actions.change_access(person, role=obj.role, is_active=obj.is_active, by=request.user)
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)


@admin.register(Team)
class TeamAdmin(ChosenRows, admin.ModelAdmin):
    """A team and its members."""

    list_display = ["name"]
    search_fields = ["name"]
    formfield_overrides = {models.ManyToManyField: {"widget": CheckboxSelectMultiple}}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name"] if obj else []

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        team = actions.set_team(obj.name, members=list(form.cleaned_data["members"]), by=request.user)
        obj.pk = team.pk
