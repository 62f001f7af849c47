"""The pages and the API of this room."""

from typing import Any

from django.urls import path

from reports.api.portfolio import ConcentrationView

urlpatterns: list[Any] = []
api_urlpatterns = [
    path("portfolio/concentration/", ConcentrationView.as_view(), name="concentration"),
]
