"""A whole installation in a folder of its own, as a person starts it: web, worker and beat."""

import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Two installations at once on a slow machine: a fresh database and the demo company take minutes there.
PATIENCE = 300.0
DATABASE = "kam.sqlite3"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def migrated() -> Path:
    """Return a database without data, brought up to date once: doing so costs more than most tests."""
    place = Installation(Path(tempfile.mkdtemp(prefix="kam-migrated-")), from_nothing=True)
    atexit.register(shutil.rmtree, place.folder, ignore_errors=True)
    place.manage("migrate", "--verbosity", "0")
    return place.folder / DATABASE


class Installation:
    """``manage.py start`` in a folder of its own; ``from_nothing`` leaves even the database to it."""

    def __init__(self, folder: Path, *, from_nothing: bool = False, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        inherited = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")
        }
        self.environment = inherited | {"KAM_DATA_DIR": str(folder), "JOB_LEASE_SECONDS": "6"} | environment
        self.process: subprocess.Popen[bytes] | None = None
        database = folder / DATABASE
        if not (from_nothing or "DATABASE_URL" in environment or database.exists()):
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(migrated(), database)

    def manage(self, *arguments: str, send: str = "") -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, input=send, text=True,
            capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def start(self, *arguments: str) -> None:
        log = (self.folder / "log.txt").open("ab")
        command = [sys.executable, "manage.py", "start", "--port", str(self.port), *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        wait_for(lambda: self._answers("/readyz"), "the installation is ready")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)

    def _answers(self, path: str) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(self.base + path, timeout=3) as answer:
            return bool(answer.status == 200)
        return False

    def children(self) -> dict[str, int]:
        """Return the process ids of web, worker and beat."""
        assert self.process is not None
        found = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        names = {"kam.lib.serving": "web", " worker": "worker", " beat": "beat"}
        pairs = (line.strip().split(" ", 1) for line in found.stdout.splitlines())
        return {name: int(pid) for pid, args in pairs for mark, name in names.items() if mark in args}

    def kill(self, name: str) -> None:
        """kill -9 a child with everything below it."""
        pid = self.children()[name]
        subprocess.run(["pkill", "-9", "-P", str(pid)], check=False)
        os.kill(pid, signal.SIGKILL)

    def get(self, path: str, key: str) -> Any:
        request = urllib.request.Request(self.base + path, headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


def wait_for(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.2)


@contextlib.contextmanager
def running(
    folder: Path, *arguments: str, from_nothing: bool = False, **environment: str
) -> Iterator[Installation]:
    """Start an installation and end it, whatever happens."""
    installation = Installation(folder, from_nothing=from_nothing, **environment)
    try:
        installation.start(*arguments)
        yield installation
    finally:
        installation.stop()
