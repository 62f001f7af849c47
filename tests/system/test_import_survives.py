"""kill -9 of web, worker and broker during an import loses nothing and doubles nothing."""

import contextlib
import json
import shutil
import subprocess
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

from tests.running import Installation, running, wait_for

LINES = 40_000
COLUMNS = {
    "order": "Order",
    "date": "Date",
    "account": "Customer",
    "offering": "Article",
    "quantity": "Qty",
    "unit_price": "Price",
}


@pytest.fixture(scope="module")
def orders(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("orders") / "orders.csv"
    rows = (
        f"O{n // 4},2026-0{n % 9 + 1}-1{n % 9},C{n % 500},A{n % 40},{n % 7 + 1},{n % 90 + 1}.25"
        for n in range(LINES)
    )
    file.write_text("\n".join(["Order,Date,Customer,Article,Qty,Price", *rows]))
    return file


@pytest.fixture
def system(tmp_path):
    with running(tmp_path) as installation:
        installation.manage(
            "create_user",
            "dana@example.com",
            "--role",
            "leader",
            "--password-stdin",
            send="correct horse 12\n",
        )
        yield installation


def upload(system: Installation, key: str, file: Path) -> dict:
    """POST the file as a browser's form would."""
    mark = uuid.uuid4().hex
    fields = {"kind": "sales", "source": "erp", "options": json.dumps({"date_order": "ymd"})}
    fields |= {f"map.{name}": column for name, column in COLUMNS.items()}
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in fields.items()
    ]
    disposition = 'Content-Disposition: form-data; name="file"; filename="orders.csv"'
    head = f"--{mark}\r\n{disposition}\r\nContent-Type: text/csv\r\n\r\n"
    body = b"".join([*parts, head.encode(), file.read_bytes(), f"\r\n--{mark}--\r\n".encode()])
    headers = {"Authorization": f"Bearer {key}", "Content-Type": f"multipart/form-data; boundary={mark}"}
    request = urllib.request.Request(f"{system.base}/api/v1/imports/", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def state(system: Installation, key: str, job: str) -> dict:
    with contextlib.suppress(OSError, urllib.error.URLError):
        return system.get(f"/api/v1/jobs/{job}/", key)
    return {"state": "unreachable", "progress": 0}


def kill_broker(system: Installation) -> None:
    """The broker of embedded mode is a folder of messages."""
    shutil.rmtree(system.folder / "broker")
    (system.folder / "broker").mkdir()


@pytest.mark.parametrize("victim", ["web", "worker", "broker"])
def test_an_import_comes_to_its_end_exactly_once(system, orders, victim) -> None:
    key = system.manage("create_api_key", "dana@example.com", "--scopes", "all").strip()
    job = upload(system, key, orders)["job"]
    wait_for(lambda: state(system, key, job)["progress"] > 5, "the import is under way")
    kill_broker(system) if victim == "broker" else system.kill(victim)
    wait_for(lambda: state(system, key, job)["state"] in ("succeeded", "failed"), "the import ends", 240)
    ended = state(system, key, job)
    assert (ended["state"], ended["result"]["rows"], ended["result"]["rejected"]) == ("succeeded", LINES, 0)
    assert stored_lines(system) == LINES
    assert "equal" in system.manage("verify_rollups")


def stored_lines(system: Installation) -> int:
    code = "from accounts.models import SalesLine; print('lines', SalesLine.objects.count())"
    return int(system.manage("shell", "-c", code).rsplit("lines ", 1)[1])


def test_a_second_start_goes_on_with_what_the_first_left(tmp_path, orders) -> None:
    with running(tmp_path) as system:
        system.manage(
            "create_user",
            "dana@example.com",
            "--role",
            "leader",
            "--password-stdin",
            send="correct horse 12\n",
        )
        key = system.manage("create_api_key", "dana@example.com", "--scopes", "all").strip()
        job = upload(system, key, orders)["job"]
        wait_for(lambda: state(system, key, job)["progress"] > 5, "the import is under way")
        subprocess.run(["pkill", "-9", "-P", str(system.process.pid)], check=False)
    with running(tmp_path) as system:
        wait_for(lambda: state(system, key, job)["state"] == "succeeded", "the import ends", 240)
        assert stored_lines(system) == LINES
