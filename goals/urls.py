"""The pages and the API of this room."""

from django.urls import URLPattern, URLResolver, include, path

from goals.api import goals, growth, metrics
from goals.views import goals as pages

goal_pages: list[URLPattern | URLResolver] = [
    path("goals/", pages.goal_list, name="list"),
    path("goals/new/", pages.goal_create, name="create"),
    path("goals/<uuid:pk>/", pages.goal_detail, name="detail"),
    path("goals/<uuid:pk>/edit/", pages.goal_edit, name="edit"),
    path("goals/<uuid:pk>/check-in/", pages.goal_check_in, name="check_in"),
    path("goals/<uuid:pk>/work/", pages.goal_log, name="log"),
    path("goals/<uuid:pk>/close/", pages.goal_close, name="close"),
    path("goals/<uuid:pk>/reopen/", pages.goal_reopen, name="reopen"),
    path("goals/<uuid:pk>/milestones/", pages.milestone_add, name="milestone_add"),
    path("milestones/<uuid:pk>/tick/", pages.milestone_tick, name="milestone_tick"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((goal_pages, "goals")))]

api_urlpatterns: list[URLPattern] = [
    path("goals/", goals.GoalList.as_view(), name="goals"),
    path("goals/<uuid:pk>/", goals.GoalDetail.as_view(), name="goal"),
    path("goals/<uuid:pk>/progress/", goals.GoalProgress.as_view(), name="goal_progress"),
    path("goals/<uuid:pk>/history/", goals.GoalHistory.as_view(), name="goal_history"),
    path("goals/<uuid:pk>/close/", goals.GoalClose.as_view(), name="goal_close"),
    path("goals/<uuid:pk>/reopen/", goals.GoalReopen.as_view(), name="goal_reopen"),
    path("portfolio/retention/", growth.RetentionView.as_view(), name="retention"),
    path("accounts/<uuid:pk>/growth/", growth.GrowthView.as_view(), name="account_growth"),
    path("metrics/", metrics.MetricList.as_view(), name="metrics"),
    path("metrics/<uuid:pk>/", metrics.MetricDetail.as_view(), name="metric"),
    path("metrics/<uuid:pk>/measurements/", metrics.MeasurementList.as_view(), name="measurements"),
]
