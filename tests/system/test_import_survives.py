"""kill -9 of web, worker and broker during an import loses nothing and doubles nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.orders import leader_key, state, stored_lines, upload, write_orders
from tests.running import Installation, running, wait_for

LINES = 40_000


@pytest.fixture(scope="module")
def orders(tmp_path_factory) -> Path:
    return write_orders(tmp_path_factory.mktemp("orders") / "orders.csv", LINES)


def kill_broker(system: Installation) -> None:
    """The broker of embedded mode is a folder of messages."""
    shutil.rmtree(system.folder / "broker")
    (system.folder / "broker").mkdir()


@pytest.mark.parametrize("victim", ["web", "worker", "broker"])
def test_an_import_comes_to_its_end_exactly_once(tmp_path, orders, victim) -> None:
    with running(tmp_path) as system:
        key = leader_key(system)
        job = upload(system, key, orders)
        wait_for(lambda: state(system, key, job)["progress"] > 5, "the import is under way")
        kill_broker(system) if victim == "broker" else system.kill(victim)
        wait_for(lambda: state(system, key, job)["state"] in ("succeeded", "failed"), "the import ends", 240)
        ended = state(system, key, job)
        assert (ended["state"], ended["result"]["rows"], ended["result"]["rejected"]) == (
            "succeeded",
            LINES,
            0,
        )
        assert stored_lines(system) == LINES
        system.manage("verify_rollups")  # fails when they differ


def test_a_second_start_goes_on_with_what_the_first_left(tmp_path, orders) -> None:
    with running(tmp_path) as system:
        key = leader_key(system)
        job = upload(system, key, orders)
        wait_for(lambda: state(system, key, job)["progress"] > 5, "the import is under way")
        subprocess.run(["pkill", "-9", "-P", str(system.process.pid)], check=False)
    with running(tmp_path) as system:
        wait_for(lambda: state(system, key, job)["state"] == "succeeded", "the import ends", 240)
        assert stored_lines(system) == LINES
