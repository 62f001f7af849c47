"""Every route of the installation with the policy it states."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from kam.users.policy import Policy

# Routes that need no policy of ours, by reason: a probe, a document without data, or an app with rules of its own.
OUTSIDE = {
    "healthz": "probe",
    "readyz": "probe",
    "api:schema": "the description of the API",
    "api:docs": "the description of the API",
}
FOREIGN_PREFIXES = ("admin/", "sign-in/", "favicon.ico", "^api/")


@dataclass(frozen=True)
class Route:
    """One address: its full name, the names of its arguments, its policy and its methods."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    policy: Policy | None
    methods: tuple[str, ...]
    is_api: bool

    def __str__(self) -> str:
        return self.name or self.pattern


def routes() -> list[Route]:
    """Return all routes, those of the admin panel and of allauth excepted."""
    return [
        route
        for route in _walk(get_resolver().url_patterns, "", ())
        if not route.pattern.startswith(FOREIGN_PREFIXES)
    ]


def _walk(patterns: list[Any], prefix: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, (*spaces, *filter(None, [pattern.namespace])))
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
            stated = getattr(cls or view, "policy", None)
            methods = stated.methods if stated and cls is None else _methods(cls)
            arguments = tuple(pattern.pattern.converters)
            name = ":".join([*spaces, pattern.name or ""])
            yield Route(name, path, arguments, stated, methods, path.startswith("api/"))


def _methods(cls: Any) -> tuple[str, ...]:
    if cls is None:
        return ()
    return tuple(
        m.upper() for m in cls.http_method_names if m not in ("options", "head", "trace") and hasattr(cls, m)
    )
