"""What every page knows about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kam.users.models import Organisation

THEMES = ("system", "light", "dark")


def installation(request: HttpRequest) -> dict[str, Any]:
    """Return organisation, demo mark, theme, own address and version (one query, and only when a page asks for it)."""
    cookie = request.COOKIES.get("theme", "")
    theme = cookie if cookie in THEMES else getattr(getattr(request, "user", None), "theme", "system")

    def organisation() -> Organisation:
        if not hasattr(request, "_organisation"):
            request._organisation = Organisation.current()  # type: ignore[attr-defined]  # kept on the request for its time
        return request._organisation  # type: ignore[attr-defined,no-any-return]  # kept on the request for its time

    return {
        "organisation": organisation,
        "theme": theme,
        "this_page": request.get_full_path(),
        "version": settings.VERSION,
        "admin_path": settings.ADMIN_PATH,
    }
