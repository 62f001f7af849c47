"""API keys: ``Authorization: Bearer kam_<prefix>_<secret>``."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from kam.integrations.models import ApiKey
from kam.users.middleware import speak_to
from kam.users.models import User


def new_secret() -> tuple[str, str, str]:
    """Return (key as shown once, prefix, SHA-256 of the key). 256 random bits need no slow hash."""
    prefix = secrets.token_hex(4)
    key = f"kam_{prefix}_{secrets.token_urlsafe(32)}"
    return key, prefix, hash_key(key)


def hash_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyAuthentication(BaseAuthentication):
    """Find the key by its prefix and compare its hash in constant time."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Send one key: Authorization: Bearer KEY."), code="bad_key")
        text = parts[1].decode("ascii", "replace")
        key = self._find(text)
        if key is None or not key.is_usable():
            raise AuthenticationFailed(_("This API key is unknown, expired or revoked."), code="bad_key")
        self._note_use(key)
        speak_to(key.owner, request._request)
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="kam"'

    @staticmethod
    def _find(text: str) -> ApiKey | None:
        pieces = text.split("_", 2)
        if len(pieces) != 3 or pieces[0] != "kam" or len(pieces[1]) != 8:
            return None
        key = ApiKey.objects.select_related("owner").filter(prefix=pieces[1]).first()
        return key if key and hmac.compare_digest(key.secret_hash, hash_key(text)) else None

    @staticmethod
    def _note_use(key: ApiKey) -> None:
        now = timezone.now()
        if key.last_used_at is None or now - key.last_used_at > timedelta(minutes=5):  # not a write a request
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """Describes the key in the OpenAPI document."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "kam_<prefix>_<secret>"}
