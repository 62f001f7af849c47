"""The pages and the API of this room."""

from django.urls import URLPattern, URLResolver, path

from goals.api import goals, metrics

urlpatterns: list[URLPattern | URLResolver] = []

api_urlpatterns: list[URLPattern] = [
    path("goals/", goals.GoalList.as_view(), name="goals"),
    path("goals/<uuid:pk>/", goals.GoalDetail.as_view(), name="goal"),
    path("goals/<uuid:pk>/progress/", goals.GoalProgress.as_view(), name="goal_progress"),
    path("goals/<uuid:pk>/history/", goals.GoalHistory.as_view(), name="goal_history"),
    path("goals/<uuid:pk>/close/", goals.GoalClose.as_view(), name="goal_close"),
    path("goals/<uuid:pk>/reopen/", goals.GoalReopen.as_view(), name="goal_reopen"),
    path("metrics/", metrics.MetricList.as_view(), name="metrics"),
    path("metrics/<uuid:pk>/", metrics.MetricDetail.as_view(), name="metric"),
    path("metrics/<uuid:pk>/measurements/", metrics.MeasurementList.as_view(), name="measurements"),
]
