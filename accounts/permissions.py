"""What a person may do with an account she sees. Routes state the roles; templates hide what they refuse."""

from typing import Any, cast

from kam.users.models import Role, User
from kam.users.policy import IMPORTERS, LEADERS, MANAGERS, WORKERS

EDITORS = MANAGERS | {Role.OPERATIONS}
CATALOGUE = IMPORTERS


def can_edit_account(user: User) -> bool:
    """Create, change, archive and delete accounts."""
    return user.role in EDITORS


def can_assign(user: User) -> bool:
    """Say who looks after an account: a permission of its own, because it decides who sees what."""
    return user.role in MANAGERS


def can_work(user: User) -> bool:
    """Write to the timeline, keep contacts and tasks."""
    return user.role in WORKERS


def can_edit_offerings(user: User) -> bool:
    return user.role in CATALOGUE


def can_import(user: User) -> bool:
    """Bring in files of accounts and sales."""
    return user.role in IMPORTERS


def can_decide(user: User) -> bool:
    """Approve or decline key accounts."""
    return user.role in LEADERS


def caller(request: Any) -> User:
    """Return who is signed in; the route's policy has made sure that somebody is."""
    return cast(User, request.user)
