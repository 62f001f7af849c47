"""The tables of this room, one file a topic."""

from reports.models.report import Report

__all__ = ["Report"]
