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


@pytest.mark.parametrize(("language", "word"), [("de", "Zeile"), ("en", "Row")])
def test_the_thread_speaks_the_callers_language(language: str, word: str) -> None:
    def words() -> Iterator[str]:
        yield gettext("Row")

    with translation.override(language), one_ahead(words()) as items:
        assert list(items) == [word]


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
    assert read == [0]
    assert "ahead_0" not in {thread.name for thread in threading.enumerate()}


def test_an_item_is_begun_when_its_time_has_come() -> None:
    begun = [threading.Event() for _ in range(3)]

    def numbers() -> Iterator[int]:
        for number, event in enumerate(begun):
            event.set()
            yield number

    with one_ahead(numbers()) as items:
        assert begun[0].wait(10)
        assert next(items) == 0
        assert not begun[1].is_set()
        items.begin_next()
        assert begun[1].wait(10)
        items.begin_next()
        assert not begun[2].is_set()
        assert list(items) == [1, 2]
