"""First visit, language and appearance, settings of a person's own, people, company and teams."""

from django.urls import path

from kam.users import api, views

urlpatterns = [
    path("setup/", views.setup_closed, name="setup"),
    path("setup/<str:token>/", views.setup, name="setup_link"),
    path("language/", views.set_language, name="set_language"),
    path("theme/", views.set_theme, name="set_theme"),
    path("settings/", views.profile, name="settings"),
    path("settings/people/", views.people, name="people"),
    path("settings/people/<uuid:pk>/", views.person, name="person"),
    path("settings/company/", views.organisation, name="organisation"),
    path("settings/company/logo/", views.organisation_logo, name="organisation_logo"),
    path("settings/company/teams/", views.team_create, name="team_create"),
]

api_urlpatterns = [
    path("me/", api.Me.as_view(), name="me"),
    path("users/", api.UserList.as_view(), name="users"),
]
