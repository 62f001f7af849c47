"""The pages and the API of this room."""

from django.urls import URLPattern, URLResolver, path

from accounts.api.facts import AccountFactsView
from accounts.views import lines

# Included by reports/urls.py in the namespace «accounts», beside the pages that compose rooms.
account_pages: list[URLPattern | URLResolver] = [
    path("<uuid:pk>/lines/", lines.account_lines, name="lines"),
    path("<uuid:pk>/lines.csv", lines.account_lines_csv, name="lines_csv"),
]

urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern] = [
    path("accounts/<uuid:pk>/facts/", AccountFactsView.as_view(), name="account_facts"),
]
