"""The suite runs on what it was told to run on, however it was started."""

import os
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.db import connection

from kam.celery import app
from kam.lib import checks


def test_the_database_is_the_one_that_was_named():
    named = os.environ.get("TEST_DATABASE_URL", "sqlite:")
    assert connection.vendor == ("postgresql" if named.startswith("postgres") else "sqlite")


def test_the_broker_is_the_one_that_was_named():
    assert app.conf.broker_url.startswith(os.environ.get("TEST_REDIS_URL", "filesystem:"))


def test_nothing_is_written_beside_the_code():
    assert not Path(settings.DATA_DIR).is_relative_to(settings.BASE_DIR)


def test_a_database_server_without_redis_is_warned_of(monkeypatch):
    production = SimpleNamespace(
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql"}}, REDIS_URL=""
    )
    monkeypatch.setattr(checks, "settings", production)
    assert [found.id for found in checks.one_cache_for_all()] == ["kam.W003"]
    production.REDIS_URL = "redis://localhost/0"
    assert checks.one_cache_for_all() == []
