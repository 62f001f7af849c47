"""Files on their way in: Django removes each when its request ends, unless the web process is killed before."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_noop

from kam.lib.errors import InvalidInput

A_DAY = 24 * 3600
TOO_LARGE = gettext_noop("The file is larger than %(limit)s MB.")


class Bounded(File):  # type: ignore[type-arg]  # the class takes no argument when the code runs
    """A file that may not say its size, like a pipe or a device; reading it past the limit raises InvalidInput."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        taken = 0
        for chunk in super().chunks(chunk_size):
            taken += len(chunk)
            refuse_larger(taken)
            yield chunk


def refuse_larger(size: int) -> None:
    """Raise InvalidInput for more bytes than an upload may have."""
    if size > settings.MAX_UPLOAD_SIZE:
        limit = {"limit": settings.MAX_UPLOAD_SIZE // 1024 // 1024}
        raise InvalidInput("file_too_large", TOO_LARGE, limit, "file")


def clear_abandoned() -> None:
    """Remove what has lain for a day: no request lasts that long."""
    for file in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        with suppress(FileNotFoundError):  # its request ended just now
            if time.time() - file.stat().st_mtime > A_DAY:
                file.unlink()
