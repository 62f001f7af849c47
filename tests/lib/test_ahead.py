"""A thread that works one step ahead: the order stays, and so does whose language it is and when an error comes."""

import threading
from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.translation import gettext

from kam.lib.ahead import one_ahead


def test_items_come_in_their_order_from_another_thread() -> None:
    threads = set()

    def numbers() -> Iterator[int]:
        for number in range(5):
            threads.add(threading.get_ident())
            yield number

    with one_ahead(numbers()) as items:
        assert list(items) == [0, 1, 2, 3, 4]
    assert threading.get_ident() not in threads


def test_the_thread_speaks_the_callers_language() -> None:
    def words() -> Iterator[str]:
        yield gettext("Row")

    with translation.override("de"), one_ahead(words()) as items:
        assert list(items) == ["Zeile"]


def test_what_goes_wrong_comes_after_what_was_read_before_it() -> None:
    def numbers() -> Iterator[int]:
        yield 1
        raise LookupError

    with one_ahead(numbers()) as items:
        assert next(items) == 1
        with pytest.raises(LookupError):
            next(items)


def test_nothing_goes_on_after_whoever_takes_the_items_has_failed() -> None:
    read = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number

    with pytest.raises(LookupError), one_ahead(numbers()) as items:
        next(items)
        raise LookupError
    assert read in ([0], [0, 1])
    assert "ahead_0" not in {thread.name for thread in threading.enumerate()}
