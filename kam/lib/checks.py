"""System checks for what would fail only under load or behind a proxy."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


def sqlite_options(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """SQLite without IMMEDIATE transactions fails concurrent writers by the hundred."""
    bad = [
        name
        for name, database in settings.DATABASES.items()
        if database["ENGINE"].endswith("sqlite3")
        and database.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
    ]
    return [
        Error(f"SQLite database {name!r} needs transaction_mode IMMEDIATE.", id="kam.E001") for name in bad
    ]


def https_behind_proxy(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """HTTPS is ended by the proxy, so its headers must be trusted, or all users share one rate limit."""
    if settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return [Warning("KAM_BASE_URL is https but TRUSTED_PROXY_COUNT is 0.", id="kam.W002")]
    return []


def one_cache_for_all(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Without Redis each web process keeps sessions and counters to itself: a sign-out would hold in one of them."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") and not settings.REDIS_URL:
        text = "DATABASE_URL is set and REDIS_URL is not: sign-outs and rate limits hold in one web process only."
        return [Warning(text, id="kam.W003")]
    return []


def register_all() -> None:
    register(sqlite_options, Tags.database)
    register(https_behind_proxy, Tags.security, deploy=True)
    register(one_cache_for_all, Tags.security, deploy=True)
