"""The pages and the API of this room, and the pages of accounts, which compose rooms."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.urls import account_pages
from reports.api import deliveries as delivery_api
from reports.api import reports as report_api
from reports.api import schedules as schedule_api
from reports.api import sharing as sharing_api
from reports.api import wording as wording_api
from reports.api.matrix import MatrixView
from reports.api.portfolio import ConcentrationView
from reports.api.today import Today
from reports.views import accounts, present, reports, schedules, sharing
from reports.views.compose import report_compose
from reports.views.demo import demo_remove
from reports.views.leadership import leadership
from reports.views.matrix import portfolio_matrix_page
from reports.views.portfolio import portfolio
from reports.views.public import shared_pdf, shared_report
from reports.views.search import search_page
from reports.views.today import today

report_pages: list[URLPattern | URLResolver] = [
    path("", reports.report_list, name="list"),
    path("new/", reports.report_create, name="create"),
    path("compose/", report_compose, name="compose"),
    path("<uuid:pk>/", reports.report_detail, name="detail"),
    path("<uuid:pk>/sharing/", sharing.report_share, name="share"),
    path("<uuid:pk>/approval/", sharing.report_approve, name="approve"),
    path("schedules/", schedules.schedule_list, name="schedules"),
    path("schedules/<uuid:pk>/", schedules.schedule_change, name="schedule"),
    path("links/<uuid:pk>/revoke/", sharing.link_revoke, name="link_revoke"),
    path("<uuid:pk>/messages/", reports.report_word, name="word"),
    path("<uuid:pk>/skip/", reports.report_skip, name="skip"),
    path("deliveries/<uuid:pk>/mail/", schedules.copy_mail, name="copy_mail"),
    path("<uuid:pk>/pdf/", reports.report_pdf, name="pdf"),
    path("<uuid:pk>/xlsx/", reports.report_xlsx, name="xlsx"),
    path("<uuid:pk>/pptx/", reports.report_pptx, name="pptx"),
    path("<uuid:pk>/present/", present.report_present, name="present"),
    path("<uuid:pk>/present/notes/", present.report_notes, name="notes"),
]

account_urls = [
    path("", accounts.account_list, name="list"),
    path("<uuid:pk>/", accounts.account_detail, name="detail"),
    path("export.csv", accounts.account_export, {"kind": "csv"}, name="export_csv"),
    path("export.xlsx", accounts.account_export, {"kind": "xlsx"}, name="export_xlsx"),
    *account_pages,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today, name="today"),
    path("search/", search_page, name="search"),
    path("accounts/", include((account_urls, "accounts"))),
    path("portfolio/", portfolio, name="portfolio"),
    path("portfolio/leadership/", leadership, name="portfolio_leadership"),
    path("portfolio/matrix/", portfolio_matrix_page, name="portfolio_matrix"),
    path("reports/", include((report_pages, "reports"))),
    path("r/<str:token>/", shared_report, name="shared"),
    path("r/<str:token>/pdf/", shared_pdf, name="shared_pdf"),
    path("settings/company/demo/remove/", demo_remove, name="demo_remove"),
]
api_urlpatterns: list[URLPattern] = [
    path("today/", Today.as_view(), name="today"),
    path("portfolio/concentration/", ConcentrationView.as_view(), name="concentration"),
    path("portfolio/matrix/", MatrixView.as_view(), name="portfolio_matrix"),
    path("portfolio/leadership/", wording_api.Leadership.as_view(), name="leadership"),
    path("report-templates/", wording_api.ReportTemplates.as_view(), name="report_templates"),
    path("report-deliveries/", delivery_api.DeliveryList.as_view(), name="report_deliveries"),
    path("report-deliveries/<uuid:pk>/mail/", delivery_api.DeliveryMail.as_view(), name="delivery_mail"),
    path("reports/preview/", wording_api.ReportPreview.as_view(), name="report_preview"),
    path("reports/<uuid:pk>/messages/", wording_api.ReportMessages.as_view(), name="report_messages"),
    path("reports/", report_api.ReportList.as_view(), name="reports"),
    path("reports/<uuid:pk>/", report_api.ReportDetail.as_view(), name="report"),
    path("reports/<uuid:pk>/approval/", sharing_api.ReportApproval.as_view(), name="report_approval"),
    path("reports/<uuid:pk>/links/", sharing_api.ShareLinks.as_view(), name="share_links"),
    path("report-schedules/", schedule_api.ScheduleList.as_view(), name="report_schedules"),
    path("report-schedules/<uuid:pk>/", schedule_api.ScheduleDetail.as_view(), name="report_schedule"),
    path("share-links/<uuid:pk>/", sharing_api.ShareLinkDetail.as_view(), name="share_link"),
    path("reports/<uuid:pk>/skip/", report_api.ReportSkip.as_view(), name="report_skip"),
    path("reports/<uuid:pk>/pdf/", report_api.ReportPdf.as_view(), name="report_pdf"),
    path("reports/<uuid:pk>/xlsx/", report_api.ReportXlsx.as_view(), name="report_xlsx"),
    path("reports/<uuid:pk>/pptx/", report_api.ReportPptx.as_view(), name="report_pptx"),
]
