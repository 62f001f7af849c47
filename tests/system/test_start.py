"""One command starts everything, Ctrl-C ends everything, the next start goes on."""

import json
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest
from django.core.management import CommandError, call_command

from tests.running import Installation, running, wait_for


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    with running(tmp_path_factory.mktemp("kam"), from_nothing=True) as started:
        yield started


def alive(pid: int) -> bool:
    return subprocess.run(["ps", "-p", str(pid)], capture_output=True, check=False).returncode == 0


def test_it_starts_web_worker_and_beat(installation: Installation) -> None:
    assert set(installation.children()) == {"web", "worker", "beat"}


def test_it_prints_a_one_time_link_while_nobody_can_sign_in(installation: Installation) -> None:
    assert f"{installation.base}/setup/" in (installation.folder / "log.txt").read_text()


@pytest.mark.parametrize("length", [2 * 1024**3, 512 * 1024**2 + 1])
def test_a_body_too_large_is_refused_at_its_head_in_the_callers_language(
    installation: Installation, length: int
) -> None:
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=30)
    connection.putrequest("POST", "/api/v1/imports/")
    connection.putheader("Accept-Language", "de")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/problem+json")
    assert json.load(answer)["detail"] == "Die Anfrage ist größer als 512 MB."


@pytest.mark.parametrize("child", ["web", "worker", "beat"])
def test_a_killed_child_is_started_again(installation: Installation, child: str) -> None:
    before = installation.children()[child]
    installation.kill(child)
    wait_for(lambda: installation.children().get(child, before) != before, f"{child} is back")


def test_ctrl_c_ends_all_children(tmp_path) -> None:
    with running(tmp_path) as installation:
        pids = list(installation.children().values())
    assert [pid for pid in pids if alive(pid)] == []


def test_children_end_when_the_parent_is_killed(tmp_path) -> None:
    installation = Installation(tmp_path)
    installation.start()
    pids = list(installation.children().values())
    installation.stop(signal.SIGKILL)
    wait_for(lambda: not any(alive(pid) for pid in pids), "the children are gone")


def test_a_taken_port_is_refused_before_anything_is_written() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Auf 127.0.0.1:{port} lässt sich nicht lauschen"):
            call_command("start", port=port)


def test_a_database_that_is_not_there_is_named_without_a_traceback(tmp_path) -> None:
    with socket.socket() as closed:  # bound, but nobody listens
        closed.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{closed.getsockname()[1]}/nobody"
        environment = os.environ | {
            "DATABASE_URL": f"postgres://kam:kam@{place}",
            "SECRET_KEY": "x" * 50,
            "KAM_DATA_DIR": str(tmp_path),
        }
        command = [sys.executable, "manage.py", "start", "--port", "0"]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
