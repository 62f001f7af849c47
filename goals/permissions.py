"""What a person may do with goals, plans and promises she sees. Routes state the roles."""

from kam.users.models import User
from kam.users.policy import LEADERS, MANAGERS, WORKERS


def can_edit_goals(user: User) -> bool:
    """Set goals, change targets, close them, write the plan."""
    return user.role in MANAGERS


def can_check_in(user: User) -> bool:
    """Type in values, tick milestones, log work, keep promises."""
    return user.role in WORKERS


def can_edit_rates(user: User) -> bool:
    return user.role in LEADERS
