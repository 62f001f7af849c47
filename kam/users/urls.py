"""First visit, language, settings of a person's own, people and teams."""

from django.urls import path

from kam.users import api, views

urlpatterns = [
    path("setup/", views.setup_closed, name="setup"),
    path("setup/<str:token>/", views.setup, name="setup_link"),
    path("language/", views.set_language, name="set_language"),
    path("settings/", views.profile, name="settings"),
]

api_urlpatterns = [
    path("me/", api.Me.as_view(), name="me"),
    path("users/", api.UserList.as_view(), name="users"),
]
