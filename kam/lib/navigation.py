"""The rail: which rooms a person is offered, and which one the page belongs to."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext, gettext_noop

Entry = tuple[str, str, str]

# name of the URL, label, icon; the order of the rail
WORK: tuple[Entry, ...] = (
    ("today", gettext_noop("Today"), "today"),
    ("accounts:list", gettext_noop("Accounts"), "accounts"),
    ("portfolio", gettext_noop("Portfolio"), "portfolio"),
    ("offerings:list", gettext_noop("Offerings"), "table"),
    ("imports:list", gettext_noop("Imports"), "upl"),
)
PROGRAM: tuple[Entry, ...] = (
    ("scoring:home", gettext_noop("Scoring"), "score"),
    ("goals:list", gettext_noop("Goals"), "goal"),
    ("reports:list", gettext_noop("Reports"), "report"),
    ("jobs:list", gettext_noop("Jobs"), "job"),
)
SETTINGS: tuple[Entry, ...] = (("settings", gettext_noop("Settings"), "gear"),)
ADMIN: tuple[Entry, ...] = (("admin:index", gettext_noop("Administration"), "lock"),)
# What the palette offers to begin.
CREATE: tuple[Entry, ...] = (
    ("accounts:create", gettext_noop("Create account"), "plus"),
    ("imports:create", gettext_noop("Import a file"), "upl"),
    ("goals:create", gettext_noop("Set a goal"), "plus"),
)
# Pages about an account that have an address of their own.
ABOUT_ACCOUNTS = ("/plan-entries/", "/plan-settings/", "/decisions/", "/metrics/", "/activities/")
PHONE = ("today", "accounts:list", "portfolio", "scoring:home")


@dataclass(frozen=True)
class Navigation:
    """The rail's groups; two that are equal look the same in one language."""

    section: tuple[str, ...]
    role: str
    is_staff: bool
    user: Any = field(compare=False)

    @classmethod
    def of(cls, user: Any, path: str) -> "Navigation":
        """Return the navigation of a person on the page at ``path``."""
        section = tuple(name for name, url in _addresses().items() if _leads_to(url, path))
        if path.startswith(ABOUT_ACCOUNTS):
            section = ("accounts:list",)
        role = user.role if user and user.is_authenticated else ""
        return cls(section, role, bool(getattr(user, "is_staff", False)), user)

    @cached_property
    def work(self) -> list[dict[str, Any]]:
        return self._items(WORK)

    @cached_property
    def program(self) -> list[dict[str, Any]]:
        return self._items(PROGRAM)

    @cached_property
    def foot(self) -> list[dict[str, Any]]:
        return self._items(SETTINGS + ADMIN if self.is_staff else SETTINGS)

    @cached_property
    def commands(self) -> list[dict[str, Any]]:
        """What the palette offers: to go where the rail leads, and to begin something."""
        return [*self.work, *self.program, *self.foot, *self._items(CREATE)]

    @cached_property
    def phone(self) -> list[dict[str, Any]]:
        return [item for item in self.work + self.program if item["name"] in PHONE]

    def _items(self, entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
        items = []
        for name, label, icon in entries:
            url = _addresses().get(name, "")
            if url and not _refused(url, self.user):
                current = name in self.section
                items.append(
                    {"name": name, "url": url, "label": gettext(label), "icon": icon, "current": current}
                )
        return items


@lru_cache(maxsize=1)
def _addresses() -> dict[str, str]:
    """Return the address of each entry whose page exists."""
    found = {}
    for name, _label, _icon in (*WORK, *PROGRAM, *SETTINGS, *ADMIN, *CREATE):
        try:
            found[name] = reverse(name)
        except NoReverseMatch:
            continue
    return found


def _leads_to(url: str, path: str) -> bool:
    return path == url or (len(url) > 1 and path.startswith(url))


@lru_cache(maxsize=50)
def _policy(url: str) -> Any:
    return getattr(resolve(url).func, "policy", None)


def _refused(url: str, user: Any) -> bool:
    """Say whether the page's own policy turns this person away: then the rail does not offer it."""
    stated = _policy(url)
    return bool(stated and user and user.is_authenticated and not stated.allows(user, "GET"))
