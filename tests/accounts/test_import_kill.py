"""kill -9 in the middle of an import, and of its undo: nothing is lost, nothing stands twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from kam.integrations.models import Job

ROOT = Path(settings.BASE_DIR)
ORDERS, LINES = 3000, 20
COUNT = """
import json
from accounts.models import *
from accounts.rollup import verify_rollups
from kam.integrations.models import ImportedRow
print(json.dumps([SalesLine.objects.count(), str(sum(SalesLine.objects.values_list("amount", flat=True))),
    Account.objects.count(), Offering.objects.count(), SalesOrder.objects.count(), len(verify_rollups()),
    Activity.objects.count()]))
"""
RESUME = """
import json
from kam.integrations import jobs
from kam.integrations.models import Job
jobs.recover_all()
job = jobs.run(Job.objects.order_by("-created_at").first().pk)
print(json.dumps([job.state, job.result]))
"""


class Installation:
    """Another process's view of a database: the tests' PostgreSQL, or a SQLite file of its own."""

    def __init__(self, folder: Path) -> None:
        self.env = {**os.environ, "KAM_DATA_DIR": str(folder), "SECRET_KEY": "only-for-tests"}
        if connection.vendor == "postgresql":
            known = connection.settings_dict
            place = f"{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"
            self.env["DATABASE_URL"] = f"postgres://{known['USER']}:{known['PASSWORD']}@{place}"
        else:
            self.env.pop("DATABASE_URL", None)
            self.manage("migrate", "-v0")
            self.file = folder / "kam.sqlite3"

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            self._line(*arguments), env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def ask(self, script: str) -> Any:
        return json.loads(self.manage("shell", "-v0", "--no-imports", "-c", script).strip().splitlines()[-1])

    def kill_when(self, kind: str, *arguments: str) -> dict[str, Any]:
        """Start a command and kill -9 it once its job has stored a place; return the job's payload."""
        running = subprocess.Popen(
            self._line(*arguments), env=self.env, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
        )
        found, cursor, payload = "", {}, {}
        while not (found == kind and cursor):
            assert running.poll() is None, "the command was over before it could be killed"
            time.sleep(0.01)
            found, cursor, payload = self._last_job()
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return payload

    def _last_job(self) -> tuple[str, Any, Any]:
        if connection.vendor == "postgresql":
            job = Job.objects.order_by("-created_at").first()
            return (job.kind, job.cursor, job.payload) if job else ("", {}, {})
        with closing(sqlite3.connect(self.file, timeout=20)) as database:
            statement = "SELECT kind, cursor, payload FROM integrations_job ORDER BY created_at DESC LIMIT 1"
            row = database.execute(statement).fetchone()
        return (row[0], json.loads(row[1]), json.loads(row[2])) if row else ("", {}, {})

    @staticmethod
    def _line(*arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]


def write_file(path: Path) -> None:
    with path.open("w") as stream:
        stream.write("order,date,account,product,quantity,unit_price\n")
        for order in range(ORDERS):
            for line in range(LINES):
                stream.write(f"O{order},2026-03-{order % 28 + 1:02},C{order},P{line},{line + 1},2.5\n")


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_and_a_killed_undo_go_on_where_they_stopped(tmp_path: Path) -> None:
    place, file = Installation(tmp_path / "data"), tmp_path / "sales.csv"
    before = place.ask(COUNT)
    write_file(file)

    batch = place.kill_when("accounts.commit_import", "import_sales", str(file), "--source", "kill")["batch"]
    assert 0 < place.ask(COUNT)[0] < ORDERS * LINES
    state, result = place.ask(RESUME)
    assert (state, result["new"], result["accounts_created"]) == ("succeeded", ORDERS * LINES, ORDERS)
    total = f"{ORDERS * sum(range(1, LINES + 1)) * 2.5:.4f}"
    assert place.ask(COUNT) == [ORDERS * LINES, total, ORDERS, LINES, ORDERS, 0, before[6] + 1]

    place.kill_when("accounts.undo_import", "undo_import", batch)
    state, result = place.ask(RESUME)
    assert (state, result["lines_removed"], result["accounts_removed"]) == (
        "succeeded",
        ORDERS * LINES,
        ORDERS,
    )
    assert place.ask(COUNT)[:6] == before[:6]
