"""The API of this room, and its own pages; account list and account page compose rooms: reports/urls.py."""

from django.urls import URLPattern, URLResolver, path

from accounts.api import accounts, contacts, imports, offerings, timeline

# Included by reports/urls.py in the namespace «accounts», beside the pages that compose rooms.
account_pages: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = []

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/bulk/", accounts.AccountBulk.as_view(), name="accounts_bulk"),
    path(
        "accounts/by-external/<str:source>/<str:external_id>/",
        accounts.AccountByExternalId.as_view(),
        name="account_by_external_id",
    ),
    path("accounts/<uuid:pk>/", accounts.AccountDetail.as_view(), name="account"),
    path("accounts/<uuid:pk>/team/", accounts.AccountTeam.as_view(), name="account_team"),
    path("contacts/", contacts.ContactList.as_view(), name="contacts"),
    path("contacts/<uuid:pk>/", contacts.ContactDetail.as_view(), name="contact"),
    path("imports/", imports.ImportList.as_view(), name="imports"),
    path("imports/<uuid:pk>/", imports.ImportDetail.as_view(), name="import"),
    path("imports/<uuid:pk>/commit/", imports.ImportCommit.as_view(), name="import_commit"),
    path("imports/<uuid:pk>/undo/", imports.ImportUndo.as_view(), name="import_undo"),
    path("imports/<uuid:pk>/errors/", imports.ImportErrors.as_view(), name="import_errors"),
    path("offerings/", offerings.OfferingList.as_view(), name="offerings"),
    path("offerings/<uuid:pk>/", offerings.OfferingDetail.as_view(), name="offering"),
    path("activities/", timeline.ActivityList.as_view(), name="activities"),
    path("tasks/", timeline.TaskList.as_view(), name="tasks"),
    path("tasks/<uuid:pk>/", timeline.TaskDetail.as_view(), name="task"),
    path("tasks/<uuid:pk>/complete/", timeline.TaskComplete.as_view(), name="task_complete"),
    path("tasks/<uuid:pk>/reopen/", timeline.TaskReopen.as_view(), name="task_reopen"),
]
