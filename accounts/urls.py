"""The pages and the API of this room."""

from django.urls import URLPattern, URLResolver, path

from accounts.api.facts import AccountFactsView

urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern] = [
    path("accounts/<uuid:pk>/facts/", AccountFactsView.as_view(), name="account_facts"),
]
