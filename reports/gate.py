"""The door of the public page: finding a link by its secret, its password, and how often anybody may try."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from kam.lib.errors import DomainError
from kam.lib.limits import hits
from reports.models import ShareLink
from reports.models.share import hash_token

OPENINGS_A_MINUTE = 60
TRIES, TRIES_IN = 5, 15 * 60
# However many addresses somebody has: after so many tries in an hour nobody gets to try this link.
TRIES_OF_ALL, TRIES_OF_ALL_IN = 50, 3600
UNLOCKED_FOR = 8 * 3600
SALT = "reports.gate"


def find_link(token: str) -> ShareLink | None:
    """Return the link of a token while it opens something; unknown, expired and revoked are all nothing."""
    if len(token) > 64:
        return None
    live = ShareLink.objects.live(timezone.now()).select_related("report__account", "created_by")
    found: ShareLink | None = live.filter(token_hash=hash_token(token)).first()
    return found


def too_many(request: HttpRequest) -> int:
    """Count a request to public pages; return the seconds to wait when there were too many, or 0."""
    used, left = hits(f"public:{_visitor(request)}", 60)
    return int(left) + 1 if used > OPENINGS_A_MINUTE else 0


def try_password(request: HttpRequest, link: ShareLink, password: str) -> bool:
    """Say whether the password opens the link. Raises DomainError after too many tries."""
    tries = (
        (f"share:{link.pk}:{_visitor(request)}", TRIES, TRIES_IN),
        (f"share:{link.pk}", TRIES_OF_ALL, TRIES_OF_ALL_IN),
    )
    for key, most, window in tries:
        used, left = hits(key, window)
        if used > most:
            message = gettext_noop("Too many tries. Try again in %(minutes)s minutes.")
            raise DomainError("too_many_tries", message, {"minutes": int(left // 60) + 1})
    return check_password(password[:200], link.password_hash)


def is_open(request: HttpRequest, link: ShareLink) -> bool:
    """Say whether the visitor may read: the link has no password, or this browser has given it."""
    if not link.has_password:
        return True
    given = request.get_signed_cookie(_cookie(link), default="", salt=SALT, max_age=UNLOCKED_FOR)
    return bool(given) and given == _proof(link)


def unlock(response: HttpResponse, link: ShareLink, path: str) -> None:
    """Let this browser in for eight hours, on this link's address alone."""
    options: dict[str, Any] = {"max_age": UNLOCKED_FOR, "path": path, "httponly": True, "samesite": "Lax"}
    response.set_signed_cookie(_cookie(link), _proof(link), salt=SALT, secure=settings.HTTPS, **options)


def _proof(link: ShareLink) -> str:
    """A changed password closes the doors that the old one opened."""
    return salted_hmac(SALT, f"{link.pk}:{link.password_hash}").hexdigest()


def _cookie(link: ShareLink) -> str:
    return f"report-{link.pk.hex[-12:]}"


def _visitor(request: HttpRequest) -> str:
    """A short-lived mark of the address for counting; it is neither reversible without the key nor stored."""
    address = get_adapter().get_client_ip(request)
    return salted_hmac("reports.visitor", str(address)).hexdigest()[:24]
