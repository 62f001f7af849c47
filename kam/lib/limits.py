"""Counting what happens too often, in fixed windows in the ``counters`` cache."""

import time

from django.core.cache import caches


def hits(key: str, window: int) -> tuple[int, float]:
    """Count one more hit of ``key``; return how many there were in this window and the seconds it still lasts."""
    now = time.time()
    name = f"{key}:{int(now // window)}"
    cache = caches["counters"]
    cache.add(name, 0, window * 2)
    try:
        used = cache.incr(name)
    except ValueError:  # the entry fell out of the cache between the two calls
        used = 1
    return used, window - now % window
