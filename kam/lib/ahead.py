"""Work that runs one step ahead of whoever takes its results."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from django.utils.translation import get_language, override

Item = TypeVar("Item")
_END: Any = object()


class Ahead(Iterator[Item], Generic[Item]):
    """Items in their order, each worked out by a thread from ``begin_next`` on, at the latest when it is asked for.

    Only one of the two threads can run Python: the time to begin is before a long wait for the database.
    """

    def __init__(self, items: Iterator[Item], thread: ThreadPoolExecutor) -> None:
        self._items, self._thread, self._language = items, thread, get_language()
        self._coming: Future[Item] | None = None
        self.begin_next()

    def __next__(self) -> Item:
        item = self.begin_next().result()
        self._coming = None
        if item is _END:
            raise StopIteration
        return item

    def begin_next(self) -> Future[Item]:
        """Begin with the item that is asked for next; a second call changes nothing."""
        if self._coming is None:
            self._coming = self._thread.submit(self._work_out)
        return self._coming

    def _work_out(self) -> Item:
        with override(self._language):
            return next(self._items, _END)


@contextmanager
def one_ahead(items: Iterator[Item]) -> Iterator[Ahead[Item]]:
    """Yield the items in their order, while a thread works out the next one.

    ``items`` must not touch the database, whose connection belongs to the caller's thread; it has the caller's
    language. What it raises comes when its item is asked for. After the block nothing works on it any more.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as thread:
        yield Ahead(items, thread)
