"""Who may order which report; templates ask the same predicates."""

from typing import Any, cast

from kam.users.models import User
from kam.users.policy import LEADERS, MANAGERS


def can_report(user: User) -> bool:
    """Order and word reports on accounts one sees."""
    return user.role in MANAGERS


def can_report_on_portfolio(user: User) -> bool:
    return user.role in LEADERS


def caller(request: Any) -> User:
    """Return who is signed in; the route's policy has made sure that somebody is."""
    return cast(User, request.user)
