"""Pieces of pages that are drawn once: never stale, and never another reader's."""

from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from kam.lib.templatetags.drawn import forget_all

PIECE = '{% load drawn i18n %}{% drawn "piece" shown %}'


@pytest.fixture(autouse=True)
def nothing_drawn() -> None:
    forget_all()


def draw(source: str, **context: Any) -> str:
    return Template(PIECE + source + "{% enddrawn %}").render(Context(context))


def test_a_piece_is_drawn_once_for_what_it_shows():
    assert [draw("{{ word }}", shown=1, word=word) for word in ("first", "second")] == ["first", "first"]
    assert draw("{{ word }}", shown=2, word="third") == "third"


def test_without_a_part_of_the_key_it_is_drawn_anew():
    assert [draw("{{ word }}", shown=None, word=word) for word in ("first", "second")] == ["first", "second"]
    assert [draw("{{ word }}", word=word) for word in ("first", "second")] == ["first", "second"]


def test_every_language_and_time_zone_has_its_own():
    seen = []
    for language in ("de", "en"):
        with translation.override(language):
            seen.append(draw('{% translate "Sign out" %}', shown="words"))
    for zone in ("Europe/Berlin", "Asia/Tokyo"):
        with timezone.override(zone):
            seen.append(draw("{{ word }}", shown="times", word=zone))
    assert seen == ["Abmelden", "Sign out", "Europe/Berlin", "Asia/Tokyo"]


def test_each_reader_gets_her_own_token():
    for token in ("alices", "bobs"):
        assert f'value="{token}"' in draw("{% csrf_token %}", shown=1, csrf_token=token)


def test_the_address_is_filled_in_and_is_no_markup():
    assert draw("{{ this_page }}", shown=1, this_page="/a/") == "/a/"
    assert draw("{{ this_page }}", shown=1, this_page='/?q="><b>') == "/?q=&quot;&gt;&lt;b&gt;"


def test_what_is_kept_is_as_safe_as_what_was_drawn():
    assert [draw("{{ word }}", shown=1, word="<b>") for _time in range(2)] == ["&lt;b&gt;"] * 2
