"""The pages and the API of this room."""

from django.urls import URLPattern, URLResolver, path

from reports.api.portfolio import ConcentrationView

urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern] = [
    path("portfolio/concentration/", ConcentrationView.as_view(), name="concentration"),
]
