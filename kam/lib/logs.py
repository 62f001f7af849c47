"""Structured logs: one JSON line an event, with the request's id and without secrets."""

import logging
import re
from typing import Any

import structlog

# Keys, what follows the name of a secret, and addresses that open something: first visit, shared report, new password.
SECRET = re.compile(
    r"(kam_[0-9a-f]{8}_)[\w-]+|((?:password|secret|token|authorization|cookie)\"?\s*[:=]\s*)\S+"
    r"|(/(?:setup|r|reset/key)/)[\w-]+",
    re.I,
)


def _mask(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = SECRET.sub(lambda m: m[m.lastindex or 0] + "…", value)
    return event


def _name_request(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Name the request of a line that Django writes after the middleware, which knew its id, has returned."""
    if found := getattr(getattr(event.get("_record"), "request", None), "id", None):
        event.setdefault("request_id", found)
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    _name_request,
    structlog.stdlib.ExtraAdder(["method", "path", "status", "seconds", "request_id"]),
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _mask,
]


def formatter() -> logging.Formatter:
    """Return the formatter for the standard library's handlers (named in settings.LOGGING)."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )


def configure() -> None:
    """Send structlog's events through the standard library's handlers."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
