"""With Redis as the broker: jobs run through it, and a Redis that forgets everything costs time, not work."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.orders import leader_key, state, stored_lines, upload, write_orders
from tests.running import Installation, running, wait_for

REDIS_URL = os.environ.get("TEST_REDIS_URL", "")
pytestmark = [
    pytest.mark.redis,
    pytest.mark.skipif(not REDIS_URL, reason="Redis (TEST_REDIS_URL is not set)"),
]
LINES = 20_000


@contextmanager
def throw_away_database() -> Iterator[dict[str, str]]:
    """Create a PostgreSQL database and drop it at the end; without TEST_DATABASE_URL, SQLite is it."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    import psycopg2

    name = f"test_kam_redis_{secrets.token_hex(4)}"
    with closing(psycopg2.connect(urlsplit(url)._replace(path="/postgres").geturl())) as server:
        server.autocommit = True
        server.cursor().execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        finally:
            server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def system(tmp_path_factory) -> Iterator[Installation]:
    forget_everything()  # what an earlier run left in the queue
    environment = {"REDIS_URL": REDIS_URL, "SECRET_KEY": secrets.token_urlsafe(64)}
    with throw_away_database() as database:
        with running(tmp_path_factory.mktemp("kam"), **environment, **database) as installation:
            yield installation
        forget_everything()


@pytest.fixture(scope="module")
def key(system) -> str:
    return leader_key(system)


@pytest.fixture
def orders(tmp_path) -> Path:
    return write_orders(tmp_path / "orders.csv", LINES)


def forget_everything() -> None:
    """Delete all that an installation keeps in Redis, as FLUSHDB would; the other tests keep what is theirs."""
    from redis import Redis

    with Redis.from_url(REDIS_URL) as redis:
        names = [n for n in redis.scan_iter("kam[:-]*") if not n.startswith(b"kam-tests-")]
        if names:
            redis.delete(*names)


def ends(system: Installation, key: str, job: str) -> dict:
    wait_for(lambda: state(system, key, job)["state"] in ("succeeded", "failed"), "the import ends")
    return state(system, key, job)


def test_a_job_runs_through_redis_and_not_through_files(system, key, tmp_path) -> None:
    job = upload(system, key, write_orders(tmp_path / "few.csv", 40))
    assert ends(system, key, job)["state"] == "succeeded"
    assert list((system.folder / "broker").iterdir()) == []


@pytest.mark.parametrize("worker", ["lives", "is killed"])
def test_an_import_comes_to_its_end_exactly_once_when_redis_forgets_everything(
    system, key, orders, worker
) -> None:
    job = upload(system, key, orders)
    wait_for(lambda: state(system, key, job)["progress"] > 5, "the import is under way")
    forget_everything()
    if worker == "is killed":
        system.kill("worker")
    ended = ends(system, key, job)
    assert (ended["state"], ended["result"]["rows"], ended["result"]["rejected"]) == ("succeeded", LINES, 0)
    assert stored_lines(system) == LINES


def test_new_work_goes_through_after_redis_forgot_everything(system, key, tmp_path) -> None:
    forget_everything()
    job = upload(system, key, write_orders(tmp_path / "few.csv", 40))
    assert ends(system, key, job)["state"] == "succeeded"
