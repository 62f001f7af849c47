"""The one-time link with which an empty installation's first leader is created."""

import hmac
import secrets
from pathlib import Path

from django.conf import settings

from kam.users.models import User


def _file() -> Path:
    return Path(settings.DATA_DIR) / "setup-token"


def setup_link() -> str:
    """Return the path of the first-visit wizard, making its token on first use; empty once anybody exists."""
    if User.objects.exists():
        return ""
    if not _file().exists():
        _file().touch(mode=0o600)
        _file().write_text(secrets.token_urlsafe(24))
    return f"/setup/{_file().read_text()}/"


def is_valid(token: str) -> bool:
    """Say whether the token opens the wizard: it is the stored one and nobody has used it."""
    return (
        _file().exists()
        and not User.objects.exists()
        and hmac.compare_digest(_file().read_bytes(), token.encode())
    )


def close() -> None:
    """End the link's life."""
    _file().unlink(missing_ok=True)
