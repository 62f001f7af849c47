"""Failures that pass: the database or the broker is away, or too busy to answer."""

from django.db import InterfaceError, OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

OUTAGES = (OperationalError, InterfaceError, RedisConnectionError, RedisTimeoutError)
RETRY_SECONDS = "10"


def failed_status(error: BaseException | None) -> int:
    """Return 503 for what trying again may help, else 500."""
    return 503 if isinstance(error, OUTAGES) else 500
