"""Work that runs one step ahead of whoever takes its results."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context, copy_context
from typing import Any, TypeVar

Item = TypeVar("Item")
_END: Any = object()


@contextmanager
def one_ahead(items: Iterator[Item]) -> Iterator[Iterator[Item]]:
    """Yield the items in their order, while a thread works out the next one.

    ``items`` must not touch the database, whose connection belongs to the caller's thread; it has the caller's
    language. What it raises comes when its item is asked for. After the block nothing works on it any more.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as thread:
        yield _taken(items, thread, copy_context())


def _taken(items: Iterator[Item], thread: ThreadPoolExecutor, context: Context) -> Iterator[Item]:
    def step() -> Item:
        return next(items, _END)

    coming = thread.submit(context.run, step)
    while (item := coming.result()) is not _END:
        coming = thread.submit(context.run, step)
        yield item
