"""Creating and revoking API keys."""

from datetime import timedelta

import structlog
from django.utils import timezone
from django.utils.translation import gettext_noop

from kam.integrations.authentication import new_secret
from kam.integrations.models import ApiKey
from kam.lib.errors import InvalidInput
from kam.users.models import User

log = structlog.get_logger("kam.security")
RESOURCES = ("accounts", "sales", "scoring", "goals", "reports", "jobs", "users")
SCOPES = ("all", *(f"{resource}:{verb}" for resource in RESOURCES for verb in ("read", "write")))
DEFAULT_DAYS, MAX_DAYS = 90, 365


def create_api_key(
    owner: User, *, name: str, scopes: list[str], by: User | None, days: int = DEFAULT_DAYS
) -> tuple[ApiKey, str]:
    """Create a key and return it with its secret, which is shown this once and stored nowhere.

    Raises InvalidInput for unknown scopes or a life outside 1 to 365 days.
    """
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise InvalidInput(
            "unknown_scope", gettext_noop("There is no scope “%(scope)s”."), {"scope": unknown[0]}, "scopes"
        )
    if not scopes:
        raise InvalidInput("no_scope", gettext_noop("Choose at least one scope."), field="scopes")
    if not 1 <= days <= MAX_DAYS:
        raise InvalidInput(
            "bad_life", gettext_noop("A key lives 1 to %(max)s days."), {"max": MAX_DAYS}, "days"
        )
    secret, prefix, secret_hash = new_secret()
    key = ApiKey.objects.create(
        name=name[:80],
        owner=owner,
        prefix=prefix,
        secret_hash=secret_hash,
        scopes=scopes,
        expires_at=timezone.now() + timedelta(days=days),
    )
    log.info(
        "api_key_created", key=str(key.pk), owner=str(owner.pk), scopes=scopes, by=str(by.pk) if by else None
    )
    return key, secret


def revoke_api_key(key: ApiKey, *, by: User) -> ApiKey:
    """End a key's life; the next request with it is refused."""
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at", "updated_at"])
        log.info("api_key_revoked", key=str(key.pk), by=str(by.pk))
    return key
