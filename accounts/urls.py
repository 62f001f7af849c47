"""The API of this room, and its own pages; account list and account page compose rooms: reports/urls.py."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.api import accounts, contacts, imports, offerings, rates, sites, timeline, twins
from accounts.api import merges as merge_api
from accounts.api.facts import AccountFactsView
from accounts.views import accounts as pages
from accounts.views import imports as import_pages
from accounts.views import lines, merges, people, work
from accounts.views import offerings as offering_pages
from accounts.views import rates as rate_pages
from accounts.views import sites as site_pages

# Included by reports/urls.py in the namespace «accounts», beside the pages that compose rooms.
account_pages: list[URLPattern | URLResolver] = [
    path("new/", pages.account_create, name="create"),
    path("suggest/", pages.account_suggest, name="suggest"),
    path("<uuid:pk>/edit/", pages.account_edit, name="edit"),
    path("<uuid:pk>/archive/", pages.account_archive, name="archive"),
    path("<uuid:pk>/reactivate/", pages.account_reactivate, name="reactivate"),
    path("<uuid:pk>/delete/", pages.account_delete, name="delete"),
    path("<uuid:pk>/merge/", merges.account_merge, name="merge"),
    path("<uuid:pk>/apart/", merges.account_apart, name="apart"),
    path("merge/", merges.merge_pair, name="merge_pair"),
    path("merges/", merges.merge_list, name="merges"),
    path("merges/<uuid:pk>/", merges.merge_detail, name="merge_detail"),
    path("merges/<uuid:pk>/undo/", merges.merge_undo, name="merge_undo"),
    path("<uuid:pk>/handover/", people.handover, name="handover"),
    path("<uuid:pk>/team/", people.team, name="team"),
    path("<uuid:pk>/contacts/", people.contacts, name="contacts"),
    path("<uuid:pk>/contacts/new/", people.contact_create, name="contact_create"),
    path("contacts/<uuid:pk>/", people.contact_edit, name="contact_edit"),
    path("contacts/<uuid:pk>/delete/", people.contact_delete, name="contact_delete"),
    path("<uuid:pk>/timeline/", work.timeline, name="timeline"),
    path("<uuid:pk>/log/", work.log, name="log"),
    path("<uuid:pk>/tasks/new/", work.task_create, name="task_create"),
    path("tasks/<uuid:pk>/", work.task_edit, name="task_edit"),
    path("tasks/<uuid:pk>/complete/", work.task_complete, name="task_complete"),
    path("tasks/<uuid:pk>/reopen/", work.task_reopen, name="task_reopen"),
    path("<uuid:pk>/lines/", lines.account_lines, name="lines"),
    path("<uuid:pk>/lines.csv", lines.account_lines_csv, name="lines_csv"),
]

import_urls = [
    path("", import_pages.import_list, name="list"),
    path("new/", import_pages.import_create, name="create"),
    path("<uuid:pk>/", import_pages.import_detail, name="detail"),
    path("<uuid:pk>/columns/", import_pages.import_columns, name="columns"),
    path("<uuid:pk>/commit/", import_pages.import_commit, name="commit"),
    path("<uuid:pk>/matches/", import_pages.import_match, name="match"),
    path("<uuid:pk>/undo/", import_pages.import_undo, name="undo"),
    path("<uuid:pk>/errors/", import_pages.import_errors, name="errors"),
]

offering_urls = [
    path("", offering_pages.offering_list, name="list"),
    path("new/", offering_pages.offering_create, name="create"),
    path("<uuid:pk>/", offering_pages.offering_detail, name="detail"),
    path("<uuid:pk>/edit/", offering_pages.offering_edit, name="edit"),
    path("<uuid:pk>/delete/", offering_pages.offering_delete, name="delete"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("imports/", include((import_urls, "imports"))),
    path("offerings/", include((offering_urls, "offerings"))),
    path("settings/rates/", rate_pages.rate_list, name="rates"),
    path("settings/rates/<uuid:pk>/remove/", rate_pages.rate_remove, name="rate_remove"),
    path("settings/sites/", site_pages.site_list, name="own_sites"),
    path("settings/sites/<uuid:pk>/", site_pages.site_edit, name="own_site"),
    path("settings/sites/<uuid:pk>/delete/", site_pages.site_delete, name="own_site_delete"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/bulk/", accounts.AccountBulk.as_view(), name="accounts_bulk"),
    path(
        "accounts/by-external/<str:source>/<str:external_id>/",
        accounts.AccountByExternalId.as_view(),
        name="account_by_external_id",
    ),
    path("accounts/<uuid:pk>/", accounts.AccountDetail.as_view(), name="account"),
    path("accounts/<uuid:pk>/facts/", AccountFactsView.as_view(), name="account_facts"),
    path("accounts/<uuid:pk>/team/", accounts.AccountTeam.as_view(), name="account_team"),
    path("contacts/", contacts.ContactList.as_view(), name="contacts"),
    path("contacts/<uuid:pk>/", contacts.ContactDetail.as_view(), name="contact"),
    path("accounts/<uuid:pk>/twins/", twins.AccountTwins.as_view(), name="account_twins"),
    path("merges/", merge_api.MergeList.as_view(), name="merges"),
    path("merges/<uuid:pk>/", merge_api.MergeDetail.as_view(), name="merge"),
    path("merges/<uuid:pk>/undo/", merge_api.MergeUndo.as_view(), name="merge_undo"),
    path("imports/", imports.ImportList.as_view(), name="imports"),
    path("imports/<uuid:pk>/", imports.ImportDetail.as_view(), name="import"),
    path("imports/<uuid:pk>/commit/", imports.ImportCommit.as_view(), name="import_commit"),
    path("imports/<uuid:pk>/matches/", imports.ImportMatches.as_view(), name="import_matches"),
    path("imports/<uuid:pk>/undo/", imports.ImportUndo.as_view(), name="import_undo"),
    path("imports/<uuid:pk>/errors/", imports.ImportErrors.as_view(), name="import_errors"),
    path("offerings/", offerings.OfferingList.as_view(), name="offerings"),
    path("offerings/<uuid:pk>/", offerings.OfferingDetail.as_view(), name="offering"),
    path("offerings/<uuid:pk>/sales/", offerings.OfferingSalesView.as_view(), name="offering_sales"),
    path("currency-rates/", rates.CurrencyRateList.as_view(), name="currency_rates"),
    path("own-sites/", sites.OwnSiteList.as_view(), name="own_sites"),
    path("own-sites/<uuid:pk>/", sites.OwnSiteDetail.as_view(), name="own_site"),
    path("activities/", timeline.ActivityList.as_view(), name="activities"),
    path("tasks/", timeline.TaskList.as_view(), name="tasks"),
    path("tasks/<uuid:pk>/", timeline.TaskDetail.as_view(), name="task"),
    path("tasks/<uuid:pk>/complete/", timeline.TaskComplete.as_view(), name="task_complete"),
    path("tasks/<uuid:pk>/reopen/", timeline.TaskReopen.as_view(), name="task_reopen"),
]
