"""The pages and the API of this room, and the pages of accounts, which compose rooms."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.urls import account_pages
from reports.api.portfolio import ConcentrationView
from reports.views import accounts
from reports.views.demo import demo_remove
from reports.views.portfolio import portfolio

account_urls = [
    path("", accounts.account_list, name="list"),
    path("<uuid:pk>/", accounts.account_detail, name="detail"),
    path("export.csv", accounts.account_export, {"kind": "csv"}, name="export_csv"),
    path("export.xlsx", accounts.account_export, {"kind": "xlsx"}, name="export_xlsx"),
    *account_pages,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include((account_urls, "accounts"))),
    path("portfolio/", portfolio, name="portfolio"),
    path("settings/company/demo/remove/", demo_remove, name="demo_remove"),
]
api_urlpatterns: list[URLPattern] = [
    path("portfolio/concentration/", ConcentrationView.as_view(), name="concentration"),
]
