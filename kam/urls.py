"""The site map: each room brings its own pages and its own part of the API."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

import accounts.urls
import goals.urls
import kam.integrations.urls
import kam.users.urls
import reports.urls
import scoring.urls
from kam.api import ApiRoot
from kam.lib import views

# Roles and second factors have pages of their own; Django's and allauth's tables would only invite mistakes.
admin.site.unregister([Group, EmailAddress, Authenticator])
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's own way in for staff

ROOMS = [kam.users.urls, kam.integrations.urls, accounts.urls, scoring.urls, goals.urls, reports.urls]

api_urlpatterns = [
    path("", ApiRoot.as_view(), name="root"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    *[pattern for room in ROOMS for pattern in room.api_urlpatterns],
]

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("favicon.ico", views.favicon),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("sign-in/", include("allauth.urls")),
    path("api/v1/", include((api_urlpatterns, "api"))),
    re_path(r"^api/", views.nothing_here),
    *[pattern for room in ROOMS for pattern in room.urlpatterns],
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error
