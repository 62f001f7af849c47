"""The switches of the suite, set before Django reads its settings: pytest loads this module as its first plugin.

The suite never touches a real installation's folder, and never a server that happens to run: PostgreSQL and Redis
are used only when TEST_DATABASE_URL and TEST_REDIS_URL name them.
"""

import os
import shutil
import tempfile

for name in ("DATABASE_URL", "REDIS_URL", "KAM_BASE_URL", "EMAIL_URL"):
    os.environ.pop(name, None)
DATA_DIR = os.environ["KAM_DATA_DIR"] = tempfile.mkdtemp(prefix="kam-tests-")
if url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("SECRET_KEY", "only-for-tests")
if url := os.environ.get("TEST_REDIS_URL"):
    os.environ["REDIS_URL"] = url


def pytest_unconfigure() -> None:
    """Leave nothing behind; every worker of pytest-xdist has a folder of its own."""
    shutil.rmtree(DATA_DIR, ignore_errors=True)
