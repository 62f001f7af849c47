"""P16: what the embedded installation keeps in memory, idle, after its first request."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

from benchmarks.measure import Row, Size, benchmark


@benchmark("P16")
def embedded(size: Size) -> Iterator[Row]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
        environment = os.environ | {"KAM_DATA_DIR": folder, "DATABASE_URL": ""}
        command = [sys.executable, "manage.py", "start", "--port", port]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait(f"http://127.0.0.1:{port}/sign-in/login/")
            time.sleep(5)
            sizes = {pid: _private(pid) for pid in _family(process.pid)}
        finally:
            process.terminate()
            process.wait(timeout=30)
    yield Row("P16", "embedded mode, all processes, idle", sum(sizes.values()), "MB", limit=350)
    yield Row("P16", "  the largest process", max(sizes.values()), "MB", limit=150)


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            time.sleep(0.5)


def _family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(grandchild for child in children for grandchild in _family(int(child)))]


def _private(pid: int) -> float:
    """Return the proportional share of memory of a process in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
