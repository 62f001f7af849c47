"""The cast and the switches that every test may ask for.

Alice manages the account, Bob is on her team, Charlie must see nothing, Dana leads sales, Rita only looks.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

# A slow machine is no failure: properties are about results, benchmarks about time.
hypothesis_settings.register_profile("kam", deadline=None)
hypothesis_settings.load_profile("kam")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    for cache in settings.CACHES.values():  # processes that test side by side share one Redis
        cache["KEY_PREFIX"] = f"kam-tests-{os.getpid()}-{cache.get('KEY_PREFIX', '')}"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_counters(settings: Any, tmp_path: Any) -> Iterator[None]:
    """No test sees another's language, time zone, rate limits, cached charts, drawn pieces or files."""
    from django.core.cache import caches
    from django.utils import timezone, translation

    from kam.lib.templatetags.drawn import forget_all as forget_drawn

    settings.MEDIA_ROOT = tmp_path / "files"
    for name in ("default", "counters"):
        forget(caches[name])
    forget_drawn()
    translation.deactivate()
    timezone.deactivate()
    yield
    if os.environ.get("TEST_REDIS_URL"):  # nothing stays behind for the next run
        for name in ("default", "counters"):
            forget(caches[name])


def forget(cache: Any) -> None:
    """Empty a cache, but never another process's: on Redis, clear() would empty the whole database."""
    from django.core.cache.backends.redis import RedisCache

    if not isinstance(cache, RedisCache):
        cache.clear()
        return
    redis = cache._cache.get_client(write=True)
    if keys := list(redis.scan_iter(f"{cache.key_prefix}:*")):
        redis.delete(*keys)


@pytest.fixture
def team(db: None) -> Any:
    from tests.factories import make_team

    return make_team(name="Key accounts south")


@pytest.fixture
def alice(team: Any) -> Any:
    from tests.factories import make_user

    user = make_user("Alice Amann", "kam", email="alice@example.com")
    team.members.add(user)
    return user


@pytest.fixture
def bob(team: Any) -> Any:
    from tests.factories import make_user

    user = make_user("Bob Berger", "account_manager", email="bob@example.com")
    team.members.add(user)
    return user


@pytest.fixture
def charlie(db: None) -> Any:
    from tests.factories import make_user

    return make_user("Charlie Conrad", "kam", email="charlie@example.com")


@pytest.fixture
def dana(db: None) -> Any:
    from tests.factories import make_user

    return make_user("Dana Dorn", "leader", email="dana@example.com")


@pytest.fixture
def rita(db: None) -> Any:
    from tests.factories import make_user

    return make_user("Rita Ruhl", "viewer", email="rita@example.com")


@pytest.fixture
def account(alice: Any, team: Any) -> Any:
    from tests.factories import make_account

    return make_account(
        "Müller Maschinenbau GmbH", owner=alice, team=team, domain="mueller.example", city="Köln"
    )


@pytest.fixture
def sign_in(client: Any, settings: Any) -> Callable[[Any], Any]:
    """Return a browser that is signed in as somebody; staff have given their second factor."""

    def as_person(user: Any) -> Any:
        client.force_login(user)
        session = client.session
        session["second_factor"] = True
        session.save()
        return client

    return as_person


@pytest.fixture
def api(db: None) -> Callable[[Any], Any]:
    """Return an API client with a key of somebody's own."""
    from rest_framework.test import APIClient

    from kam.integrations.actions import create_api_key

    def of(user: Any, scopes: tuple[str, ...] = ("all",)) -> APIClient:
        _key, secret = create_api_key(user, name="test", scopes=list(scopes), by=user)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return of


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name in one line what did not run, and why."""
    reasons = {
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
    }
    if "TEST_DATABASE_URL" not in os.environ:
        reasons.add("PostgreSQL (TEST_DATABASE_URL is not set)")
    if "TEST_REDIS_URL" not in os.environ:
        reasons.add("Redis (TEST_REDIS_URL is not set)")
    if reasons:
        terminalreporter.write_line("Did not run: " + "; ".join(sorted(reasons)))
