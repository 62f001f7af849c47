"""The pages and the API of this room, and the pages of accounts, which compose rooms."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.urls import account_pages
from reports.api.portfolio import ConcentrationView
from reports.views.demo import demo_remove

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include((account_pages, "accounts"))),
    path("settings/company/demo/remove/", demo_remove, name="demo_remove"),
]
api_urlpatterns: list[URLPattern] = [
    path("portfolio/concentration/", ConcentrationView.as_view(), name="concentration"),
]
