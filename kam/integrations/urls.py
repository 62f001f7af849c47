"""Jobs and API keys."""

from django.urls import include, path

from kam.integrations import api, views

urlpatterns = [
    path(
        "jobs/",
        include(
            (
                [
                    path("", views.job_list, name="list"),
                    path("<uuid:pk>/", views.job_detail, name="detail"),
                    path("<uuid:pk>/cancel/", views.job_cancel, name="cancel"),
                    path("<uuid:pk>/retry/", views.job_retry, name="retry"),
                ],
                "jobs",
            )
        ),
    ),
    path("settings/api-keys/", views.api_keys, name="api_keys"),
    path("settings/api-keys/<uuid:pk>/revoke/", views.api_key_revoke, name="api_key_revoke"),
]

api_urlpatterns = [
    path("jobs/", api.JobList.as_view(), name="jobs"),
    path("jobs/<uuid:pk>/", api.JobDetail.as_view(), name="job"),
    path("jobs/<uuid:pk>/cancel/", api.JobCancel.as_view(), name="job_cancel"),
]
