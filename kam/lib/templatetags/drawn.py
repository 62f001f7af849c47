"""Pieces of pages that are drawn once and shown to everybody for whom they look the same: ``{% load drawn %}``.

A piece lives as long as the process and is kept under a key that names all it shows, so it is never stale:
what changes has another key. Language and time zone are part of every key.
"""

import secrets
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from kam.lib.looks import looks

register = template.Library()

KEPT = 4000
# What belongs to one request alone is filled in afterwards; nobody outside the process can guess the places.
PLACES = {name: f"{name}-{secrets.token_hex(16)}" for name in ("csrf_token", "this_page")}


@lru_cache(maxsize=KEPT)
def _piece(key: tuple[Any, ...]) -> list[Any]:
    """Return the place of a piece: empty until it is drawn, then its text and the names to fill in."""
    return []


forget_all = _piece.cache_clear


class DrawnNode(template.Node):
    def __init__(self, name: str, shown: list[FilterExpression], nodelist: NodeList) -> None:
        self.name, self.shown, self.nodelist = name, shown, nodelist

    def render(self, context: template.Context) -> SafeString:
        shown = [part.resolve(context, ignore_failures=True) for part in self.shown]
        if None in shown or settings.DEBUG:
            return self.nodelist.render(context)
        piece = _piece((self.name, get_language(), get_current_timezone_name(), *shown))
        if not piece:
            with context.push(**PLACES):
                text = self.nodelist.render(context)
            piece[:] = [text, [name for name, place in PLACES.items() if place in text]]
        text, names = piece
        for name in names:
            text = text.replace(PLACES[name], escape(context.get(name, "")))
        return mark_safe(text)  # noqa: S308 - what a template has drawn, and an escaped value


@register.filter(name="looks")
def looks_of(value: Any) -> Any:
    """Return what a row, a list or nothing looks like."""
    return () if value is None else looks(value)


@register.tag
def drawn(parser: Parser, token: Token) -> DrawnNode:
    """``{% drawn "name" shown … %}…{% enddrawn %}``: keep the piece under all that it shows beside fixed words.

    Where a part of the key is None or missing the piece is drawn anew. Parts are compared by value: rows, which
    are equal whatever they say, and lists go through ``|looks``.
    """
    _tag, name, *shown = token.split_contents()
    nodelist = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return DrawnNode(name, [parser.compile_filter(part) for part in shown], nodelist)
