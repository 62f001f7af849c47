"""Who may do what in the scoring room; templates ask the same predicates to hide buttons."""

from kam.users.models import Role, User
from kam.users.policy import MANAGERS
from scoring.models import Scenario


def can_manage_models(user: User) -> bool:
    """Criteria, models and decisions are sales leadership's."""
    return user.is_active and user.role == Role.LEADER


def can_run(user: User) -> bool:
    """Runs and proposals are for those who plan: leaders and KAMs."""
    return user.is_active and user.role in (Role.LEADER, Role.KAM)


def can_rate(user: User) -> bool:
    """Everybody who works with accounts may say what they think of them."""
    return user.is_active and user.role != Role.VIEWER


def can_log_conversation(user: User) -> bool:
    """Who writes plans says what the customer was told."""
    return user.is_active and user.role in MANAGERS


def can_edit_scenario(user: User, scenario: Scenario) -> bool:
    """Who saved a scenario works on it, and leaders on all of them."""
    return can_manage_models(user) or (can_run(user) and scenario.created_by_id == user.pk)
