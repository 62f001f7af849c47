"""What settings.py needs before Django runs: the data folder, the secret key, the SQLite options."""

import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;"
    ),
}


def data_directory(path: str) -> Path:
    """Create the data folder with rights for its owner only."""
    folder = Path(path).expanduser().resolve()
    for name in ("", "files", "uploads", "outbox", "broker", "cache"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(env: Any, data_dir: Path) -> str:
    """Return SECRET_KEY, or the key that embedded mode keeps in its data folder.

    Raises ImproperlyConfigured when a production database is named without a key: two web servers
    that each invent their own would sign each other's users out.
    """
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    if env.str("DATABASE_URL", default="").startswith(("postgres", "pgsql")):
        raise ImproperlyConfigured("Set SECRET_KEY: an installation with DATABASE_URL does not invent one.")
    file = data_dir / "secret_key"
    if not file.exists():
        fresh = file.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            file.hardlink_to(fresh)  # whoever is first wins; two processes never see two keys
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text()


def sqlite_database(name: str | Path) -> dict[str, Any]:
    """Return a DATABASES entry with the options that concurrent writers need."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": dict(SQLITE_OPTIONS)}
