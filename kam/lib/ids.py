"""Time-ordered public ids."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """Return a UUID version 7 (RFC 9562, 5.7): milliseconds, a counter, random bits.

    Ids from one process are strictly increasing, so they can serve as the last position of a cursor.
    """
    global _last
    with _lock:
        now = time.time_ns() // 1_000_000 << 12
        _last = max(now, _last + 1)
        moment = _last
    random = int.from_bytes(os.urandom(8), "big") & (1 << 62) - 1
    return uuid.UUID(int=(moment >> 12) << 80 | 7 << 76 | (moment & 0xFFF) << 64 | 2 << 62 | random)
