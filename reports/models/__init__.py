"""The tables of this room, one file a topic."""

from reports.models.report import Report
from reports.models.schedule import DeliveredReport, ReportDelivery, ReportSchedule
from reports.models.share import ShareLink, ShareOpening

__all__ = [
    "DeliveredReport",
    "Report",
    "ReportDelivery",
    "ReportSchedule",
    "ShareLink",
    "ShareOpening",
]
