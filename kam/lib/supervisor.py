"""Runs the processes of embedded mode together: one dies, it is started again; the parent dies, all end.

Standard library only: the command that prepared the database replaces itself by this module, so that no copy of
Django stays in memory just to watch the others.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

PR_SET_PDEATHSIG = 1
PATIENCE = 20.0  # seconds a child gets to finish after SIGTERM
HEALTHY = 30.0  # seconds after which a start counts as good and the back-off begins anew


def _die_with_parent() -> None:
    """Ask Linux to end the child when the parent is gone, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    wait_until: float = field(default=0.0)

    def start(self) -> None:
        self.started = time.monotonic()
        # Its own session: Ctrl-C reaches the supervisor alone, which then ends the children in order.
        self.process = subprocess.Popen(
            self.command,
            preexec_fn=_die_with_parent,
            start_new_session=True,
        )

    def note_death(self) -> None:
        self.failures = 0 if time.monotonic() - self.started > HEALTHY else self.failures + 1
        self.wait_until = time.monotonic() + min(2.0**self.failures, 30.0)
        self.process = None


def replace_process(commands: Mapping[str, list[str]], environment: Mapping[str, str]) -> NoReturn:
    """Turn this process into the supervisor of ``commands`` (name: argument list)."""
    os.execve(
        sys.executable,
        [sys.executable, "-m", "kam.lib.supervisor", json.dumps(dict(commands))],
        dict(environment),
    )


def supervise(children: list[Child]) -> None:
    """Run the children until SIGINT or SIGTERM, then end them all; returns when the last one is gone."""
    over = False

    def stop(signum: int, frame: object) -> None:
        nonlocal over
        over = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not over:
        for child in children:
            if child.process is None and time.monotonic() >= child.wait_until:
                child.start()
            elif child.process is not None and child.process.poll() is not None:
                sys.stderr.write(
                    f"{child.name} ended with {child.process.returncode} and is started again.\n"
                )
                child.note_death()
        time.sleep(0.3)
    _end(children)


def _end(children: list[Child]) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    supervise([Child(name, command) for name, command in json.loads(sys.argv[1]).items()])
