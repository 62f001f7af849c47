"""A section that cannot be built names itself, so that a person can decide to do without it."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import DatabaseError
from django.utils.translation import gettext_noop

from kam.lib.errors import DomainError
from reports.templates import SECTIONS

T = TypeVar("T")
FAILED = "section_failed"
log = structlog.get_logger(__name__)


class SectionFailed(DomainError):
    """One section could not be built; nothing of the report was written."""

    def __init__(self, section: str) -> None:
        message = gettext_noop(
            "The section “%(name)s” could not be built; the log has the details. Nothing was written: run it "
            "again, or build the report without this section."
        )
        super().__init__(FAILED, message, {"name": str(SECTIONS.get(section, section)), "section": section})


def attempt(section: str, build: Callable[[], T]) -> T:
    """Return what ``build`` returns; whatever goes wrong in it is the section's. The database's trouble is not."""
    try:
        return build()
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("section_failed", section=section)
        raise SectionFailed(section) from error
