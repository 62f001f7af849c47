"""Addresses of pages in other rooms, and of what is shared with people outside."""

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def url(name: str, **arguments: Any) -> str:
    """Return the address of a page, or an empty text where the installation has no such page."""
    try:
        return reverse(name, kwargs=arguments or None)
    except NoReverseMatch:
        return ""


def address_of(token: str) -> str:
    """Return the whole address that somebody outside opens."""
    return f"{settings.BASE_URL}{reverse('shared', kwargs={'token': token})}"
