"""The pages and the API of this room."""

from typing import Any

from django.urls import path

from accounts.api.facts import AccountFactsView

urlpatterns: list[Any] = []
api_urlpatterns = [
    path("accounts/<uuid:pk>/facts/", AccountFactsView.as_view(), name="account_facts"),
]
