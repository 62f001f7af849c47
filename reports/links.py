"""Addresses of pages in other rooms."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def url(name: str, **arguments: Any) -> str:
    """Return the address of a page, or an empty text where the installation has no such page."""
    try:
        return reverse(name, kwargs=arguments or None)
    except NoReverseMatch:
        return ""
