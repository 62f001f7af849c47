"""Files on their way in: Django removes each when its request ends, unless the web process is killed before."""

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

A_DAY = 24 * 3600


def clear_abandoned() -> None:
    """Remove what has lain for a day: no request lasts that long."""
    for file in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        with suppress(FileNotFoundError):  # its request ended just now
            if time.time() - file.stat().st_mtime > A_DAY:
                file.unlink()
